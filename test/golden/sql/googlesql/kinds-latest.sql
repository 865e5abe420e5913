CREATE OR REPLACE VIEW `my-project.shop.Shop_latest`
OPTIONS (description = 'Current state.') AS
SELECT `key`, `item`, `digest`, `position`, `changed_at`, `snapshot_id`
FROM `my-project.shop.Shop_state`;
