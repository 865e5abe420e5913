SELECT COUNT(*) AS `rows`, COUNT(`removed`) AS `tombstones`, MAX(`position`) AS `folded`
FROM `my-project.shop.my_app_orders_snapshot_20261122t093000z1f3a`;
