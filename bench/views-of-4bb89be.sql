-- The latest view and a typed view over it as Tailrace made them at commit 4bb89be, before it had typed snapshots.
CREATE VIEW "Orders_latest_of_4bb89be" AS
SELECT "key", "item", "digest", "position", "changed_at", '20260101t000000z0000' AS "snapshot_id"
FROM (
  SELECT "key", "item", "digest", "position", "changed_at", "removed",
    ROW_NUMBER() OVER (
      PARTITION BY "key"
      ORDER BY "position" DESC NULLS LAST, "ingested_at" DESC NULLS LAST, "digest" DESC NULLS LAST
    ) AS "recency"
  FROM (
    SELECT "key", "item", "digest", "position", "changed_at",
      CAST(NULL AS TIMESTAMP) AS "ingested_at", COALESCE("removed", FALSE) AS "removed"
    FROM "Orders_snapshot_20260101t000000z0000"
    UNION ALL
    SELECT "key", "new_image" AS "item", "digest", "position", "changed_at",
      "ingested_at", "operation" = 'REMOVE' AS "removed"
    FROM "Orders_changelog"
    WHERE "generation" = 1
      AND "changed_at" >= TIMESTAMP '2025-12-31T23:55:00.000Z'
      AND "position" >= '2025-12-01T00:00:00.000/'
  ) AS "candidates"
) AS "ranked"
WHERE "recency" = 1 AND NOT "removed";

CREATE VIEW "Orders_of_4bb89be" AS
SELECT
  CASE WHEN regexp_matches("texts"."status", '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with("texts"."status", '"') THEN json_extract_string("texts"."status", '$') ELSE "texts"."status" END END AS "status",
  CASE WHEN regexp_matches("texts"."total", '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN TRY_CAST(trim("texts"."total", '"') AS DECIMAL(38,9)) END AS "total",
  CASE WHEN regexp_matches("texts"."city", '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with("texts"."city", '"') THEN json_extract_string("texts"."city", '$') ELSE "texts"."city" END END AS "city",
  CASE WHEN regexp_matches("texts"."quantity", '^"?(?:0|-?[1-9][0-9]{0,18})"?$') THEN TRY_CAST(trim("texts"."quantity", '"') AS BIGINT) END AS "quantity",
  CASE WHEN regexp_matches("texts"."created_at", '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6}0*)?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"$') THEN CASE WHEN year(make_timestamp(epoch_us(TRY_CAST(trim("texts"."created_at", '"') AS TIMESTAMPTZ)))) BETWEEN 1 AND 9999 THEN make_timestamp(epoch_us(TRY_CAST(trim("texts"."created_at", '"') AS TIMESTAMPTZ))) END END AS "created_at",
  CASE WHEN regexp_matches("texts"."gift", '^(?:true|false)$') THEN TRY_CAST(trim("texts"."gift", '"') AS BOOLEAN) END AS "gift",
  CASE WHEN regexp_matches("texts"."weight", '^(?:-?[0-9.]+(?:[eE][+-]?[0-9]+)?|"-?(?:0|[1-9][0-9]{0,307})(?:[.][0-9]+)?")$') THEN TRY_CAST(trim("texts"."weight", '"') AS DOUBLE) END AS "weight"
FROM (
  SELECT
    CASE WHEN regexp_matches("read"."status", '^-?[0-9][.]?[0-9]*[eE]') THEN
      REGEXP_REPLACE("read"."status", '[0-9].*$', '') || REGEXP_REPLACE(
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."status", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 1, 331 + TRY_CAST(trim(REGEXP_REPLACE("read"."status", '^.*[eE][+]?', ''), '"') AS BIGINT))
        || '.' ||
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."status", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 332 + TRY_CAST(trim(REGEXP_REPLACE("read"."status", '^.*[eE][+]?', ''), '"') AS BIGINT)),
        '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\1'
      )
    ELSE "read"."status" END AS "status",
    CASE WHEN regexp_matches("read"."total", '^-?[0-9][.]?[0-9]*[eE]') THEN
      REGEXP_REPLACE("read"."total", '[0-9].*$', '') || REGEXP_REPLACE(
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."total", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 1, 331 + TRY_CAST(trim(REGEXP_REPLACE("read"."total", '^.*[eE][+]?', ''), '"') AS BIGINT))
        || '.' ||
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."total", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 332 + TRY_CAST(trim(REGEXP_REPLACE("read"."total", '^.*[eE][+]?', ''), '"') AS BIGINT)),
        '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\1'
      )
    ELSE "read"."total" END AS "total",
    CASE WHEN regexp_matches("read"."city", '^-?[0-9][.]?[0-9]*[eE]') THEN
      REGEXP_REPLACE("read"."city", '[0-9].*$', '') || REGEXP_REPLACE(
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."city", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 1, 331 + TRY_CAST(trim(REGEXP_REPLACE("read"."city", '^.*[eE][+]?', ''), '"') AS BIGINT))
        || '.' ||
        SUBSTR(REPEAT('0', 330) || REGEXP_REPLACE("read"."city", '^-?([0-9])[.]?([0-9]*)[eE].*$', '\1\2') || REPEAT('0', 330), 332 + TRY_CAST(trim(REGEXP_REPLACE("read"."city", '^.*[eE][+]?', ''), '"') AS BIGINT)),
        '^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$', '\1'
      )
    ELSE "read"."city" END AS "city",
    "read"."quantity",
    "read"."created_at",
    "read"."gift",
    "read"."weight"
  FROM (
    SELECT
      CAST(json_extract("latest"."item", '$."status"') AS VARCHAR) AS "status",
      CAST(json_extract("latest"."item", '$."total"') AS VARCHAR) AS "total",
      CAST(json_extract(json_extract("latest"."item", '$."address"'), '$."city"') AS VARCHAR) AS "city",
      CAST(json_extract("latest"."item", '$."quantity"') AS VARCHAR) AS "quantity",
      CAST(json_extract("latest"."item", '$."created_at"') AS VARCHAR) AS "created_at",
      CAST(json_extract("latest"."item", '$."gift"') AS VARCHAR) AS "gift",
      CAST(json_extract("latest"."item", '$."weight"') AS VARCHAR) AS "weight"
    FROM "Orders_latest_of_4bb89be" AS "latest"
  ) AS "read"
) AS "texts";
