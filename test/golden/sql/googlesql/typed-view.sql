CREATE OR REPLACE VIEW `my-project.shop.my_app_orders`
OPTIONS (description = 'Orders, typed.') AS
SELECT
  CASE WHEN REGEXP_CONTAINS(`texts`.`id`, '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(`texts`.`id`, '"') THEN JSON_VALUE(`texts`.`id`, '$') ELSE `texts`.`id` END END AS `id`,
  CASE WHEN REGEXP_CONTAINS(`texts`.`quantity`, '^"?(?:0|-?[1-9][0-9]{0,18})"?$') THEN SAFE_CAST(TRIM(`texts`.`quantity`, '"') AS INT64) END AS `quantity`,
  CASE WHEN REGEXP_CONTAINS(`texts`.`rating`, '^"?-?(?:0|[1-9][0-9]{0,307})(?:[.][0-9]+)?"?$') THEN SAFE_CAST(TRIM(`texts`.`rating`, '"') AS FLOAT64) END AS `rating`,
  CASE WHEN REGEXP_CONTAINS(`texts`.`total`, '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN SAFE_CAST(TRIM(`texts`.`total`, '"') AS NUMERIC) END AS `total`,
  CASE WHEN REGEXP_CONTAINS(`texts`.`volume`, '^"?-?(?:0|[1-9][0-9]{0,37})(?:[.][0-9]{1,38}0*)?"?$') THEN SAFE_CAST(TRIM(`texts`.`volume`, '"') AS BIGNUMERIC) END AS `volume`,
  CASE WHEN REGEXP_CONTAINS(`texts`.`paid`, '^(?:true|false)$') THEN SAFE_CAST(TRIM(`texts`.`paid`, '"') AS BOOL) END AS `paid`,
  CASE WHEN REGEXP_CONTAINS(`texts`.`created_at`, '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6}0*)?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"$') THEN SAFE_CAST(TRIM(`texts`.`created_at`, '"') AS TIMESTAMP) END AS `created_at`,
  CASE WHEN REGEXP_CONTAINS(`texts`.`due`, '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"$') THEN SAFE_CAST(TRIM(`texts`.`due`, '"') AS DATE) END AS `due`,
  `texts`.`select` AS `select`
FROM (
  SELECT
    TO_JSON_STRING(`latest`.`item`['id']) AS `id`,
    TO_JSON_STRING(`latest`.`item`['lines'][0]['quantity']) AS `quantity`,
    TO_JSON_STRING(`latest`.`item`['rating']) AS `rating`,
    TO_JSON_STRING(`latest`.`item`['total']) AS `total`,
    TO_JSON_STRING(`latest`.`item`['volume']) AS `volume`,
    TO_JSON_STRING(`latest`.`item`['paid']) AS `paid`,
    TO_JSON_STRING(`latest`.`item`['createdAt']) AS `created_at`,
    TO_JSON_STRING(`latest`.`item`['due']) AS `due`,
    `latest`.`item`['it\'s "a.b" \\ `é`'] AS `select`
  FROM `my-project.shop.my_app_orders_latest` AS `latest`
) AS `texts`;
