CREATE OR REPLACE VIEW "my_app_orders" AS
SELECT
  CASE WHEN regexp_matches("texts"."id", '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with("texts"."id", '"') THEN json_extract_string("texts"."id", '$') ELSE "texts"."id" END END AS "id",
  CASE WHEN regexp_matches("texts"."quantity", '^"?(?:0|-?[1-9][0-9]{0,18})"?$') THEN TRY_CAST(trim("texts"."quantity", '"') AS BIGINT) END AS "quantity",
  CASE WHEN regexp_matches("texts"."rating", '^"?-?(?:0|[1-9][0-9]{0,307})(?:[.][0-9]+)?"?$') THEN TRY_CAST(trim("texts"."rating", '"') AS DOUBLE) END AS "rating",
  CASE WHEN regexp_matches("texts"."total", '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN TRY_CAST(trim("texts"."total", '"') AS DECIMAL(38,9)) END AS "total",
  CASE WHEN regexp_matches("texts"."volume", '^"?-?(?:0|[1-9][0-9]{0,37})(?:[.][0-9]{1,38}0*)?"?$') THEN regexp_replace(regexp_replace(trim("texts"."volume", '"'), '[.]0*$|([.][0-9]*[1-9])0*$', '\1'), '^-0$', '0') END AS "volume",
  CASE WHEN regexp_matches("texts"."paid", '^(?:true|false)$') THEN TRY_CAST(trim("texts"."paid", '"') AS BOOLEAN) END AS "paid",
  CASE WHEN regexp_matches("texts"."created_at", '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6}0*)?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"$') THEN CASE WHEN year(make_timestamp(epoch_us(TRY_CAST(trim("texts"."created_at", '"') AS TIMESTAMPTZ)))) BETWEEN 1 AND 9999 THEN make_timestamp(epoch_us(TRY_CAST(trim("texts"."created_at", '"') AS TIMESTAMPTZ))) END END AS "created_at",
  CASE WHEN regexp_matches("texts"."due", '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"$') THEN TRY_CAST(trim("texts"."due", '"') AS DATE) END AS "due",
  "texts"."select" AS "select"
FROM (
  SELECT
    CAST(json_extract("latest"."item", '$."id"') AS VARCHAR) AS "id",
    CAST(json_extract(json_extract(json_extract("latest"."item", '$."lines"'), '$[0]'), '$."quantity"') AS VARCHAR) AS "quantity",
    CAST(json_extract("latest"."item", '$."rating"') AS VARCHAR) AS "rating",
    CAST(json_extract("latest"."item", '$."total"') AS VARCHAR) AS "total",
    CAST(json_extract("latest"."item", '$."volume"') AS VARCHAR) AS "volume",
    CAST(json_extract("latest"."item", '$."paid"') AS VARCHAR) AS "paid",
    CAST(json_extract("latest"."item", '$."createdAt"') AS VARCHAR) AS "created_at",
    CAST(json_extract("latest"."item", '$."due"') AS VARCHAR) AS "due",
    json_extract("latest"."item", '$."it''s \"a.b\" \\ `é`"') AS "select"
  FROM "my_app_orders_latest" AS "latest"
) AS "texts";

COMMENT ON VIEW "my_app_orders" IS 'Orders, typed.';
