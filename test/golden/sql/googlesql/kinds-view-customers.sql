CREATE OR REPLACE VIEW `my-project.shop.customers`
OPTIONS (description = 'Typed.') AS
SELECT
  `PK_6e810269` AS `PK`,
  `SK_84ec6a57` AS `SK`,
  `email_870f42fd` AS `email`,
  `changed_at`,
  `position`
FROM `my-project.shop.Shop_state`
WHERE `is_2f6f4c69`
  AND `is_5bd8a13c`
  AND `is_9470c725`;
