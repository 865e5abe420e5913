SELECT COUNT(`source_key`) AS `source`, COUNT(`latest_key`) AS `latest`,
  COUNT(`finding`) AS `differing`
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
    FROM `my-project.shop.my_app_orders_snapshot_20261122t093000z1f3a`
    GROUP BY `key`
  ) AS `source`
  FULL OUTER JOIN `my-project.shop.my_app_orders_latest` AS `latest` ON `source`.`key` = `latest`.`key`
) AS `compared`;
