DROP TABLE IF EXISTS "my_app_orders_snapshot_20261122t093000z1f3a";
