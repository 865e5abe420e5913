CREATE TABLE IF NOT EXISTS "Shop_snapshot_20261122t093000z1f3a" (
  "key" VARCHAR NOT NULL USING COMPRESSION uncompressed,
  "item" JSON,
  "digest" VARCHAR,
  "position" VARCHAR,
  "changed_at" TIMESTAMP,
  "removed" BOOLEAN,
  "PK_6e810269" VARCHAR,
  "created_6ebb93d4" TIMESTAMP,
  "day_d10c5b58" DATE,
  "opened_80453ef6" TIMESTAMP,
  "device_60296240" VARCHAR,
  "user_id_e03e203e" VARCHAR,
  "tags_cd03b31f" VARCHAR[],
  "skus_b345094f" VARCHAR[],
  "is_2f6f4c69" BOOLEAN,
  "is_5bd8a13c" BOOLEAN,
  "is_9470c725" BOOLEAN,
  "SK_84ec6a57" VARCHAR,
  "email_870f42fd" VARCHAR,
  "is_8318f603" BOOLEAN,
  "total_18f57c40" DECIMAL(38,9),
  "lines_52964bc2" STRUCT("sku_1a9da785" VARCHAR, "colours_9e423b17" VARCHAR[])[]
);

COMMENT ON TABLE "Shop_snapshot_20261122t093000z1f3a" IS 'Items of Shop.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."key" IS 'Primary key: JSON array of the key attributes in order of their names.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."item" IS 'The item. NULL only in a tombstone.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."digest" IS 'First 128 bits of the SHA-256 of item as it was written, in hexadecimal.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."position" IS 'Position of the change that made the item so; NULL when a scan read it. Where it has no /, it goes on after the label of the stream_arn in tailrace_snapshots, a / and twelve zeros.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."changed_at" IS 'When that change was made (UTC). NULL when a scan read it.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."removed" IS 'TRUE in a tombstone, the row of a removed item. Otherwise NULL.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."PK_6e810269" IS 'STRING at ["PK"] of the item.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."created_6ebb93d4" IS 'TIMESTAMP at ["createdAt"] of the item.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."day_d10c5b58" IS 'DATE at ["createdAt"] of the item.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."opened_80453ef6" IS 'TIMESTAMP at ["hours","from"] of the item.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."device_60296240" IS 'STRING at ["SK"] of the item.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."user_id_e03e203e" IS 'STRING at ["payload",{"json":true},"user","id"] of the item.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."tags_cd03b31f" IS 'STRING at ["tags"] of the item.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."skus_b345094f" IS 'STRING at ["lines",{"each":true},"sku"] of the item.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."is_2f6f4c69" IS 'Whether the value at ["PK"] of the item meets a condition of a view.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."is_5bd8a13c" IS 'Whether the value at ["payload",{"json":true},"active"] of the item meets a condition of a view.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."is_9470c725" IS 'Whether the value at ["deleted"] of the item meets a condition of a view.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."SK_84ec6a57" IS 'STRING at ["SK"] of the item.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."email_870f42fd" IS 'STRING at ["email"] of the item.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."is_8318f603" IS 'Whether the value at ["type"] of the item meets a condition of a view.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."total_18f57c40" IS 'NUMERIC at ["total"] of the item.';

COMMENT ON COLUMN "Shop_snapshot_20261122t093000z1f3a"."lines_52964bc2" IS 'The elements of the list at ["lines"] of the item.';

