SELECT "key", "digest", CAST("item" AS VARCHAR) AS "item"
FROM "my_app_orders_latest"
WHERE list_contains($keys, "key");
