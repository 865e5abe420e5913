SELECT
  COUNT(*) AS `items`,
  COUNT(CASE WHEN `texts`.`id` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`id`, '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(`texts`.`id`, '"') THEN JSON_VALUE(`texts`.`id`, '$') ELSE `texts`.`id` END END IS NULL THEN 1 END) AS `misfits_0`,
  COUNT(CASE WHEN `texts`.`quantity` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`quantity`, '^"?(?:0|-?[1-9][0-9]{0,18})"?$') THEN SAFE_CAST(TRIM(`texts`.`quantity`, '"') AS INT64) END IS NULL THEN 1 END) AS `misfits_1`,
  COUNT(CASE WHEN `texts`.`rating` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`rating`, '^(?:-?[0-9.]+(?:[eE][+-]?[0-9]+)?|"-?(?:0|[1-9][0-9]{0,307})(?:[.][0-9]+)?")$') THEN SAFE_CAST(TRIM(`texts`.`rating`, '"') AS FLOAT64) END IS NULL THEN 1 END) AS `misfits_2`,
  COUNT(CASE WHEN `texts`.`total` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`total`, '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN SAFE_CAST(TRIM(`texts`.`total`, '"') AS NUMERIC) END IS NULL THEN 1 END) AS `misfits_3`,
  COUNT(CASE WHEN `texts`.`volume` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`volume`, '^"?-?(?:0|[1-9][0-9]{0,37})(?:[.][0-9]{1,38}0*)?"?$') THEN SAFE_CAST(TRIM(`texts`.`volume`, '"') AS BIGNUMERIC) END IS NULL THEN 1 END) AS `misfits_4`,
  COUNT(CASE WHEN `texts`.`paid` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`paid`, '^(?:true|false)$') THEN SAFE_CAST(TRIM(`texts`.`paid`, '"') AS BOOL) END IS NULL THEN 1 END) AS `misfits_5`,
  COUNT(CASE WHEN `texts`.`created_at` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`created_at`, '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6}0*)?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"$') THEN SAFE_CAST(TRIM(`texts`.`created_at`, '"') AS TIMESTAMP) END IS NULL THEN 1 END) AS `misfits_6`,
  COUNT(CASE WHEN `texts`.`due` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`due`, '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"$') THEN SAFE_CAST(TRIM(`texts`.`due`, '"') AS DATE) END IS NULL THEN 1 END) AS `misfits_7`,
  0 AS `misfits_8`
FROM (
  SELECT
    CASE WHEN REGEXP_CONTAINS(`read`.`id`, '^-?[0-9][.]?[0-9]*[eE]') THEN
      REGEXP_REPLACE(`read`.`id`, '[0-9].*$', '') || REGEXP_REPLACE(
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE(`read`.`id`, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2') || REPEAT('0', 330), 1, 331 + SAFE_CAST(TRIM(REGEXP_REPLACE(`read`.`id`, '^.*[eE][+]?', ''), '"') AS INT64))
        || '.' ||
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE(`read`.`id`, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2') || REPEAT('0', 330), 332 + SAFE_CAST(TRIM(REGEXP_REPLACE(`read`.`id`, '^.*[eE][+]?', ''), '"') AS INT64)),
        '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\\1'
      )
    ELSE `read`.`id` END AS `id`,
    `read`.`quantity`,
    `read`.`rating`,
    CASE WHEN REGEXP_CONTAINS(`read`.`total`, '^-?[0-9][.]?[0-9]*[eE]') THEN
      REGEXP_REPLACE(`read`.`total`, '[0-9].*$', '') || REGEXP_REPLACE(
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE(`read`.`total`, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2') || REPEAT('0', 330), 1, 331 + SAFE_CAST(TRIM(REGEXP_REPLACE(`read`.`total`, '^.*[eE][+]?', ''), '"') AS INT64))
        || '.' ||
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE(`read`.`total`, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2') || REPEAT('0', 330), 332 + SAFE_CAST(TRIM(REGEXP_REPLACE(`read`.`total`, '^.*[eE][+]?', ''), '"') AS INT64)),
        '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\\1'
      )
    ELSE `read`.`total` END AS `total`,
    CASE WHEN REGEXP_CONTAINS(`read`.`volume`, '^-?[0-9][.]?[0-9]*[eE]') THEN
      REGEXP_REPLACE(`read`.`volume`, '[0-9].*$', '') || REGEXP_REPLACE(
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE(`read`.`volume`, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2') || REPEAT('0', 330), 1, 331 + SAFE_CAST(TRIM(REGEXP_REPLACE(`read`.`volume`, '^.*[eE][+]?', ''), '"') AS INT64))
        || '.' ||
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE(`read`.`volume`, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2') || REPEAT('0', 330), 332 + SAFE_CAST(TRIM(REGEXP_REPLACE(`read`.`volume`, '^.*[eE][+]?', ''), '"') AS INT64)),
        '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\\1'
      )
    ELSE `read`.`volume` END AS `volume`,
    `read`.`paid`,
    `read`.`created_at`,
    `read`.`due`,
    `read`.`select`
  FROM (
    SELECT
      CASE WHEN NOT REGEXP_CONTAINS(TO_JSON_STRING(`latest`.`item`['id']), r'^-?[0-9]([0-9]{15}|[0-9]*[.eE])') THEN TO_JSON_STRING(`latest`.`item`['id']) WHEN SAFE_CAST(FORMAT('%.15g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64)) AS FLOAT64) = SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64) THEN FORMAT('%.15g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64)) WHEN SAFE_CAST(FORMAT('%.16g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64)) AS FLOAT64) = SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64) THEN FORMAT('%.16g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64)) ELSE FORMAT('%.17g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64)) END AS `id`,
      TO_JSON_STRING(`latest`.`item`['lines'][0]['quantity']) AS `quantity`,
      TO_JSON_STRING(`latest`.`item`['rating']) AS `rating`,
      CASE WHEN NOT REGEXP_CONTAINS(TO_JSON_STRING(`latest`.`item`['total']), r'^-?[0-9]([0-9]{15}|[0-9]*[.eE])') THEN TO_JSON_STRING(`latest`.`item`['total']) WHEN SAFE_CAST(FORMAT('%.15g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64)) AS FLOAT64) = SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64) THEN FORMAT('%.15g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64)) WHEN SAFE_CAST(FORMAT('%.16g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64)) AS FLOAT64) = SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64) THEN FORMAT('%.16g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64)) ELSE FORMAT('%.17g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64)) END AS `total`,
      CASE WHEN NOT REGEXP_CONTAINS(TO_JSON_STRING(`latest`.`item`['volume']), r'^-?[0-9]([0-9]{15}|[0-9]*[.eE])') THEN TO_JSON_STRING(`latest`.`item`['volume']) WHEN SAFE_CAST(FORMAT('%.15g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64)) AS FLOAT64) = SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64) THEN FORMAT('%.15g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64)) WHEN SAFE_CAST(FORMAT('%.16g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64)) AS FLOAT64) = SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64) THEN FORMAT('%.16g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64)) ELSE FORMAT('%.17g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64)) END AS `volume`,
      TO_JSON_STRING(`latest`.`item`['paid']) AS `paid`,
      TO_JSON_STRING(`latest`.`item`['createdAt']) AS `created_at`,
      TO_JSON_STRING(`latest`.`item`['due']) AS `due`,
      `latest`.`item`['it\'s "a.b" \\ `é`'] AS `select`
    FROM `my-project.shop.my_app_orders_latest` AS `latest`
  ) AS `read`
) AS `texts`;
