SELECT COUNT(*) AS `items`
FROM `my-project.shop.my_app_orders_latest`;
