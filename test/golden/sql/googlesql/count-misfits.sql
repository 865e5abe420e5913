SELECT
  COUNT(*) AS `items`,
  COUNT(CASE WHEN `judged`.`present_0` THEN 1 END) AS `present_0`,
  COUNT(`judged`.`misfits_0`) AS `misfits_0`,
  TO_JSON_STRING(IFNULL(ARRAY_AGG(`judged`.`misfits_0` ORDER BY `judged`.`misfits_0` IS NULL, `judged`.`misfits_0` LIMIT 5), [])) AS `listed_0`,
  COUNT(CASE WHEN `judged`.`present_1` THEN 1 END) AS `present_1`,
  COUNT(`judged`.`misfits_1`) AS `misfits_1`,
  TO_JSON_STRING(IFNULL(ARRAY_AGG(`judged`.`misfits_1` ORDER BY `judged`.`misfits_1` IS NULL, `judged`.`misfits_1` LIMIT 5), [])) AS `listed_1`,
  COUNT(CASE WHEN `judged`.`present_2` THEN 1 END) AS `present_2`,
  COUNT(`judged`.`misfits_2`) AS `misfits_2`,
  TO_JSON_STRING(IFNULL(ARRAY_AGG(`judged`.`misfits_2` ORDER BY `judged`.`misfits_2` IS NULL, `judged`.`misfits_2` LIMIT 5), [])) AS `listed_2`,
  COUNT(CASE WHEN `judged`.`present_3` THEN 1 END) AS `present_3`,
  COUNT(`judged`.`misfits_3`) AS `misfits_3`,
  TO_JSON_STRING(IFNULL(ARRAY_AGG(`judged`.`misfits_3` ORDER BY `judged`.`misfits_3` IS NULL, `judged`.`misfits_3` LIMIT 5), [])) AS `listed_3`,
  COUNT(CASE WHEN `judged`.`present_4` THEN 1 END) AS `present_4`,
  COUNT(`judged`.`misfits_4`) AS `misfits_4`,
  TO_JSON_STRING(IFNULL(ARRAY_AGG(`judged`.`misfits_4` ORDER BY `judged`.`misfits_4` IS NULL, `judged`.`misfits_4` LIMIT 5), [])) AS `listed_4`,
  COUNT(CASE WHEN `judged`.`present_5` THEN 1 END) AS `present_5`,
  COUNT(`judged`.`misfits_5`) AS `misfits_5`,
  TO_JSON_STRING(IFNULL(ARRAY_AGG(`judged`.`misfits_5` ORDER BY `judged`.`misfits_5` IS NULL, `judged`.`misfits_5` LIMIT 5), [])) AS `listed_5`,
  COUNT(CASE WHEN `judged`.`present_6` THEN 1 END) AS `present_6`,
  COUNT(`judged`.`misfits_6`) AS `misfits_6`,
  TO_JSON_STRING(IFNULL(ARRAY_AGG(`judged`.`misfits_6` ORDER BY `judged`.`misfits_6` IS NULL, `judged`.`misfits_6` LIMIT 5), [])) AS `listed_6`,
  COUNT(CASE WHEN `judged`.`present_7` THEN 1 END) AS `present_7`,
  COUNT(`judged`.`misfits_7`) AS `misfits_7`,
  TO_JSON_STRING(IFNULL(ARRAY_AGG(`judged`.`misfits_7` ORDER BY `judged`.`misfits_7` IS NULL, `judged`.`misfits_7` LIMIT 5), [])) AS `listed_7`,
  COUNT(CASE WHEN `judged`.`present_8` THEN 1 END) AS `present_8`,
  0 AS `misfits_8`,
  '[]' AS `listed_8`
