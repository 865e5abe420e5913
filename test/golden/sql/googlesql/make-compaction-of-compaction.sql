CREATE TABLE IF NOT EXISTS `my-project.shop.my_app_orders_snapshot_20261126t030000z7d8e` (
  `key` STRING NOT NULL OPTIONS (description = 'Primary key: JSON array of the key attributes in order of their names.'),
  `item` JSON OPTIONS (description = 'The item. NULL only in a tombstone.'),
  `digest` STRING OPTIONS (description = 'First 128 bits of the SHA-256 of item as it was written, in hexadecimal.'),
  `position` STRING OPTIONS (description = 'Position of the change that made the item so; NULL when a scan read it. Where it has no /, it goes on after the label of the stream_arn in tailrace_snapshots, a / and twelve zeros.'),
  `changed_at` TIMESTAMP OPTIONS (description = 'When that change was made (UTC). NULL when a scan read it.'),
  `removed` BOOL OPTIONS (description = 'TRUE in a tombstone, the row of a removed item. Otherwise NULL.'),
  `id_76ca4880` STRING OPTIONS (description = 'STRING at ["id"] of the item.'),
  `quantity_468e2e45` INT64 OPTIONS (description = 'INT64 at ["lines",0,"quantity"] of the item.'),
  `rating_c076a680` FLOAT64 OPTIONS (description = 'FLOAT64 at ["rating"] of the item.'),
  `total_18f57c40` NUMERIC OPTIONS (description = 'NUMERIC at ["total"] of the item.'),
  `volume_b29f58d3` BIGNUMERIC OPTIONS (description = 'BIGNUMERIC at ["volume"] of the item.'),
  `paid_f9145bf0` BOOL OPTIONS (description = 'BOOL at ["paid"] of the item.'),
  `created_at_f2dd498a` TIMESTAMP OPTIONS (description = 'TIMESTAMP at ["createdAt"] of the item.'),
  `due_57c6d5b4` DATE OPTIONS (description = 'DATE at ["due"] of the item.'),
  `select_8449debf` JSON OPTIONS (description = 'JSON at ["it\'s \\"a.b\\" \\\\ `é`"] of the item.')
)
DEFAULT COLLATE ''
CLUSTER BY `key`
OPTIONS (description = 'Items of orders.', labels = [('tailrace', 'snapshot')]) AS
WITH `newest` AS (
  SELECT `key`, MAX(`position`) AS `position`
  FROM `my-project.shop.my_app_orders_changelog`
  WHERE `generation` = 2
    AND `ingested_at` >= TIMESTAMP '2026-11-25T01:00:00.000Z'
    AND `changed_at` >= TIMESTAMP '2026-11-22T09:25:00.123Z'
    AND `position` >= '2026-10-01T07:08:09.123/'
  GROUP BY `key`
),
`late` AS (
  SELECT `snapshot`.`key`
  FROM (
    SELECT `key`, CASE WHEN `position` LIKE '%/%' THEN `position` ELSE '2026-10-01T07:08:09.123/000000000000' || `position` END AS `position`
    FROM `my-project.shop.my_app_orders_snapshot_20261125t030000z5b6c`
    WHERE `key` IN (
      SELECT `newest`.`key`
      FROM `newest`
      WHERE `newest`.`position` <= '2026-10-01T07:08:09.123/0000000000000000000000000000000000000042'
    )
  ) AS `snapshot`
  JOIN `newest` ON `newest`.`key` = `snapshot`.`key`
  WHERE `snapshot`.`position` > `newest`.`position`
),
`changed` AS (
  SELECT `key`
  FROM `newest`
  WHERE NOT EXISTS (SELECT 1 FROM `late` WHERE `late`.`key` = `newest`.`key`)
),
`changes` AS (
  SELECT `key`, `item`, `digest`, `position`, `changed_at`, `removed`
  FROM (
    SELECT `key`, `new_image` AS `item`, `digest`, `position`, `changed_at`, `operation` = 'REMOVE' AS `removed`
    FROM `my-project.shop.my_app_orders_changelog`
    WHERE `generation` = 2
      AND `ingested_at` >= TIMESTAMP '2026-11-25T01:00:00.000Z'
      AND `changed_at` >= TIMESTAMP '2026-11-22T09:25:00.123Z'
      AND `position` >= '2026-10-01T07:08:09.123/'
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY `key` ORDER BY `position` DESC, `ingested_at` DESC, `digest` DESC NULLS LAST
    ) = 1
  ) AS `ranked`
  WHERE NOT EXISTS (SELECT 1 FROM `late` WHERE `late`.`key` = `ranked`.`key`)
)
SELECT
  `read`.`key`,
  `read`.`item`,
  `read`.`digest`,
  `read`.`position`,
  `read`.`changed_at`,
  `read`.`removed`,
  CASE WHEN REGEXP_CONTAINS(`read`.`id_76ca4880`, '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(`read`.`id_76ca4880`, '"') THEN JSON_VALUE(`read`.`id_76ca4880`, '$') ELSE `read`.`id_76ca4880` END END AS `id_76ca4880`,
  CASE WHEN REGEXP_CONTAINS(`read`.`quantity_468e2e45`, '^"?(?:0|-?[1-9][0-9]{0,18})"?$') THEN SAFE_CAST(TRIM(`read`.`quantity_468e2e45`, '"') AS INT64) END AS `quantity_468e2e45`,
  CASE WHEN REGEXP_CONTAINS(`read`.`rating_c076a680`, '^"?-?(?:0|[1-9][0-9]{0,307})(?:[.][0-9]+)?"?$') THEN SAFE_CAST(TRIM(`read`.`rating_c076a680`, '"') AS FLOAT64) END AS `rating_c076a680`,
  CASE WHEN REGEXP_CONTAINS(`read`.`total_18f57c40`, '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN SAFE_CAST(TRIM(`read`.`total_18f57c40`, '"') AS NUMERIC) END AS `total_18f57c40`,
  CASE WHEN REGEXP_CONTAINS(`read`.`volume_b29f58d3`, '^"?-?(?:0|[1-9][0-9]{0,37})(?:[.][0-9]{1,38}0*)?"?$') THEN SAFE_CAST(TRIM(`read`.`volume_b29f58d3`, '"') AS BIGNUMERIC) END AS `volume_b29f58d3`,
  CASE WHEN REGEXP_CONTAINS(`read`.`paid_f9145bf0`, '^(?:true|false)$') THEN SAFE_CAST(TRIM(`read`.`paid_f9145bf0`, '"') AS BOOL) END AS `paid_f9145bf0`,
  CASE WHEN REGEXP_CONTAINS(`read`.`created_at_f2dd498a`, '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6}0*)?(?:Z| UTC|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"$') THEN SAFE_CAST(TRIM(`read`.`created_at_f2dd498a`, '"') AS TIMESTAMP) END AS `created_at_f2dd498a`,
  CASE WHEN REGEXP_CONTAINS(`read`.`due_57c6d5b4`, '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"$') THEN SAFE_CAST(TRIM(`read`.`due_57c6d5b4`, '"') AS DATE) END AS `due_57c6d5b4`,
  `read`.`select_8449debf`
FROM (
  SELECT
    `changes`.`key`,
    `changes`.`item`,
    `changes`.`digest`,
    CASE WHEN STARTS_WITH(`changes`.`position`, '2026-10-01T07:08:09.123/000000000000') THEN SUBSTR(`changes`.`position`, 37) ELSE `changes`.`position` END AS `position`,
    `changes`.`changed_at`,
    CASE WHEN `changes`.`removed` THEN TRUE END AS `removed`,
    TO_JSON_STRING(`changes`.`item`['id']) AS `id_76ca4880`,
    TO_JSON_STRING(`changes`.`item`['lines'][0]['quantity']) AS `quantity_468e2e45`,
    TO_JSON_STRING(`changes`.`item`['rating']) AS `rating_c076a680`,
    TO_JSON_STRING(`changes`.`item`['total']) AS `total_18f57c40`,
    TO_JSON_STRING(`changes`.`item`['volume']) AS `volume_b29f58d3`,
    TO_JSON_STRING(`changes`.`item`['paid']) AS `paid_f9145bf0`,
    TO_JSON_STRING(`changes`.`item`['createdAt']) AS `created_at_f2dd498a`,
    TO_JSON_STRING(`changes`.`item`['due']) AS `due_57c6d5b4`,
    `changes`.`item`['it\'s "a.b" \\ `é`'] AS `select_8449debf`
  FROM `changes`
  WHERE (`changes`.`removed` IS NOT TRUE OR `changes`.`changed_at` >= TIMESTAMP '2026-11-22T09:25:00.123Z')
) AS `read`
UNION ALL
SELECT
  `read`.`key`,
  `read`.`item`,
  `read`.`digest`,
  `read`.`position`,
  `read`.`changed_at`,
  `read`.`removed`,
  CASE WHEN REGEXP_CONTAINS(`read`.`id_76ca4880`, '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(`read`.`id_76ca4880`, '"') THEN JSON_VALUE(`read`.`id_76ca4880`, '$') ELSE `read`.`id_76ca4880` END END AS `id_76ca4880`,
  `read`.`quantity_468e2e45`,
  `read`.`rating_c076a680`,
  `read`.`total_18f57c40`,
  `read`.`volume_b29f58d3`,
  `read`.`paid_f9145bf0`,
  `read`.`created_at_f2dd498a`,
  `read`.`due_57c6d5b4`,
  `read`.`select_8449debf`
FROM (
  SELECT
    `snapshot`.`key`,
    `snapshot`.`item`,
    `snapshot`.`digest`,
    `snapshot`.`position`,
    `snapshot`.`changed_at`,
    CASE WHEN `snapshot`.`removed` THEN TRUE END AS `removed`,
    `snapshot`.`quantity_468e2e45`,
    `snapshot`.`rating_c076a680`,
    `snapshot`.`total_18f57c40`,
    `snapshot`.`volume_b29f58d3`,
    `snapshot`.`paid_f9145bf0`,
    `snapshot`.`created_at_f2dd498a`,
    `snapshot`.`due_57c6d5b4`,
    `snapshot`.`select_8449debf`,
    TO_JSON_STRING(`snapshot`.`item`['id']) AS `id_76ca4880`
  FROM `my-project.shop.my_app_orders_snapshot_20261125t030000z5b6c` AS `snapshot`
  WHERE NOT EXISTS (SELECT 1 FROM `changed` WHERE `changed`.`key` = `snapshot`.`key`)
    AND (`snapshot`.`removed` IS NOT TRUE OR `snapshot`.`changed_at` >= TIMESTAMP '2026-11-22T09:25:00.123Z')
) AS `read`;
