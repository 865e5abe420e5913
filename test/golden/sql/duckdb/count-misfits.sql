SELECT
  COUNT(*) AS "items",
  COUNT(CASE WHEN "texts"."id" <> 'null' AND CASE WHEN regexp_matches("texts"."id", '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with("texts"."id", '"') THEN json_extract_string("texts"."id", '$') ELSE "texts"."id" END END IS NULL THEN 1 END) AS "misfits_0",
  COUNT(CASE WHEN "texts"."quantity" <> 'null' AND CASE WHEN regexp_matches("texts"."quantity", '^"?(?:0|-?[1-9][0-9]{0,18})"?$') THEN TRY_CAST(trim("texts"."quantity", '"') AS BIGINT) END IS NULL THEN 1 END) AS "misfits_1",
  COUNT(CASE WHEN "texts"."rating" <> 'null' AND CASE WHEN regexp_matches("texts"."rating", '^(?:-?[0-9.]+(?:[eE][+-]?[0-9]+)?|"-?(?:0|[1-9][0-9]{0,307})(?:[.][0-9]+)?")$') THEN TRY_CAST(trim("texts"."rating", '"') AS DOUBLE) END IS NULL THEN 1 END) AS "misfits_2",
  COUNT(CASE WHEN "texts"."total" <> 'null' AND CASE WHEN regexp_matches("texts"."total", '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN TRY_CAST(trim("texts"."total", '"') AS DECIMAL(38,9)) END IS NULL THEN 1 END) AS "misfits_3",
  COUNT(CASE WHEN "texts"."volume" <> 'null' AND CASE WHEN regexp_matches("texts"."volume", '^"?-?(?:0|[1-9][0-9]{0,37})(?:[.][0-9]{1,38}0*)?"?$') THEN regexp_replace(regexp_replace(trim("texts"."volume", '"'), '[.]0*$|([.][0-9]*[1-9])0*$', '\1'), '^-0$', '0') END IS NULL THEN 1 END) AS "misfits_4",
  COUNT(CASE WHEN "texts"."paid" <> 'null' AND CASE WHEN regexp_matches("texts"."paid", '^(?:true|false)$') THEN TRY_CAST(trim("texts"."paid", '"') AS BOOLEAN) END IS NULL THEN 1 END) AS "misfits_5",
  COUNT(CASE WHEN "texts"."created_at" <> 'null' AND CASE WHEN regexp_matches("texts"."created_at", '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6}0*)?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"$') THEN CASE WHEN year(make_timestamp(epoch_us(TRY_CAST(trim("texts"."created_at", '"') AS TIMESTAMPTZ)))) BETWEEN 1 AND 9999 THEN make_timestamp(epoch_us(TRY_CAST(trim("texts"."created_at", '"') AS TIMESTAMPTZ))) END END IS NULL THEN 1 END) AS "misfits_6",
  COUNT(CASE WHEN "texts"."due" <> 'null' AND CASE WHEN regexp_matches("texts"."due", '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"$') THEN TRY_CAST(trim("texts"."due", '"') AS DATE) END IS NULL THEN 1 END) AS "misfits_7",
  0 AS "misfits_8"
FROM (
  SELECT
    CASE WHEN regexp_matches("read"."id", '^-?[0-9][.]?[0-9]*[eE]') THEN
      REGEXP_REPLACE("read"."id", '[0-9].*$', '') || REGEXP_REPLACE(
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."id", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 1, 331 + TRY_CAST(trim(REGEXP_REPLACE("read"."id", '^.*[eE][+]?', ''), '"') AS BIGINT))
        || '.' ||
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."id", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 332 + TRY_CAST(trim(REGEXP_REPLACE("read"."id", '^.*[eE][+]?', ''), '"') AS BIGINT)),
        '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\1'
      )
    ELSE "read"."id" END AS "id",
    "read"."quantity",
    "read"."rating",
    CASE WHEN regexp_matches("read"."total", '^-?[0-9][.]?[0-9]*[eE]') THEN
      REGEXP_REPLACE("read"."total", '[0-9].*$', '') || REGEXP_REPLACE(
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."total", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 1, 331 + TRY_CAST(trim(REGEXP_REPLACE("read"."total", '^.*[eE][+]?', ''), '"') AS BIGINT))
        || '.' ||
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."total", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 332 + TRY_CAST(trim(REGEXP_REPLACE("read"."total", '^.*[eE][+]?', ''), '"') AS BIGINT)),
        '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\1'
      )
    ELSE "read"."total" END AS "total",
    CASE WHEN regexp_matches("read"."volume", '^-?[0-9][.]?[0-9]*[eE]') THEN
      REGEXP_REPLACE("read"."volume", '[0-9].*$', '') || REGEXP_REPLACE(
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."volume", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 1, 331 + TRY_CAST(trim(REGEXP_REPLACE("read"."volume", '^.*[eE][+]?', ''), '"') AS BIGINT))
        || '.' ||
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."volume", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 332 + TRY_CAST(trim(REGEXP_REPLACE("read"."volume", '^.*[eE][+]?', ''), '"') AS BIGINT)),
        '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\1'
      )
    ELSE "read"."volume" END AS "volume",
    "read"."paid",
    "read"."created_at",
    "read"."due",
    "read"."select"
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
  ) AS "read"
) AS "texts";
