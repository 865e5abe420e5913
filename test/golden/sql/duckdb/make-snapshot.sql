CREATE TABLE IF NOT EXISTS "my_app_orders_snapshot_20261122t093000z1f3a" (
  "key" VARCHAR NOT NULL USING COMPRESSION uncompressed,
  "item" JSON,
  "digest" VARCHAR,
  "position" VARCHAR,
  "changed_at" TIMESTAMP,
  "removed" BOOLEAN,
  "id_76ca4880" VARCHAR,
  "quantity_468e2e45" BIGINT,
  "rating_c076a680" DOUBLE,
  "total_18f57c40" DECIMAL(38,9),
  "volume_b29f58d3" VARCHAR,
  "paid_f9145bf0" BOOLEAN,
  "created_at_f2dd498a" TIMESTAMP,
  "due_57c6d5b4" DATE,
  "select_8449debf" JSON
);

COMMENT ON TABLE "my_app_orders_snapshot_20261122t093000z1f3a" IS 'Items of orders.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."key" IS 'Primary key: JSON array of the key attributes in order of their names.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."item" IS 'The item. NULL only in a tombstone.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."digest" IS 'First 128 bits of the SHA-256 of item as it was written, in hexadecimal.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."position" IS 'Position of the change that made the item so; NULL when a scan read it. Where it has no /, it goes on after the label of the stream_arn in tailrace_snapshots, a / and twelve zeros.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."changed_at" IS 'When that change was made (UTC). NULL when a scan read it.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."removed" IS 'TRUE in a tombstone, the row of a removed item. Otherwise NULL.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."id_76ca4880" IS 'STRING at ["id"] of the item.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."quantity_468e2e45" IS 'INT64 at ["lines",0,"quantity"] of the item.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."rating_c076a680" IS 'FLOAT64 at ["rating"] of the item.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."total_18f57c40" IS 'NUMERIC at ["total"] of the item.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."volume_b29f58d3" IS 'BIGNUMERIC at ["volume"] of the item.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."paid_f9145bf0" IS 'BOOL at ["paid"] of the item.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."created_at_f2dd498a" IS 'TIMESTAMP at ["createdAt"] of the item.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."due_57c6d5b4" IS 'DATE at ["due"] of the item.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261122t093000z1f3a"."select_8449debf" IS 'JSON at ["it''s \"a.b\" \\ `é`"] of the item.';

INSERT INTO "my_app_orders_snapshot_20261122t093000z1f3a" ("key", "item", "digest", "position", "changed_at", "removed", "id_76ca4880", "quantity_468e2e45", "rating_c076a680", "total_18f57c40", "volume_b29f58d3", "paid_f9145bf0", "created_at_f2dd498a", "due_57c6d5b4", "select_8449debf")
SELECT
  "read"."key",
  "read"."item",
  "read"."digest",
  "read"."position",
  "read"."changed_at",
  "read"."removed",
  CASE WHEN regexp_matches(CAST("read"."parsed"[1] AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST("read"."parsed"[1] AS VARCHAR), '"') THEN json_extract_string(CAST("read"."parsed"[1] AS VARCHAR), '$') ELSE CAST("read"."parsed"[1] AS VARCHAR) END END AS "id_76ca4880",
  CASE WHEN regexp_matches(CAST("read"."parsed"[2] AS VARCHAR), '^"?(?:0|-?[1-9][0-9]{0,18})"?$') THEN TRY_CAST(trim(CAST("read"."parsed"[2] AS VARCHAR), '"') AS BIGINT) END AS "quantity_468e2e45",
  CASE WHEN regexp_matches(CAST("read"."parsed"[3] AS VARCHAR), '^"?-?(?:0|[1-9][0-9]{0,307})(?:[.][0-9]+)?"?$') THEN TRY_CAST(trim(CAST("read"."parsed"[3] AS VARCHAR), '"') AS DOUBLE) END AS "rating_c076a680",
  CASE WHEN regexp_matches(CAST("read"."parsed"[4] AS VARCHAR), '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN COALESCE(CAST(TRY_CAST(trim(CAST("read"."parsed"[4] AS VARCHAR), '"') AS DECIMAL(18,9)) AS DECIMAL(38,9)), TRY_CAST(trim(CAST("read"."parsed"[4] AS VARCHAR), '"') AS DECIMAL(38,9))) END AS "total_18f57c40",
  CASE WHEN regexp_matches(CAST("read"."parsed"[5] AS VARCHAR), '^"?-?(?:0|[1-9][0-9]{0,37})(?:[.][0-9]{1,38}0*)?"?$') THEN regexp_replace(regexp_replace(trim(CAST("read"."parsed"[5] AS VARCHAR), '"'), '[.]0*$|([.][0-9]*[1-9])0*$', '\1'), '^-0$', '0') END AS "volume_b29f58d3",
  CASE WHEN regexp_matches(CAST("read"."parsed"[6] AS VARCHAR), '^(?:true|false)$') THEN TRY_CAST(trim(CAST("read"."parsed"[6] AS VARCHAR), '"') AS BOOLEAN) END AS "paid_f9145bf0",
  CASE WHEN regexp_matches(CAST("read"."parsed"[7] AS VARCHAR), '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6}0*)?(?:Z| UTC|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"$') THEN list_transform([epoch_us(TRY_CAST(trim(CAST("read"."parsed"[7] AS VARCHAR), '"') AS TIMESTAMPTZ))], lambda micros: CASE WHEN micros BETWEEN -62135596800000000 AND 253402300799999999 THEN make_timestamp(micros) END)[1] END AS "created_at_f2dd498a",
  CASE WHEN regexp_matches(CAST("read"."parsed"[8] AS VARCHAR), '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"$') THEN TRY_CAST(trim(CAST("read"."parsed"[8] AS VARCHAR), '"') AS DATE) END AS "due_57c6d5b4",
  "read"."parsed"[9] AS "select_8449debf"
FROM (
  SELECT
    "loaded"."key",
    "loaded"."item",
    "loaded"."digest",
    CAST(NULL AS VARCHAR) AS "position",
    CAST(NULL AS TIMESTAMP) AS "changed_at",
    CAST(NULL AS BOOLEAN) AS "removed",
    json_extract("loaded"."item", ['$."id"', '$."lines"[0]."quantity"', '$."rating"', '$."total"', '$."volume"', '$."paid"', '$."createdAt"', '$."due"', '$."it''s \"a.b\" \\ `é`"']) AS "parsed"
  FROM "tailrace_load_20261122t093000z1f3a" AS "loaded"
) AS "read";
