SELECT `shape`, COUNT(*) AS `items`
FROM (
  SELECT SUBSTR(REGEXP_REPLACE(TO_JSON_STRING(`item`), '("(?:[^"\\\\]|\\\\.)*":)|"(?:[^"\\\\]|\\\\.)*"|[^{}\\[\\]"]+', '\\1'), 1, 20000) AS `shape`
  FROM `my-project.shop.my_app_orders_latest` AS `sampled`
) AS `shapes`
GROUP BY `shape`
ORDER BY `items` DESC, `shape`
LIMIT 1000;

SELECT `shape`, COUNT(*) AS `items`
FROM (
  SELECT SUBSTR(REGEXP_REPLACE(TO_JSON_STRING(`item`), '("(?:[^"\\\\]|\\\\.)*":)|"(?:[^"\\\\]|\\\\.)*"|[^{}\\[\\]"]+', '\\1'), 1, 20000) AS `shape`
  FROM `my-project.shop.my_app_orders_latest` AS `sampled`
  WHERE TO_HEX(MD5(CONCAT('shapes', `key`))) < '028f5c28'
) AS `shapes`
GROUP BY `shape`
ORDER BY `items` DESC, `shape`
LIMIT 1000;
