SELECT COUNT(*) AS "items"
FROM "my_app_orders_latest";
