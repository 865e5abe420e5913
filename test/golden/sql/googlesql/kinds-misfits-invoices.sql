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
  TO_JSON_STRING(IFNULL(ARRAY_AGG(`judged`.`misfits_2` ORDER BY `judged`.`misfits_2` IS NULL, `judged`.`misfits_2` LIMIT 5), [])) AS `listed_2`
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
    CASE WHEN `read`.`text_2` <> 'null' AND CASE WHEN REGEXP_CONTAINS(`read`.`text_2`, '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN SAFE_CAST(TRIM(`read`.`text_2`, '"') AS NUMERIC) END IS NULL THEN `read`.`key` || ' ' || CASE SUBSTR(`read`.`text_2`, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS `misfits_2`
  FROM (
    SELECT
      `rows`.`key`,
      `rows`.`item`['PK'] IS NOT NULL AS `present_0`,
      TO_JSON_STRING(`rows`.`item`['PK']) AS `text_0`,
      `rows`.`item`['SK'] IS NOT NULL AS `present_1`,
      TO_JSON_STRING(`rows`.`item`['SK']) AS `text_1`,
      `rows`.`item`['total'] IS NOT NULL AS `present_2`,
      TO_JSON_STRING(`rows`.`item`['total']) AS `text_2`
    FROM (
      SELECT `latest`.`key`, `latest`.`item`
      FROM `my-project.shop.Shop_latest` AS `latest`
      WHERE COALESCE(CASE WHEN STARTS_WITH(TO_JSON_STRING(`latest`.`item`['type']), '"') THEN JSON_VALUE(TO_JSON_STRING(`latest`.`item`['type']), '$') END = 'invoice', FALSE)
    ) AS `rows`
  ) AS `read`
) AS `judged`;
