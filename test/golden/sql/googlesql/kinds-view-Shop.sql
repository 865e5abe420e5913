CREATE OR REPLACE VIEW `my-project.shop.Shop`
OPTIONS (description = 'Typed.') AS
SELECT
  `PK_6e810269` AS `PK`,
  `created_6ebb93d4` AS `created`,
  `day_d10c5b58` AS `day`,
  `opened_80453ef6` AS `opened`,
  `device_60296240` AS `device`,
  `user_id_e03e203e` AS `user_id`,
  `tags_cd03b31f` AS `tags`,
  `skus_b345094f` AS `skus`,
  `changed_at`,
  `position`
FROM `my-project.shop.Shop_state`;
