SELECT
  COUNT(*) AS "items",
  COUNT(CASE WHEN "judged"."present_0" THEN 1 END) AS "present_0",
  COUNT("judged"."misfits_0") AS "misfits_0",
  COALESCE(CAST(to_json(min("judged"."misfits_0", 5)) AS VARCHAR), '[]') AS "listed_0",
  COUNT(CASE WHEN "judged"."present_1" THEN 1 END) AS "present_1",
  COUNT("judged"."misfits_1") AS "misfits_1",
  COALESCE(CAST(to_json(min("judged"."misfits_1", 5)) AS VARCHAR), '[]') AS "listed_1",
  COUNT(CASE WHEN "judged"."present_2" THEN 1 END) AS "present_2",
  COUNT("judged"."misfits_2") AS "misfits_2",
  COALESCE(CAST(to_json(min("judged"."misfits_2", 5)) AS VARCHAR), '[]') AS "listed_2",
  COUNT(CASE WHEN "judged"."present_3" THEN 1 END) AS "present_3",
  COUNT("judged"."misfits_3") AS "misfits_3",
  COALESCE(CAST(to_json(min("judged"."misfits_3", 5)) AS VARCHAR), '[]') AS "listed_3",
  COUNT(CASE WHEN "judged"."present_4" THEN 1 END) AS "present_4",
  COUNT("judged"."misfits_4") AS "misfits_4",
  COALESCE(CAST(to_json(min("judged"."misfits_4", 5)) AS VARCHAR), '[]') AS "listed_4",
  COUNT(CASE WHEN "judged"."present_5" THEN 1 END) AS "present_5",
  COUNT("judged"."misfits_5") AS "misfits_5",
  COALESCE(CAST(to_json(min("judged"."misfits_5", 5)) AS VARCHAR), '[]') AS "listed_5",
  COUNT(CASE WHEN "judged"."present_6" THEN 1 END) AS "present_6",
  COUNT("judged"."misfits_6") AS "misfits_6",
  COALESCE(CAST(to_json(min("judged"."misfits_6", 5)) AS VARCHAR), '[]') AS "listed_6",
  COUNT(CASE WHEN "judged"."present_7" THEN 1 END) AS "present_7",
  COUNT("judged"."misfits_7") AS "misfits_7",
  COALESCE(CAST(to_json(min("judged"."misfits_7", 5)) AS VARCHAR), '[]') AS "listed_7",
  COUNT(CASE WHEN "judged"."present_8" THEN 1 END) AS "present_8",
  0 AS "misfits_8",
  '[]' AS "listed_8"
