SELECT
  COUNT(*) AS `items`,
  COUNT(CASE WHEN `matches`.`matched_0` + `matches`.`matched_1` = 0 THEN 1 END) AS `unmatched`,
  COUNT(CASE WHEN `matches`.`matched_0` + `matches`.`matched_1` > 1 THEN 1 END) AS `repeated`,
  COUNT(CASE WHEN `matches`.`matched_0` = 1 THEN 1 END) AS `matched_0`,
  COUNT(CASE WHEN `matches`.`matched_1` = 1 THEN 1 END) AS `matched_1`
FROM (
  SELECT
    CASE WHEN COALESCE(STARTS_WITH(CASE WHEN STARTS_WITH(TO_JSON_STRING(`latest`.`item`['PK']), '"') THEN JSON_VALUE(TO_JSON_STRING(`latest`.`item`['PK']), '$') END, 'CUSTOMER\'s#'), FALSE) AND COALESCE(TO_JSON_STRING(CASE WHEN NOT REGEXP_CONTAINS(CASE WHEN STARTS_WITH(TO_JSON_STRING(`latest`.`item`['payload']), '"') THEN JSON_VALUE(TO_JSON_STRING(`latest`.`item`['payload']), '$') END, '[\u0001\u0002]') THEN SAFE.PARSE_JSON(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(CASE WHEN STARTS_WITH(TO_JSON_STRING(`latest`.`item`['payload']), '"') THEN JSON_VALUE(TO_JSON_STRING(`latest`.`item`['payload']), '$') END, '("(?:[^"\\\\]|\\\\.)*"|(?:0|-?[1-9][0-9]{0,14})(?:[,\\]}\\s]|$))|(-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?)([,\\]}\\s]|$)', '\\1\u0001\\2\u0002\\3'), '\u0001\u0002', ''), '[\u0001\u0002]', '"')) END['active']) = 'true', FALSE) AND NOT (`latest`.`item`['deleted'] IS NOT NULL) THEN 1 ELSE 0 END AS `matched_0`,
    CASE WHEN COALESCE(CASE WHEN STARTS_WITH(TO_JSON_STRING(`latest`.`item`['type']), '"') THEN JSON_VALUE(TO_JSON_STRING(`latest`.`item`['type']), '$') END = 'invoice', FALSE) THEN 1 ELSE 0 END AS `matched_1`
  FROM `my-project.shop.Shop_latest` AS `latest`
) AS `matches`;
