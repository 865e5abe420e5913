CREATE OR REPLACE VIEW `my-project.shop.invoices`
OPTIONS (description = 'Typed.') AS
SELECT
  `PK_6e810269` AS `PK`,
  `SK_84ec6a57` AS `SK`,
  `total_18f57c40` AS `total`,
  `changed_at`,
  `position`
FROM `my-project.shop.Shop_state`
WHERE `is_8318f603`;
