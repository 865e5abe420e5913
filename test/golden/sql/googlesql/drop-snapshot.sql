DROP TABLE IF EXISTS `my-project.shop.my_app_orders_snapshot_20261122t093000z1f3a`;
