CREATE OR REPLACE VIEW `my-project.shop.my_app_orders_latest`
OPTIONS (description = 'Current state.') AS
SELECT `key`, `item`, `digest`, `position`, `changed_at`, '20261122t093000z1f3a' AS `snapshot_id`
FROM (
  SELECT `key`, `item`, `digest`, `position`, `changed_at`, `removed`,
    ROW_NUMBER() OVER (
      PARTITION BY `key`
      ORDER BY `position` DESC NULLS LAST, `ingested_at` DESC NULLS LAST, `digest` DESC NULLS LAST
    ) AS `recency`
  FROM (
    SELECT `key`, `item`, `digest`, `position`, `changed_at`,
      CAST(NULL AS TIMESTAMP) AS `ingested_at`, COALESCE(`removed`, FALSE) AS `removed`
    FROM `my-project.shop.my_app_orders_snapshot_20261122t093000z1f3a`
    UNION ALL
    SELECT `key`, `new_image` AS `item`, `digest`, `position`, `changed_at`,
      `ingested_at`, `operation` = 'REMOVE' AS `removed`
    FROM `my-project.shop.my_app_orders_changelog`
    WHERE `generation` = 2
      AND `changed_at` >= TIMESTAMP '2026-11-22T09:25:00.123Z'
      AND `position` >= 'o\'label"\\`/'
  ) AS `candidates`
) AS `ranked`
WHERE `recency` = 1 AND NOT `removed`;
