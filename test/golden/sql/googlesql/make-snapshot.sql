CREATE TABLE IF NOT EXISTS `my-project.shop.my_app_orders_snapshot_20261122t093000z1f3a` (
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
    `loaded`.`key`,
    `loaded`.`item`,
    `loaded`.`digest`,
    CAST(NULL AS STRING) AS `position`,
    CAST(NULL AS TIMESTAMP) AS `changed_at`,
    CAST(NULL AS BOOL) AS `removed`,
    TO_JSON_STRING(`loaded`.`item`['id']) AS `id_76ca4880`,
    TO_JSON_STRING(`loaded`.`item`['lines'][0]['quantity']) AS `quantity_468e2e45`,
    TO_JSON_STRING(`loaded`.`item`['rating']) AS `rating_c076a680`,
    TO_JSON_STRING(`loaded`.`item`['total']) AS `total_18f57c40`,
    TO_JSON_STRING(`loaded`.`item`['volume']) AS `volume_b29f58d3`,
    TO_JSON_STRING(`loaded`.`item`['paid']) AS `paid_f9145bf0`,
    TO_JSON_STRING(`loaded`.`item`['createdAt']) AS `created_at_f2dd498a`,
    TO_JSON_STRING(`loaded`.`item`['due']) AS `due_57c6d5b4`,
    `loaded`.`item`['it\'s "a.b" \\ `é`'] AS `select_8449debf`
  FROM `my-project.shop.tailrace_load_20261122t093000z1f3a` AS `loaded`
) AS `read`;
