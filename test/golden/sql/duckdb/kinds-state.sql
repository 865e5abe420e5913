CREATE OR REPLACE VIEW "Shop_state" AS
SELECT
  "read"."key",
  "read"."item",
  "read"."digest",
  "read"."position",
  "read"."changed_at",
  "read"."snapshot_id",
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
    "read"."snapshot_id",
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
      "read"."snapshot_id",
      "read"."parsed",
      list_transform([CASE WHEN STARTS_WITH(CAST("read"."parsed"[6] AS VARCHAR), '"') THEN json_extract_string(CAST("read"."parsed"[6] AS VARCHAR), '$') END], lambda text: CASE WHEN NOT regexp_matches(text, '[]') THEN list_transform([regexp_replace(regexp_replace(regexp_replace(text, '("(?:[^"\\]|\\.)*"|(?:0|-?[1-9][0-9]{0,14})(?:[,\]}\s]|$))|(-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?)([,\]}\s]|$)', '\1\2\3', 'g'), '', '', 'g'), '[]', '"', 'g')], lambda json: CASE WHEN NOT regexp_matches(regexp_replace(json, '"(?:[^"\\]|\\.)*"', '""', 'g'), ',\s*[\]}]|(?i:nan|inf)') THEN json_extract(TRY_CAST(json AS JSON), '$') END)[1] END)[1] AS "document_0"
    FROM (
      SELECT
        "changes"."key",
        "changes"."item",
        "changes"."digest",
        "changes"."position",
        "changes"."changed_at",
        CAST(NULL AS VARCHAR) AS "snapshot_id",
        json_extract("changes"."item", ['$."PK"', '$."createdAt"', '$."createdAt"', '$."hours"."from"', '$."SK"', '$."payload"', '$."tags"', '$."lines"', '$."PK"', '$."payload"', '$."deleted"', '$."SK"', '$."email"', '$."type"', '$."total"', '$."lines"']) AS "parsed"
      FROM (
        SELECT "key", "new_image" AS "item", "digest", "position", "changed_at", "operation" = 'REMOVE' AS "removed"
        FROM "Shop_changelog"
        WHERE rowid IN (
          SELECT arg_max(rowid, concat("position", epoch_us("ingested_at"), "digest"))
          FROM "Shop_changelog"
          WHERE "generation" = 1
          GROUP BY "key"
        )
      ) AS "changes"
      WHERE NOT "changes"."removed"
    ) AS "read"
  ) AS "read"
) AS "read";

COMMENT ON VIEW "Shop_state" IS 'State.';
