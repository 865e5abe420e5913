SELECT COALESCE(`source_key`, `latest_key`) AS `key`, `finding`
FROM (
  SELECT `source`.`key` AS `source_key`, `latest`.`key` AS `latest_key`,
    CASE
      WHEN `latest`.`key` IS NULL THEN 'missing'
      WHEN `source`.`key` IS NULL THEN 'extra'
      WHEN `source`.`lowest` IS DISTINCT FROM `latest`.`digest` THEN 'different'
      WHEN `source`.`highest` IS DISTINCT FROM `latest`.`digest` THEN 'different'
    END AS `finding`
  FROM (
    SELECT `key`, MIN(`digest`) AS `lowest`, MAX(`digest`) AS `highest`
    FROM `my-project.shop.tailrace_compare_c1`
    GROUP BY `key`
  ) AS `source`
  LEFT JOIN `my-project.shop.my_app_orders_latest` AS `latest` ON `source`.`key` = `latest`.`key`
) AS `compared`
WHERE `finding` IS NOT NULL
ORDER BY `key`
LIMIT 100;
