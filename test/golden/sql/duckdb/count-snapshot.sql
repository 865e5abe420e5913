SELECT COUNT(*) AS "rows", COUNT(DISTINCT "key") AS "keys"
FROM "my_app_orders_snapshot_20261122t093000z1f3a";
