SELECT
  COUNT(*) AS "items",
  COUNT(CASE WHEN "judged"."present_0" THEN 1 END) AS "present_0",
  COUNT(CASE WHEN "judged"."nulls_0" THEN 1 END) AS "nulls_0",
  COUNT("judged"."misfits_0") AS "misfits_0",
  COUNT(CASE WHEN "judged"."misfits_0" LIKE '% string' THEN 1 END) AS "strings_0",
  COUNT(CASE WHEN "judged"."misfits_0" LIKE '% number' THEN 1 END) AS "numbers_0",
  COUNT(CASE WHEN "judged"."misfits_0" LIKE '% boolean' THEN 1 END) AS "booleans_0",
  COUNT(CASE WHEN "judged"."misfits_0" LIKE '% object' THEN 1 END) AS "objects_0",
  COUNT(CASE WHEN "judged"."misfits_0" LIKE '% array' THEN 1 END) AS "arrays_0",
  COALESCE(CAST(to_json(min("judged"."misfits_0", 5)) AS VARCHAR), '[]') AS "listed_0",
  COUNT(CASE WHEN "judged"."present_1" THEN 1 END) AS "present_1",
  COUNT(CASE WHEN "judged"."nulls_1" THEN 1 END) AS "nulls_1",
  COUNT("judged"."misfits_1") AS "misfits_1",
  COUNT(CASE WHEN "judged"."misfits_1" LIKE '% string' THEN 1 END) AS "strings_1",
  COUNT(CASE WHEN "judged"."misfits_1" LIKE '% number' THEN 1 END) AS "numbers_1",
  COUNT(CASE WHEN "judged"."misfits_1" LIKE '% boolean' THEN 1 END) AS "booleans_1",
  COUNT(CASE WHEN "judged"."misfits_1" LIKE '% object' THEN 1 END) AS "objects_1",
  COUNT(CASE WHEN "judged"."misfits_1" LIKE '% array' THEN 1 END) AS "arrays_1",
  COALESCE(CAST(to_json(min("judged"."misfits_1", 5)) AS VARCHAR), '[]') AS "listed_1",
  COUNT(CASE WHEN "judged"."present_2" THEN 1 END) AS "present_2",
  COUNT(CASE WHEN "judged"."nulls_2" THEN 1 END) AS "nulls_2",
  COUNT("judged"."misfits_2") AS "misfits_2",
  COUNT(CASE WHEN "judged"."misfits_2" LIKE '% string' THEN 1 END) AS "strings_2",
  COUNT(CASE WHEN "judged"."misfits_2" LIKE '% number' THEN 1 END) AS "numbers_2",
  COUNT(CASE WHEN "judged"."misfits_2" LIKE '% boolean' THEN 1 END) AS "booleans_2",
  COUNT(CASE WHEN "judged"."misfits_2" LIKE '% object' THEN 1 END) AS "objects_2",
  COUNT(CASE WHEN "judged"."misfits_2" LIKE '% array' THEN 1 END) AS "arrays_2",
  COALESCE(CAST(to_json(min("judged"."misfits_2", 5)) AS VARCHAR), '[]') AS "listed_2",
  COUNT(CASE WHEN "judged"."present_3" THEN 1 END) AS "present_3",
  COUNT(CASE WHEN "judged"."nulls_3" THEN 1 END) AS "nulls_3",
  COUNT("judged"."misfits_3") AS "misfits_3",
  COUNT(CASE WHEN "judged"."misfits_3" LIKE '% string' THEN 1 END) AS "strings_3",
  COUNT(CASE WHEN "judged"."misfits_3" LIKE '% number' THEN 1 END) AS "numbers_3",
  COUNT(CASE WHEN "judged"."misfits_3" LIKE '% boolean' THEN 1 END) AS "booleans_3",
  COUNT(CASE WHEN "judged"."misfits_3" LIKE '% object' THEN 1 END) AS "objects_3",
  COUNT(CASE WHEN "judged"."misfits_3" LIKE '% array' THEN 1 END) AS "arrays_3",
  COALESCE(CAST(to_json(min("judged"."misfits_3", 5)) AS VARCHAR), '[]') AS "listed_3"
