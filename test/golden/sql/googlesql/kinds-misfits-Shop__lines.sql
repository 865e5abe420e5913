SELECT
  COUNT(*) AS `items`,
  COUNT(CASE WHEN `judged`.`present_0` THEN 1 END) AS `present_0`,
  COUNT(CASE WHEN `judged`.`nulls_0` THEN 1 END) AS `nulls_0`,
  COUNT(`judged`.`misfits_0`) AS `misfits_0`,
  COUNT(CASE WHEN `judged`.`misfits_0` LIKE '% string' THEN 1 END) AS `strings_0`,
  COUNT(CASE WHEN `judged`.`misfits_0` LIKE '% number' THEN 1 END) AS `numbers_0`,
  COUNT(CASE WHEN `judged`.`misfits_0` LIKE '% boolean' THEN 1 END) AS `booleans_0`,
  COUNT(CASE WHEN `judged`.`misfits_0` LIKE '% object' THEN 1 END) AS `objects_0`,
  COUNT(CASE WHEN `judged`.`misfits_0` LIKE '% array' THEN 1 END) AS `arrays_0`,
  TO_JSON_STRING(IFNULL(ARRAY_AGG(`judged`.`misfits_0` ORDER BY `judged`.`misfits_0` IS NULL, `judged`.`misfits_0` LIMIT 5), [])) AS `listed_0`,
  COUNT(CASE WHEN `judged`.`present_1` THEN 1 END) AS `present_1`,
  COUNT(CASE WHEN `judged`.`nulls_1` THEN 1 END) AS `nulls_1`,
  COUNT(`judged`.`misfits_1`) AS `misfits_1`,
  COUNT(CASE WHEN `judged`.`misfits_1` LIKE '% string' THEN 1 END) AS `strings_1`,
  COUNT(CASE WHEN `judged`.`misfits_1` LIKE '% number' THEN 1 END) AS `numbers_1`,
  COUNT(CASE WHEN `judged`.`misfits_1` LIKE '% boolean' THEN 1 END) AS `booleans_1`,
  COUNT(CASE WHEN `judged`.`misfits_1` LIKE '% object' THEN 1 END) AS `objects_1`,
  COUNT(CASE WHEN `judged`.`misfits_1` LIKE '% array' THEN 1 END) AS `arrays_1`,
  TO_JSON_STRING(IFNULL(ARRAY_AGG(`judged`.`misfits_1` ORDER BY `judged`.`misfits_1` IS NULL, `judged`.`misfits_1` LIMIT 5), [])) AS `listed_1`,
  COUNT(CASE WHEN `judged`.`present_2` THEN 1 END) AS `present_2`,
  COUNT(CASE WHEN `judged`.`nulls_2` THEN 1 END) AS `nulls_2`,
  COUNT(`judged`.`misfits_2`) AS `misfits_2`,
  COUNT(CASE WHEN `judged`.`misfits_2` LIKE '% string' THEN 1 END) AS `strings_2`,
  COUNT(CASE WHEN `judged`.`misfits_2` LIKE '% number' THEN 1 END) AS `numbers_2`,
  COUNT(CASE WHEN `judged`.`misfits_2` LIKE '% boolean' THEN 1 END) AS `booleans_2`,
  COUNT(CASE WHEN `judged`.`misfits_2` LIKE '% object' THEN 1 END) AS `objects_2`,
  COUNT(CASE WHEN `judged`.`misfits_2` LIKE '% array' THEN 1 END) AS `arrays_2`,
  TO_JSON_STRING(IFNULL(ARRAY_AGG(`judged`.`misfits_2` ORDER BY `judged`.`misfits_2` IS NULL, `judged`.`misfits_2` LIMIT 5), [])) AS `listed_2`,
  COUNT(CASE WHEN `judged`.`present_3` THEN 1 END) AS `present_3`,
  COUNT(CASE WHEN `judged`.`nulls_3` THEN 1 END) AS `nulls_3`,
  COUNT(`judged`.`misfits_3`) AS `misfits_3`,
  COUNT(CASE WHEN `judged`.`misfits_3` LIKE '% string' THEN 1 END) AS `strings_3`,
  COUNT(CASE WHEN `judged`.`misfits_3` LIKE '% number' THEN 1 END) AS `numbers_3`,
  COUNT(CASE WHEN `judged`.`misfits_3` LIKE '% boolean' THEN 1 END) AS `booleans_3`,
  COUNT(CASE WHEN `judged`.`misfits_3` LIKE '% object' THEN 1 END) AS `objects_3`,
  COUNT(CASE WHEN `judged`.`misfits_3` LIKE '% array' THEN 1 END) AS `arrays_3`,
  TO_JSON_STRING(IFNULL(ARRAY_AGG(`judged`.`misfits_3` ORDER BY `judged`.`misfits_3` IS NULL, `judged`.`misfits_3` LIMIT 5), [])) AS `listed_3`
