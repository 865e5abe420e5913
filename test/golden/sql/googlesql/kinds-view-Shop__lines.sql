CREATE OR REPLACE VIEW `my-project.shop.Shop__lines`
OPTIONS (description = 'Typed.') AS
SELECT
  `items`.`PK_6e810269` AS `PK`,
  `items`.`SK_84ec6a57` AS `SK`,
  `element`.`sku_1a9da785` AS `sku`,
  `element`.`colours_9e423b17` AS `colours`,
  `place` AS `index`,
  `items`.`changed_at` AS `changed_at`,
  `items`.`position` AS `position`
FROM `my-project.shop.Shop_state` AS `items`, UNNEST(`items`.`lines_52964bc2`) AS `element` WITH OFFSET AS `place`;