FROM (
  SELECT
    `texts`.`present_0`,
    CASE WHEN `texts`.`column_0` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`column_0`, '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(`texts`.`column_0`, '"') THEN JSON_VALUE(`texts`.`column_0`, '$') ELSE `texts`.`column_0` END END IS NULL THEN `texts`.`key` || ' ' || CASE SUBSTR(`texts`.`column_0`, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS `misfits_0`,
    `texts`.`present_1`,
    CASE WHEN `texts`.`column_1` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`column_1`, '^"?(?:0|-?[1-9][0-9]{0,18})"?$') THEN SAFE_CAST(TRIM(`texts`.`column_1`, '"') AS INT64) END IS NULL THEN `texts`.`key` || ' ' || CASE SUBSTR(`texts`.`column_1`, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS `misfits_1`,
    `texts`.`present_2`,
    CASE WHEN `texts`.`column_2` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`column_2`, '^(?:-?[0-9.]+(?:[eE][+-]?[0-9]+)?|"-?(?:0|[1-9][0-9]{0,307})(?:[.][0-9]+)?")$') THEN SAFE_CAST(TRIM(`texts`.`column_2`, '"') AS FLOAT64) END IS NULL THEN `texts`.`key` || ' ' || CASE SUBSTR(`texts`.`column_2`, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS `misfits_2`,
    `texts`.`present_3`,
    CASE WHEN `texts`.`column_3` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`column_3`, '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN SAFE_CAST(TRIM(`texts`.`column_3`, '"') AS NUMERIC) END IS NULL THEN `texts`.`key` || ' ' || CASE SUBSTR(`texts`.`column_3`, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS `misfits_3`,
    `texts`.`present_4`,
    CASE WHEN `texts`.`column_4` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`column_4`, '^"?-?(?:0|[1-9][0-9]{0,37})(?:[.][0-9]{1,38}0*)?"?$') THEN SAFE_CAST(TRIM(`texts`.`column_4`, '"') AS BIGNUMERIC) END IS NULL THEN `texts`.`key` || ' ' || CASE SUBSTR(`texts`.`column_4`, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS `misfits_4`,
    `texts`.`present_5`,
    CASE WHEN `texts`.`column_5` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`column_5`, '^(?:true|false)$') THEN SAFE_CAST(TRIM(`texts`.`column_5`, '"') AS BOOL) END IS NULL THEN `texts`.`key` || ' ' || CASE SUBSTR(`texts`.`column_5`, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS `misfits_5`,
    `texts`.`present_6`,
    CASE WHEN `texts`.`column_6` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`column_6`, '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6}0*)?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"$') THEN SAFE_CAST(TRIM(`texts`.`column_6`, '"') AS TIMESTAMP) END IS NULL THEN `texts`.`key` || ' ' || CASE SUBSTR(`texts`.`column_6`, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS `misfits_6`,
    `texts`.`present_7`,
    CASE WHEN `texts`.`column_7` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`texts`.`column_7`, '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"$') THEN SAFE_CAST(TRIM(`texts`.`column_7`, '"') AS DATE) END IS NULL THEN `texts`.`key` || ' ' || CASE SUBSTR(`texts`.`column_7`, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS `misfits_7`,
    `texts`.`present_8`
  FROM (
    SELECT
      `read`.`key`,
      `read`.`present_0`,
      `read`.`present_1`,
      `read`.`present_2`,
      `read`.`present_3`,
      `read`.`present_4`,
      `read`.`present_5`,
      `read`.`present_6`,
      `read`.`present_7`,
      `read`.`present_8`,
      CASE WHEN REGEXP_CONTAINS(`read`.`column_0`, '^-?[0-9][.]?[0-9]*[eE]') THEN
        REGEXP_REPLACE(`read`.`column_0`, '[0-9].*$', '') || REGEXP_REPLACE(
          SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE(`read`.`column_0`, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2') || REPEAT('0', 330), 1, 331 + SAFE_CAST(TRIM(REGEXP_REPLACE(`read`.`column_0`, '^.*[eE][+]?', ''), '"') AS INT64))
          || '.' ||
          SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE(`read`.`column_0`, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2') || REPEAT('0', 330), 332 + SAFE_CAST(TRIM(REGEXP_REPLACE(`read`.`column_0`, '^.*[eE][+]?', ''), '"') AS INT64)),
          '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\\1'
        )
      ELSE `read`.`column_0` END AS `column_0`,
      `read`.`column_1`,
      `read`.`column_2`,
      CASE WHEN REGEXP_CONTAINS(`read`.`column_3`, '^-?[0-9][.]?[0-9]*[eE]') THEN
        REGEXP_REPLACE(`read`.`column_3`, '[0-9].*$', '') || REGEXP_REPLACE(
          SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE(`read`.`column_3`, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2') || REPEAT('0', 330), 1, 331 + SAFE_CAST(TRIM(REGEXP_REPLACE(`read`.`column_3`, '^.*[eE][+]?', ''), '"') AS INT64))
          || '.' ||
          SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE(`read`.`column_3`, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2') || REPEAT('0', 330), 332 + SAFE_CAST(TRIM(REGEXP_REPLACE(`read`.`column_3`, '^.*[eE][+]?', ''), '"') AS INT64)),
          '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\\1'
        )
      ELSE `read`.`column_3` END AS `column_3`,
      CASE WHEN REGEXP_CONTAINS(`read`.`column_4`, '^-?[0-9][.]?[0-9]*[eE]') THEN
        REGEXP_REPLACE(`read`.`column_4`, '[0-9].*$', '') || REGEXP_REPLACE(
          SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE(`read`.`column_4`, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2') || REPEAT('0', 330), 1, 331 + SAFE_CAST(TRIM(REGEXP_REPLACE(`read`.`column_4`, '^.*[eE][+]?', ''), '"') AS INT64))
          || '.' ||
          SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE(`read`.`column_4`, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2') || REPEAT('0', 330), 332 + SAFE_CAST(TRIM(REGEXP_REPLACE(`read`.`column_4`, '^.*[eE][+]?', ''), '"') AS INT64)),
          '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\\1'
        )
      ELSE `read`.`column_4` END AS `column_4`,
      `read`.`column_5`,
      `read`.`column_6`,
      `read`.`column_7`,
      `read`.`column_8`
    FROM (
      SELECT
        `latest`.`key` AS `key`,
        `latest`.`item`['id'] IS NOT NULL AS `present_0`,
        `latest`.`item`['lines'][0]['quantity'] IS NOT NULL AS `present_1`,
        `latest`.`item`['rating'] IS NOT NULL AS `present_2`,
        `latest`.`item`['total'] IS NOT NULL AS `present_3`,
        `latest`.`item`['volume'] IS NOT NULL AS `present_4`,
        `latest`.`item`['paid'] IS NOT NULL AS `present_5`,
        `latest`.`item`['createdAt'] IS NOT NULL AS `present_6`,
        `latest`.`item`['due'] IS NOT NULL AS `present_7`,
        `latest`.`item`['it\'s "a.b" \\ `é`'] IS NOT NULL AS `present_8`,
        CASE WHEN NOT REGEXP_CONTAINS(TO_JSON_STRING(`latest`.`item`['id']), r'^-?[0-9]([0-9]{15}|[0-9]*[.eE])') THEN TO_JSON_STRING(`latest`.`item`['id']) WHEN SAFE_CAST(FORMAT('%.15g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64)) AS FLOAT64) = SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64) THEN FORMAT('%.15g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64)) WHEN SAFE_CAST(FORMAT('%.16g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64)) AS FLOAT64) = SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64) THEN FORMAT('%.16g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64)) ELSE FORMAT('%.17g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['id']) AS FLOAT64)) END AS `column_0`,
        TO_JSON_STRING(`latest`.`item`['lines'][0]['quantity']) AS `column_1`,
        TO_JSON_STRING(`latest`.`item`['rating']) AS `column_2`,
        CASE WHEN NOT REGEXP_CONTAINS(TO_JSON_STRING(`latest`.`item`['total']), r'^-?[0-9]([0-9]{15}|[0-9]*[.eE])') THEN TO_JSON_STRING(`latest`.`item`['total']) WHEN SAFE_CAST(FORMAT('%.15g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64)) AS FLOAT64) = SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64) THEN FORMAT('%.15g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64)) WHEN SAFE_CAST(FORMAT('%.16g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64)) AS FLOAT64) = SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64) THEN FORMAT('%.16g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64)) ELSE FORMAT('%.17g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['total']) AS FLOAT64)) END AS `column_3`,
        CASE WHEN NOT REGEXP_CONTAINS(TO_JSON_STRING(`latest`.`item`['volume']), r'^-?[0-9]([0-9]{15}|[0-9]*[.eE])') THEN TO_JSON_STRING(`latest`.`item`['volume']) WHEN SAFE_CAST(FORMAT('%.15g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64)) AS FLOAT64) = SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64) THEN FORMAT('%.15g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64)) WHEN SAFE_CAST(FORMAT('%.16g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64)) AS FLOAT64) = SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64) THEN FORMAT('%.16g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64)) ELSE FORMAT('%.17g', SAFE_CAST(TO_JSON_STRING(`latest`.`item`['volume']) AS FLOAT64)) END AS `column_4`,
        TO_JSON_STRING(`latest`.`item`['paid']) AS `column_5`,
        TO_JSON_STRING(`latest`.`item`['createdAt']) AS `column_6`,
        TO_JSON_STRING(`latest`.`item`['due']) AS `column_7`,
        `latest`.`item`['it\'s "a.b" \\ `é`'] AS `column_8`
      FROM `my-project.shop.my_app_orders_latest` AS `latest`
    ) AS `read`
  ) AS `texts`
) AS `judged`;
