SELECT `key`, `digest`, TO_JSON_STRING(`item`) AS `item`
FROM `my-project.shop.my_app_orders_latest`
WHERE `key` IN UNNEST(@keys);
