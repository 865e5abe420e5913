SELECT `key`, TO_JSON_STRING(`item`) AS `item`
FROM `my-project.shop.my_app_orders_latest`
WHERE TO_HEX(MD5(CONCAT('', `key`))) < '028f5c28'
ORDER BY `key`
LIMIT 100;

SELECT `key`, TO_JSON_STRING(`item`) AS `item`
FROM `my-project.shop.my_app_orders_latest`
WHERE `key` > 'it\'s "quoted" `so` \\ and \\\' — é 😀\u000aand a second line; -- DROP TABLE x'
ORDER BY `key`
LIMIT 100;
