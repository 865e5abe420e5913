SELECT "shape", COUNT(*) AS "items"
FROM (
  SELECT SUBSTR(regexp_replace(CAST("item" AS VARCHAR), '("(?:[^"\\]|\\.)*":)|"(?:[^"\\]|\\.)*"|[^{}\[\]"]+', '\1', 'g'), 1, 20000) AS "shape"
  FROM "my_app_orders_latest" AS "sampled"
) AS "shapes"
GROUP BY "shape"
ORDER BY "items" DESC, "shape"
LIMIT 1000;

SELECT "shape", COUNT(*) AS "items"
FROM (
  SELECT SUBSTR(regexp_replace(CAST("item" AS VARCHAR), '("(?:[^"\\]|\\.)*":)|"(?:[^"\\]|\\.)*"|[^{}\[\]"]+', '\1', 'g'), 1, 20000) AS "shape"
  FROM "my_app_orders_latest" AS "sampled"
  WHERE md5(CONCAT('shapes', "key")) < '028f5c28'
) AS "shapes"
GROUP BY "shape"
ORDER BY "items" DESC, "shape"
LIMIT 1000;
