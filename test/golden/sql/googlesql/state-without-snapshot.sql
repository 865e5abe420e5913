CREATE OR REPLACE VIEW `my-project.shop.my_app_orders_state`
OPTIONS (description = 'State.') AS
WITH `changes` AS (
  SELECT `key`, `new_image` AS `item`, `digest`, `position`, `changed_at`, `operation` = 'REMOVE' AS `removed`
  FROM `my-project.shop.my_app_orders_changelog`
  WHERE `generation` = 1
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY `key` ORDER BY `position` DESC, `ingested_at` DESC, `digest` DESC NULLS LAST
  ) = 1
)
SELECT
  `changes`.`key`,
  `changes`.`item`,
  `changes`.`digest`,
  `changes`.`position`,
  `changes`.`changed_at`,
  CAST(NULL AS STRING) AS `snapshot_id`
FROM `changes`
WHERE NOT `changes`.`removed`;