FROM (
  SELECT
    "texts"."present_0",
    CASE WHEN "texts"."column_0" <> 'null' AND CASE WHEN regexp_matches("texts"."column_0", '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with("texts"."column_0", '"') THEN json_extract_string("texts"."column_0", '$') ELSE "texts"."column_0" END END IS NULL THEN "texts"."key" || ' ' || CASE SUBSTR("texts"."column_0", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_0",
    "texts"."present_1",
    CASE WHEN "texts"."column_1" <> 'null' AND CASE WHEN regexp_matches("texts"."column_1", '^"?(?:0|-?[1-9][0-9]{0,18})"?$') THEN TRY_CAST(trim("texts"."column_1", '"') AS BIGINT) END IS NULL THEN "texts"."key" || ' ' || CASE SUBSTR("texts"."column_1", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_1",
    "texts"."present_2",
    CASE WHEN "texts"."column_2" <> 'null' AND CASE WHEN regexp_matches("texts"."column_2", '^(?:-?[0-9.]+(?:[eE][+-]?[0-9]+)?|"-?(?:0|[1-9][0-9]{0,307})(?:[.][0-9]+)?")$') THEN TRY_CAST(trim("texts"."column_2", '"') AS DOUBLE) END IS NULL THEN "texts"."key" || ' ' || CASE SUBSTR("texts"."column_2", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_2",
    "texts"."present_3",
    CASE WHEN "texts"."column_3" <> 'null' AND CASE WHEN regexp_matches("texts"."column_3", '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN TRY_CAST(trim("texts"."column_3", '"') AS DECIMAL(38,9)) END IS NULL THEN "texts"."key" || ' ' || CASE SUBSTR("texts"."column_3", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_3",
    "texts"."present_4",
    CASE WHEN "texts"."column_4" <> 'null' AND CASE WHEN regexp_matches("texts"."column_4", '^"?-?(?:0|[1-9][0-9]{0,37})(?:[.][0-9]{1,38}0*)?"?$') THEN regexp_replace(regexp_replace(trim("texts"."column_4", '"'), '[.]0*$|([.][0-9]*[1-9])0*$', '\1'), '^-0$', '0') END IS NULL THEN "texts"."key" || ' ' || CASE SUBSTR("texts"."column_4", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_4",
    "texts"."present_5",
    CASE WHEN "texts"."column_5" <> 'null' AND CASE WHEN regexp_matches("texts"."column_5", '^(?:true|false)$') THEN TRY_CAST(trim("texts"."column_5", '"') AS BOOLEAN) END IS NULL THEN "texts"."key" || ' ' || CASE SUBSTR("texts"."column_5", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_5",
    "texts"."present_6",
    CASE WHEN "texts"."column_6" <> 'null' AND CASE WHEN regexp_matches("texts"."column_6", '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6}0*)?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"$') THEN CASE WHEN year(make_timestamp(epoch_us(TRY_CAST(trim("texts"."column_6", '"') AS TIMESTAMPTZ)))) BETWEEN 1 AND 9999 THEN make_timestamp(epoch_us(TRY_CAST(trim("texts"."column_6", '"') AS TIMESTAMPTZ))) END END IS NULL THEN "texts"."key" || ' ' || CASE SUBSTR("texts"."column_6", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_6",
    "texts"."present_7",
    CASE WHEN "texts"."column_7" <> 'null' AND CASE WHEN regexp_matches("texts"."column_7", '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"$') THEN TRY_CAST(trim("texts"."column_7", '"') AS DATE) END IS NULL THEN "texts"."key" || ' ' || CASE SUBSTR("texts"."column_7", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_7",
    "texts"."present_8"
  FROM (
    SELECT
      "read"."key",
      "read"."present_0",
      "read"."present_1",
      "read"."present_2",
      "read"."present_3",
      "read"."present_4",
      "read"."present_5",
      "read"."present_6",
      "read"."present_7",
      "read"."present_8",
      CASE WHEN regexp_matches("read"."column_0", '^-?[0-9][.]?[0-9]*[eE]') THEN
        REGEXP_REPLACE("read"."column_0", '[0-9].*$', '') || REGEXP_REPLACE(
          SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."column_0", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 1, 331 + TRY_CAST(trim(REGEXP_REPLACE("read"."column_0", '^.*[eE][+]?', ''), '"') AS BIGINT))
          || '.' ||
          SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."column_0", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 332 + TRY_CAST(trim(REGEXP_REPLACE("read"."column_0", '^.*[eE][+]?', ''), '"') AS BIGINT)),
          '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\1'
        )
      ELSE "read"."column_0" END AS "column_0",
      "read"."column_1",
      "read"."column_2",
      CASE WHEN regexp_matches("read"."column_3", '^-?[0-9][.]?[0-9]*[eE]') THEN
        REGEXP_REPLACE("read"."column_3", '[0-9].*$', '') || REGEXP_REPLACE(
          SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."column_3", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 1, 331 + TRY_CAST(trim(REGEXP_REPLACE("read"."column_3", '^.*[eE][+]?', ''), '"') AS BIGINT))
          || '.' ||
          SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."column_3", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 332 + TRY_CAST(trim(REGEXP_REPLACE("read"."column_3", '^.*[eE][+]?', ''), '"') AS BIGINT)),
          '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\1'
        )
      ELSE "read"."column_3" END AS "column_3",
      CASE WHEN regexp_matches("read"."column_4", '^-?[0-9][.]?[0-9]*[eE]') THEN
        REGEXP_REPLACE("read"."column_4", '[0-9].*$', '') || REGEXP_REPLACE(
          SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."column_4", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 1, 331 + TRY_CAST(trim(REGEXP_REPLACE("read"."column_4", '^.*[eE][+]?', ''), '"') AS BIGINT))
          || '.' ||
          SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."column_4", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 332 + TRY_CAST(trim(REGEXP_REPLACE("read"."column_4", '^.*[eE][+]?', ''), '"') AS BIGINT)),
          '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\1'
        )
      ELSE "read"."column_4" END AS "column_4",
      "read"."column_5",
      "read"."column_6",
      "read"."column_7",
      "read"."column_8"
    FROM (
      SELECT
        "latest"."key" AS "key",
        json_extract("latest"."item", '$."id"') IS NOT NULL AS "present_0",
        json_extract(json_extract(json_extract("latest"."item", '$."lines"'), '$[0]'), '$."quantity"') IS NOT NULL AS "present_1",
        json_extract("latest"."item", '$."rating"') IS NOT NULL AS "present_2",
        json_extract("latest"."item", '$."total"') IS NOT NULL AS "present_3",
        json_extract("latest"."item", '$."volume"') IS NOT NULL AS "present_4",
        json_extract("latest"."item", '$."paid"') IS NOT NULL AS "present_5",
        json_extract("latest"."item", '$."createdAt"') IS NOT NULL AS "present_6",
        json_extract("latest"."item", '$."due"') IS NOT NULL AS "present_7",
        json_extract("latest"."item", '$."it''s \"a.b\" \\ `é`"') IS NOT NULL AS "present_8",
        CAST(json_extract("latest"."item", '$."id"') AS VARCHAR) AS "column_0",
        CAST(json_extract(json_extract(json_extract("latest"."item", '$."lines"'), '$[0]'), '$."quantity"') AS VARCHAR) AS "column_1",
        CAST(json_extract("latest"."item", '$."rating"') AS VARCHAR) AS "column_2",
        CAST(json_extract("latest"."item", '$."total"') AS VARCHAR) AS "column_3",
        CAST(json_extract("latest"."item", '$."volume"') AS VARCHAR) AS "column_4",
        CAST(json_extract("latest"."item", '$."paid"') AS VARCHAR) AS "column_5",
        CAST(json_extract("latest"."item", '$."createdAt"') AS VARCHAR) AS "column_6",
        CAST(json_extract("latest"."item", '$."due"') AS VARCHAR) AS "column_7",
        json_extract("latest"."item", '$."it''s \"a.b\" \\ `é`"') AS "column_8"
      FROM "my_app_orders_latest" AS "latest"
    ) AS "read"
  ) AS "texts"
) AS "judged";
