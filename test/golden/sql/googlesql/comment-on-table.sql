ALTER TABLE `my-project.shop.my_app_orders_changelog` SET OPTIONS (description = 'it\'s "quoted" `so` \\ and \\\' — é 😀\u000aand a second line; -- DROP TABLE x');