FROM (
  SELECT
    "read"."key",
    "read"."present_0",
    "read"."present_0" AND "read"."text_0" = 'null' AS "nulls_0",
    CASE WHEN "read"."text_0" <> 'null' AND CASE WHEN regexp_matches("read"."text_0", '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with("read"."text_0", '"') THEN json_extract_string("read"."text_0", '$') ELSE "read"."text_0" END END IS NULL THEN "read"."key" || ' ' || CASE SUBSTR("read"."text_0", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_0",
    "read"."present_1",
    "read"."present_1" AND "read"."text_1" = 'null' AS "nulls_1",
    CASE WHEN "read"."text_1" <> 'null' AND CASE WHEN regexp_matches("read"."text_1", '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with("read"."text_1", '"') THEN json_extract_string("read"."text_1", '$') ELSE "read"."text_1" END END IS NULL THEN "read"."key" || ' ' || CASE SUBSTR("read"."text_1", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_1",
    "read"."present_2",
    "read"."present_2" AND "read"."text_2" = 'null' AS "nulls_2",
    CASE WHEN "read"."text_2" <> 'null' AND CASE WHEN regexp_matches("read"."text_2", '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with("read"."text_2", '"') THEN json_extract_string("read"."text_2", '$') ELSE "read"."text_2" END END IS NULL THEN "read"."key" || ' ' || CASE SUBSTR("read"."text_2", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_2",
    "read"."present_3",
    "read"."present_3" AND "read"."text_3" = 'null' AS "nulls_3",
    CASE WHEN "read"."text_3" <> 'null' AND "read"."text_3" <> '[]' AND len(CASE WHEN json_type("read"."value_3") = 'ARRAY' AND len(list_filter(list_transform(json_extract("read"."value_3", '$[*]'), lambda element: CASE WHEN regexp_matches(CAST(element AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST(element AS VARCHAR), '"') THEN json_extract_string(CAST(element AS VARCHAR), '$') ELSE CAST(element AS VARCHAR) END END), lambda value: value IS NULL)) = 0 THEN list_transform(json_extract("read"."value_3", '$[*]'), lambda element: CASE WHEN regexp_matches(CAST(element AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST(element AS VARCHAR), '"') THEN json_extract_string(CAST(element AS VARCHAR), '$') ELSE CAST(element AS VARCHAR) END END) ELSE CAST([] AS VARCHAR[]) END) = 0 THEN "read"."key" || ' ' || CASE SUBSTR("read"."text_3", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_3"
  FROM (
    SELECT
      "rows"."key",
      json_extract("rows"."item", '$."PK"') IS NOT NULL AS "present_0",
      CAST(json_extract("rows"."item", '$."PK"') AS VARCHAR) AS "text_0",
      json_extract("rows"."item", '$."SK"') IS NOT NULL AS "present_1",
      CAST(json_extract("rows"."item", '$."SK"') AS VARCHAR) AS "text_1",
      json_extract("rows"."element", '$."sku"') IS NOT NULL AS "present_2",
      CAST(json_extract("rows"."element", '$."sku"') AS VARCHAR) AS "text_2",
      json_extract("rows"."element", '$."colours"') IS NOT NULL AS "present_3",
      CAST(json_extract("rows"."element", '$."colours"') AS VARCHAR) AS "text_3",
      json_extract("rows"."element", '$."colours"') AS "value_3"
    FROM (
      SELECT "latest"."key", "latest"."item", unnest(CASE WHEN json_type(json_extract("latest"."item", '$."lines"')) = 'ARRAY' THEN json_extract(json_extract("latest"."item", '$."lines"'), '$[*]') END) AS "element"
      FROM "Shop_latest" AS "latest"
    ) AS "rows"
  ) AS "read"
) AS "judged";