INSERT INTO "Shop_snapshot_20261122t093000z1f3a" ("key", "item", "digest", "position", "changed_at", "removed", "PK_6e810269", "created_6ebb93d4", "day_d10c5b58", "opened_80453ef6", "device_60296240", "user_id_e03e203e", "tags_cd03b31f", "skus_b345094f", "is_2f6f4c69", "is_5bd8a13c", "is_9470c725", "SK_84ec6a57", "email_870f42fd", "is_8318f603", "total_18f57c40", "lines_52964bc2")
SELECT
  "read"."key",
  "read"."item",
  "read"."digest",
  "read"."position",
  "read"."changed_at",
  "read"."removed",
  CASE WHEN regexp_matches(CAST("read"."parsed"[1] AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST("read"."parsed"[1] AS VARCHAR), '"') THEN json_extract_string(CAST("read"."parsed"[1] AS VARCHAR), '$') ELSE CAST("read"."parsed"[1] AS VARCHAR) END END AS "PK_6e810269",
  CASE WHEN regexp_matches(CAST("read"."parsed"[2] AS VARCHAR), '^"?-?(?:0|[1-9][0-9]{0,17})(?:[.][0-9]{1,3}0*)?"?$') THEN list_transform([CAST(replace(CAST(TRY_CAST(trim(CAST("read"."parsed"[2] AS VARCHAR), '"') AS DECIMAL(18,3)) AS VARCHAR), '.', '') AS BIGINT)], lambda micros: CASE WHEN micros BETWEEN -62135596800000000 AND 253402300799999999 THEN make_timestamp(micros) END)[1] END AS "created_6ebb93d4",
  CASE WHEN regexp_matches(CAST("read"."parsed"[3] AS VARCHAR), '^"?-?(?:0|[1-9][0-9]{0,17})(?:[.][0-9]{1,3}0*)?"?$') THEN CAST(list_transform([timezone('Europe/Berlin', timezone('UTC', list_transform([CAST(replace(CAST(TRY_CAST(trim(CAST("read"."parsed"[3] AS VARCHAR), '"') AS DECIMAL(18,3)) AS VARCHAR), '.', '') AS BIGINT)], lambda micros: CASE WHEN micros BETWEEN -62135596800000000 AND 253402300799999999 THEN make_timestamp(micros) END)[1]))], lambda found: CASE WHEN year(found) BETWEEN 1 AND 9999 THEN found END)[1] AS DATE) END AS "day_d10c5b58",
  CASE WHEN regexp_matches(CAST("read"."parsed"[4] AS VARCHAR), '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?"$') THEN list_transform([TRY_CAST(regexp_replace(trim(CAST("read"."parsed"[4] AS VARCHAR), '"'), '([.][0-9]{6})[0-9]+', '\1') AS TIMESTAMP)], lambda local: list_transform([timezone('UTC', timezone('Europe/Berlin', local))], lambda last: list_transform([local - (timezone('Europe/Berlin', timezone('UTC', last - INTERVAL 24 HOURS)) - (last - INTERVAL 24 HOURS))], lambda first: list_transform([CASE WHEN timezone('Europe/Berlin', timezone('UTC', first)) = local THEN first WHEN timezone('Europe/Berlin', timezone('UTC', last)) = local THEN last END], lambda found: CASE WHEN year(found) BETWEEN 1 AND 9999 THEN found END)[1])[1])[1])[1] END AS "opened_80453ef6",
  CASE WHEN regexp_matches("read"."device_60296240", '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with("read"."device_60296240", '"') THEN json_extract_string("read"."device_60296240", '$') ELSE "read"."device_60296240" END END AS "device_60296240",
  CASE WHEN regexp_matches("read"."user_id_e03e203e", '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with("read"."user_id_e03e203e", '"') THEN json_extract_string("read"."user_id_e03e203e", '$') ELSE "read"."user_id_e03e203e" END END AS "user_id_e03e203e",
  CASE WHEN json_type("read"."parsed"[7]) = 'ARRAY' AND len(list_filter(list_transform(json_extract("read"."parsed"[7], '$[*]'), lambda element: CASE WHEN regexp_matches(CAST(element AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST(element AS VARCHAR), '"') THEN json_extract_string(CAST(element AS VARCHAR), '$') ELSE CAST(element AS VARCHAR) END END), lambda value: value IS NULL)) = 0 THEN list_transform(json_extract("read"."parsed"[7], '$[*]'), lambda element: CASE WHEN regexp_matches(CAST(element AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST(element AS VARCHAR), '"') THEN json_extract_string(CAST(element AS VARCHAR), '$') ELSE CAST(element AS VARCHAR) END END) ELSE CAST([] AS VARCHAR[]) END AS "tags_cd03b31f",
  CASE WHEN json_type("read"."parsed"[8]) = 'ARRAY' AND len(list_filter(list_transform(json_extract("read"."parsed"[8], '$[*]'), lambda element: CASE WHEN regexp_matches(CAST(json_extract(element, '$."sku"') AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST(json_extract(element, '$."sku"') AS VARCHAR), '"') THEN json_extract_string(CAST(json_extract(element, '$."sku"') AS VARCHAR), '$') ELSE CAST(json_extract(element, '$."sku"') AS VARCHAR) END END), lambda value: value IS NULL)) = 0 THEN list_transform(json_extract("read"."parsed"[8], '$[*]'), lambda element: CASE WHEN regexp_matches(CAST(json_extract(element, '$."sku"') AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST(json_extract(element, '$."sku"') AS VARCHAR), '"') THEN json_extract_string(CAST(json_extract(element, '$."sku"') AS VARCHAR), '$') ELSE CAST(json_extract(element, '$."sku"') AS VARCHAR) END END) ELSE CAST([] AS VARCHAR[]) END AS "skus_b345094f",
  COALESCE(STARTS_WITH(CASE WHEN STARTS_WITH(CAST("read"."parsed"[9] AS VARCHAR), '"') THEN json_extract_string(CAST("read"."parsed"[9] AS VARCHAR), '$') END, 'CUSTOMER''s#'), FALSE) AS "is_2f6f4c69",
  COALESCE("read"."is_5bd8a13c" = 'true', FALSE) AS "is_5bd8a13c",
  NOT ("read"."parsed"[11] IS NOT NULL) AS "is_9470c725",
  CASE WHEN regexp_matches(CAST("read"."parsed"[12] AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST("read"."parsed"[12] AS VARCHAR), '"') THEN json_extract_string(CAST("read"."parsed"[12] AS VARCHAR), '$') ELSE CAST("read"."parsed"[12] AS VARCHAR) END END AS "SK_84ec6a57",
  CASE WHEN regexp_matches(CAST("read"."parsed"[13] AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST("read"."parsed"[13] AS VARCHAR), '"') THEN json_extract_string(CAST("read"."parsed"[13] AS VARCHAR), '$') ELSE CAST("read"."parsed"[13] AS VARCHAR) END END AS "email_870f42fd",
  COALESCE(CASE WHEN STARTS_WITH(CAST("read"."parsed"[14] AS VARCHAR), '"') THEN json_extract_string(CAST("read"."parsed"[14] AS VARCHAR), '$') END = 'invoice', FALSE) AS "is_8318f603",
  CASE WHEN regexp_matches(CAST("read"."parsed"[15] AS VARCHAR), '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN COALESCE(CAST(TRY_CAST(trim(CAST("read"."parsed"[15] AS VARCHAR), '"') AS DECIMAL(18,9)) AS DECIMAL(38,9)), TRY_CAST(trim(CAST("read"."parsed"[15] AS VARCHAR), '"') AS DECIMAL(38,9))) END AS "total_18f57c40",
  list_transform(json_extract(CASE WHEN json_type("read"."parsed"[16]) = 'ARRAY' THEN "read"."parsed"[16] ELSE '[]'::JSON END, '$[*]'), lambda element: struct_pack(
    "sku_1a9da785" := CASE WHEN regexp_matches(CAST(json_extract(element, '$."sku"') AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST(json_extract(element, '$."sku"') AS VARCHAR), '"') THEN json_extract_string(CAST(json_extract(element, '$."sku"') AS VARCHAR), '$') ELSE CAST(json_extract(element, '$."sku"') AS VARCHAR) END END,
    "colours_9e423b17" := CASE WHEN json_type(json_extract(element, '$."colours"')) = 'ARRAY' AND len(list_filter(list_transform(json_extract(json_extract(element, '$."colours"'), '$[*]'), lambda element: CASE WHEN regexp_matches(CAST(element AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST(element AS VARCHAR), '"') THEN json_extract_string(CAST(element AS VARCHAR), '$') ELSE CAST(element AS VARCHAR) END END), lambda value: value IS NULL)) = 0 THEN list_transform(json_extract(json_extract(element, '$."colours"'), '$[*]'), lambda element: CASE WHEN regexp_matches(CAST(element AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST(element AS VARCHAR), '"') THEN json_extract_string(CAST(element AS VARCHAR), '$') ELSE CAST(element AS VARCHAR) END END) ELSE CAST([] AS VARCHAR[]) END
  )) AS "lines_52964bc2"
FROM (
  SELECT
    "read"."key",
    "read"."item",
    "read"."digest",
    "read"."position",
    "read"."changed_at",
    "read"."removed",
    "read"."parsed",
    "read"."document_0",
    CAST(to_json(string_split(CASE WHEN STARTS_WITH(CAST("read"."parsed"[5] AS VARCHAR), '"') THEN json_extract_string(CAST("read"."parsed"[5] AS VARCHAR), '$') END, '#')[-1]) AS VARCHAR) AS "device_60296240",
    CAST(json_extract(json_extract("read"."document_0", '$."user"'), '$."id"') AS VARCHAR) AS "user_id_e03e203e",
    CAST(json_extract("read"."document_0", '$."active"') AS VARCHAR) AS "is_5bd8a13c"
  FROM (
    SELECT
      "read"."key",
      "read"."item",
      "read"."digest",
      "read"."position",
      "read"."changed_at",
      "read"."removed",
      "read"."parsed",
      list_transform([CASE WHEN STARTS_WITH(CAST("read"."parsed"[6] AS VARCHAR), '"') THEN json_extract_string(CAST("read"."parsed"[6] AS VARCHAR), '$') END], lambda text: CASE WHEN NOT regexp_matches(text, '[]') THEN list_transform([regexp_replace(regexp_replace(regexp_replace(text, '("(?:[^"\\]|\\.)*"|(?:0|-?[1-9][0-9]{0,14})(?:[,\]}\s]|$))|(-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?)([,\]}\s]|$)', '\1\2\3', 'g'), '', '', 'g'), '[]', '"', 'g')], lambda json: CASE WHEN NOT regexp_matches(regexp_replace(json, '"(?:[^"\\]|\\.)*"', '""', 'g'), ',\s*[\]}]|(?i:nan|inf)') THEN json_extract(TRY_CAST(json AS JSON), '$') END)[1] END)[1] AS "document_0"
    FROM (
      SELECT
        "loaded"."key",
        "loaded"."item",
        "loaded"."digest",
        CAST(NULL AS VARCHAR) AS "position",
        CAST(NULL AS TIMESTAMP) AS "changed_at",
        CAST(NULL AS BOOLEAN) AS "removed",
        json_extract("loaded"."item", ['$."PK"', '$."createdAt"', '$."createdAt"', '$."hours"."from"', '$."SK"', '$."payload"', '$."tags"', '$."lines"', '$."PK"', '$."payload"', '$."deleted"', '$."SK"', '$."email"', '$."type"', '$."total"', '$."lines"']) AS "parsed"
      FROM "tailrace_load_20261122t093000z1f3a" AS "loaded"
    ) AS "read"
  ) AS "read"
) AS "read";
