SELECT
  COUNT(*) AS `items`,
  COUNT(CASE WHEN `matches`.`matched_0` + `matches`.`matched_1` = 0 THEN 1 END) AS `unmatched`,
  COUNT(CASE WHEN `matches`.`matched_0` + `matches`.`matched_1` > 1 THEN 1 END) AS `repeated`,
  COUNT(CASE WHEN `matches`.`matched_0` = 1 THEN 1 END) AS `matched_0`,
  COUNT(CASE WHEN `matches`.`found_0_0` THEN 1 END) AS `found_0_0`,
  COUNT(CASE WHEN `matches`.`found_0_1` THEN 1 END) AS `found_0_1`,
  COUNT(CASE WHEN `matches`.`found_0_2` THEN 1 END) AS `found_0_2`,
  COUNT(CASE WHEN `matches`.`matched_1` = 1 THEN 1 END) AS `matched_1`,
  COUNT(CASE WHEN `matches`.`found_1_0` THEN 1 END) AS `found_1_0`
FROM (
  SELECT
    1 AS `one`,
    CASE WHEN COALESCE(STARTS_WITH(CASE WHEN STARTS_WITH(TO_JSON_STRING(`items`.`item`['PK']), '"') THEN JSON_VALUE(TO_JSON_STRING(`items`.`item`['PK']), '$') END, 'CUSTOMER\'s#'), FALSE) AND COALESCE(TO_JSON_STRING((SELECT CASE WHEN NOT REGEXP_CONTAINS(`text`, '[\u0001\u0002]') THEN SAFE.PARSE_JSON(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(`text`, '("(?:[^"\\\\]|\\\\.)*"|(?:0|-?[1-9][0-9]{0,14})(?:[,\\]}\\s]|$))|(-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?)([,\\]}\\s]|$)', '\\1\u0001\\2\u0002\\3'), '\u0001\u0002', ''), '[\u0001\u0002]', '"')) END FROM UNNEST([CASE WHEN STARTS_WITH(TO_JSON_STRING(`items`.`item`['payload']), '"') THEN JSON_VALUE(TO_JSON_STRING(`items`.`item`['payload']), '$') END]) AS `text`)['active']) = 'true', FALSE) AND NOT (`items`.`item`['deleted'] IS NOT NULL) THEN 1 ELSE 0 END AS `matched_0`,
    `items`.`item`['PK'] IS NOT NULL AS `found_0_0`,
    `items`.`item`['payload'] IS NOT NULL AS `found_0_1`,
    `items`.`item`['deleted'] IS NOT NULL AS `found_0_2`,
    CASE WHEN COALESCE(CASE WHEN STARTS_WITH(TO_JSON_STRING(`items`.`item`['type']), '"') THEN JSON_VALUE(TO_JSON_STRING(`items`.`item`['type']), '$') END = 'invoice', FALSE) THEN 1 ELSE 0 END AS `matched_1`,
    `items`.`item`['type'] IS NOT NULL AS `found_1_0`
  FROM `my-project.shop.Shop_latest` AS `items`
) AS `matches`;
