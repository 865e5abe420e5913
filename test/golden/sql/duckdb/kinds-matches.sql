SELECT
  COUNT(*) AS "items",
  COUNT(CASE WHEN "matches"."matched_0" + "matches"."matched_1" = 0 THEN 1 END) AS "unmatched",
  COUNT(CASE WHEN "matches"."matched_0" + "matches"."matched_1" > 1 THEN 1 END) AS "repeated",
  COUNT(CASE WHEN "matches"."matched_0" = 1 THEN 1 END) AS "matched_0",
  COUNT(CASE WHEN "matches"."found_0_0" THEN 1 END) AS "found_0_0",
  COUNT(CASE WHEN "matches"."found_0_1" THEN 1 END) AS "found_0_1",
  COUNT(CASE WHEN "matches"."found_0_2" THEN 1 END) AS "found_0_2",
  COUNT(CASE WHEN "matches"."matched_1" = 1 THEN 1 END) AS "matched_1",
  COUNT(CASE WHEN "matches"."found_1_0" THEN 1 END) AS "found_1_0"
FROM (
  SELECT
    1 AS "one",
    CASE WHEN COALESCE(STARTS_WITH(CASE WHEN STARTS_WITH(CAST(json_extract("items"."item", '$."PK"') AS VARCHAR), '"') THEN json_extract_string(CAST(json_extract("items"."item", '$."PK"') AS VARCHAR), '$') END, 'CUSTOMER''s#'), FALSE) AND COALESCE(CAST(json_extract(list_transform([CASE WHEN STARTS_WITH(CAST(json_extract("items"."item", '$."payload"') AS VARCHAR), '"') THEN json_extract_string(CAST(json_extract("items"."item", '$."payload"') AS VARCHAR), '$') END], lambda text: CASE WHEN NOT regexp_matches(text, '[]') THEN list_transform([regexp_replace(regexp_replace(regexp_replace(text, '("(?:[^"\\]|\\.)*"|(?:0|-?[1-9][0-9]{0,14})(?:[,\]}\s]|$))|(-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?)([,\]}\s]|$)', '\1\2\3', 'g'), '', '', 'g'), '[]', '"', 'g')], lambda json: CASE WHEN NOT regexp_matches(regexp_replace(json, '"(?:[^"\\]|\\.)*"', '""', 'g'), ',\s*[\]}]|(?i:nan|inf)') THEN json_extract(TRY_CAST(json AS JSON), '$') END)[1] END)[1], '$."active"') AS VARCHAR) = 'true', FALSE) AND NOT (json_extract("items"."item", '$."deleted"') IS NOT NULL) THEN 1 ELSE 0 END AS "matched_0",
    json_extract("items"."item", '$."PK"') IS NOT NULL AS "found_0_0",
    json_extract("items"."item", '$."payload"') IS NOT NULL AS "found_0_1",
    json_extract("items"."item", '$."deleted"') IS NOT NULL AS "found_0_2",
    CASE WHEN COALESCE(CASE WHEN STARTS_WITH(CAST(json_extract("items"."item", '$."type"') AS VARCHAR), '"') THEN json_extract_string(CAST(json_extract("items"."item", '$."type"') AS VARCHAR), '$') END = 'invoice', FALSE) THEN 1 ELSE 0 END AS "matched_1",
    json_extract("items"."item", '$."type"') IS NOT NULL AS "found_1_0"
  FROM "Shop_latest" AS "items"
) AS "matches";
