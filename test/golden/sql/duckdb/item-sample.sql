SELECT "key", CAST("item" AS VARCHAR) AS "item"
FROM "my_app_orders_latest"
WHERE md5(CONCAT('', "key")) < '028f5c28'
ORDER BY "key"
LIMIT 100;

SELECT "key", CAST("item" AS VARCHAR) AS "item"
FROM "my_app_orders_latest"
WHERE "key" > 'it''s "quoted" `so` \ and \'' — é 😀
and a second line; -- DROP TABLE x'
ORDER BY "key"
LIMIT 100;
