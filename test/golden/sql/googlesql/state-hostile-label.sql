CREATE OR REPLACE VIEW `my-project.shop.my_app_orders_state`
OPTIONS (description = 'State.') AS
WITH `changed` AS (
  SELECT DISTINCT `key`
  FROM `my-project.shop.my_app_orders_changelog`
  WHERE `generation` = 2
    AND `ingested_at` >= TIMESTAMP '2026-11-22T07:25:00.123Z'
    AND `changed_at` >= TIMESTAMP '2026-11-22T09:25:00.123Z'
    AND `position` >= 'o\'label"\\`/'
),
`changes` AS (
  SELECT `key`, `new_image` AS `item`, `digest`, `position`, `changed_at`, `operation` = 'REMOVE' AS `removed`
  FROM `my-project.shop.my_app_orders_changelog`
  WHERE `generation` = 2
    AND `ingested_at` >= TIMESTAMP '2026-11-22T07:25:00.123Z'
    AND `changed_at` >= TIMESTAMP '2026-11-22T09:25:00.123Z'
    AND `position` >= 'o\'label"\\`/'
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
  '20261122t093000z1f3a' AS `snapshot_id`
FROM `changes`
WHERE NOT `changes`.`removed`
UNION ALL
SELECT
  `snapshot`.`key`,
  `snapshot`.`item`,
  `snapshot`.`digest`,
  CASE WHEN `snapshot`.`position` LIKE '%/%' THEN `snapshot`.`position` ELSE 'o\'label"\\`/000000000000' || `snapshot`.`position` END AS `position`,
  `snapshot`.`changed_at`,
  '20261122t093000z1f3a' AS `snapshot_id`
FROM `my-project.shop.my_app_orders_snapshot_20261122t093000z1f3a` AS `snapshot`
WHERE NOT EXISTS (SELECT 1 FROM `changed` WHERE `changed`.`key` = `snapshot`.`key`)
  AND `snapshot`.`removed` IS NOT TRUE;
