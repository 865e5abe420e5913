CREATE OR REPLACE VIEW `my-project.shop.my_app_orders_latest`
OPTIONS (description = 'Current state.') AS
SELECT `key`, `item`, `digest`, `position`, `changed_at`, CAST(NULL AS STRING) AS `snapshot_id`
FROM (
  SELECT `key`, `item`, `digest`, `position`, `changed_at`, `removed`,
    ROW_NUMBER() OVER (
      PARTITION BY `key`
      ORDER BY `position` DESC NULLS LAST, `ingested_at` DESC NULLS LAST, `digest` DESC NULLS LAST
    ) AS `recency`
  FROM (
    SELECT `key`, `new_image` AS `item`, `digest`, `position`, `changed_at`,
      `ingested_at`, `operation` = 'REMOVE' AS `removed`
    FROM `my-project.shop.my_app_orders_changelog`
    WHERE `generation` = 1
  ) AS `candidates`
) AS `ranked`
WHERE `recency` = 1 AND NOT `removed`;