FROM (
  SELECT
    `read`.`key`,
    `read`.`present_0`,
    `read`.`present_0` AND `read`.`text_0` = 'null' AS `nulls_0`,
    CASE WHEN `read`.`text_0` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`read`.`text_0`, '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(`read`.`text_0`, '"') THEN JSON_VALUE(`read`.`text_0`, '$') ELSE `read`.`text_0` END END IS NULL THEN `read`.`key` || ' ' || CASE SUBSTR(`read`.`text_0`, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS `misfits_0`,
    `read`.`present_1`,
    `read`.`present_1` AND `read`.`text_1` = 'null' AS `nulls_1`,
    CASE WHEN `read`.`text_1` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`read`.`text_1`, '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(`read`.`text_1`, '"') THEN JSON_VALUE(`read`.`text_1`, '$') ELSE `read`.`text_1` END END IS NULL THEN `read`.`key` || ' ' || CASE SUBSTR(`read`.`text_1`, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS `misfits_1`,
    `read`.`present_2`,
    `read`.`present_2` AND `read`.`text_2` = 'null' AS `nulls_2`,
    CASE WHEN `read`.`text_2` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`read`.`text_2`, '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(`read`.`text_2`, '"') THEN JSON_VALUE(`read`.`text_2`, '$') ELSE `read`.`text_2` END END IS NULL THEN `read`.`key` || ' ' || CASE SUBSTR(`read`.`text_2`, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS `misfits_2`,
    `read`.`present_3`,
    `read`.`present_3` AND `read`.`text_3` = 'null' AS `nulls_3`,
    CASE WHEN `read`.`text_3` <> 'null' AND `read`.`text_3` <> '[]' AND ARRAY_LENGTH(IF(EXISTS(SELECT 1 FROM UNNEST(JSON_QUERY_ARRAY(`read`.`value_3`)) AS `element` WHERE CASE WHEN REGEXP_CONTAINS(TO_JSON_STRING(`element`), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(TO_JSON_STRING(`element`), '"') THEN JSON_VALUE(TO_JSON_STRING(`element`), '$') ELSE TO_JSON_STRING(`element`) END END IS NULL), [], ARRAY(SELECT CASE WHEN REGEXP_CONTAINS(TO_JSON_STRING(`element`), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(TO_JSON_STRING(`element`), '"') THEN JSON_VALUE(TO_JSON_STRING(`element`), '$') ELSE TO_JSON_STRING(`element`) END END FROM UNNEST(JSON_QUERY_ARRAY(`read`.`value_3`)) AS `element` WITH OFFSET AS `place` ORDER BY `place`))) = 0 THEN `read`.`key` || ' ' || CASE SUBSTR(`read`.`text_3`, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS `misfits_3`
  FROM (
    SELECT
      `rows`.`key`,
      `rows`.`item`['PK'] IS NOT NULL AS `present_0`,
      TO_JSON_STRING(`rows`.`item`['PK']) AS `text_0`,
      `rows`.`item`['SK'] IS NOT NULL AS `present_1`,
      TO_JSON_STRING(`rows`.`item`['SK']) AS `text_1`,
      `rows`.`element`['sku'] IS NOT NULL AS `present_2`,
      TO_JSON_STRING(`rows`.`element`['sku']) AS `text_2`,
      `rows`.`element`['colours'] IS NOT NULL AS `present_3`,
      TO_JSON_STRING(`rows`.`element`['colours']) AS `text_3`,
      `rows`.`element`['colours'] AS `value_3`
    FROM (
      SELECT `latest`.`key`, `latest`.`item`, `element`
      FROM `my-project.shop.Shop_latest` AS `latest`, UNNEST(JSON_QUERY_ARRAY(`latest`.`item`['lines'])) AS `element`
    ) AS `rows`
  ) AS `read`
) AS `judged`;
