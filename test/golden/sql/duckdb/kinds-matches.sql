SELECT
  COUNT(*) AS "items",
  COUNT(CASE WHEN "matches"."matched_0" + "matches"."matched_1" = 0 THEN 1 END) AS "unmatched",
  COUNT(CASE WHEN "matches"."matched_0" + "matches"."matched_1" > 1 THEN 1 END) AS "repeated",
  COUNT(CASE WHEN "matches"."matched_0" = 1 THEN 1 END) AS "matched_0",
  COUNT(CASE WHEN "matches"."matched_1" = 1 THEN 1 END) AS "matched_1"
FROM (
  SELECT
    CASE WHEN COALESCE(STARTS_WITH(CASE WHEN STARTS_WITH(CAST(json_extract("latest"."item", '$."PK"') AS VARCHAR), '"') THEN json_extract_string(CAST(json_extract("latest"."item", '$."PK"') AS VARCHAR), '$') END, 'CUSTOMER''s#'), FALSE) AND COALESCE(CAST(json_extract(CASE WHEN NOT regexp_matches(CASE WHEN STARTS_WITH(CAST(json_extract("latest"."item", '$."payload"') AS VARCHAR), '"') THEN json_extract_string(CAST(json_extract("latest"."item", '$."payload"') AS VARCHAR), '$') END, '[]') THEN CASE WHEN NOT regexp_matches(regexp_replace(regexp_replace(regexp_replace(regexp_replace(CASE WHEN STARTS_WITH(CAST(json_extract("latest"."item", '$."payload"') AS VARCHAR), '"') THEN json_extract_string(CAST(json_extract("latest"."item", '$."payload"') AS VARCHAR), '$') END, '("(?:[^"\\]|\\.)*"|(?:0|-?[1-9][0-9]{0,14})(?:[,\]}\s]|$))|(-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?)([,\]}\s]|$)', '\1\2\3', 'g'), '', '', 'g'), '[]', '"', 'g'), '"(?:[^"\\]|\\.)*"', '""', 'g'), ',\s*[\]}]|(?i:nan|inf)') THEN json_extract(TRY_CAST(regexp_replace(regexp_replace(regexp_replace(CASE WHEN STARTS_WITH(CAST(json_extract("latest"."item", '$."payload"') AS VARCHAR), '"') THEN json_extract_string(CAST(json_extract("latest"."item", '$."payload"') AS VARCHAR), '$') END, '("(?:[^"\\]|\\.)*"|(?:0|-?[1-9][0-9]{0,14})(?:[,\]}\s]|$))|(-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?)([,\]}\s]|$)', '\1\2\3', 'g'), '', '', 'g'), '[]', '"', 'g') AS JSON), '$') END END, '$."active"') AS VARCHAR) = 'true', FALSE) AND NOT (json_extract("latest"."item", '$."deleted"') IS NOT NULL) THEN 1 ELSE 0 END AS "matched_0",
    CASE WHEN COALESCE(CASE WHEN STARTS_WITH(CAST(json_extract("latest"."item", '$."type"') AS VARCHAR), '"') THEN json_extract_string(CAST(json_extract("latest"."item", '$."type"') AS VARCHAR), '$') END = 'invoice', FALSE) THEN 1 ELSE 0 END AS "matched_1"
  FROM "Shop_latest" AS "latest"
) AS "matches";
