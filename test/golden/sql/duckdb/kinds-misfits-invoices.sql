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
  COALESCE(CAST(to_json(min("judged"."misfits_2", 5)) AS VARCHAR), '[]') AS "listed_2"
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
    CASE WHEN "read"."text_2" <> 'null' AND CASE WHEN regexp_matches("read"."text_2", '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN COALESCE(CAST(TRY_CAST(trim("read"."text_2", '"') AS DECIMAL(18,9)) AS DECIMAL(38,9)), TRY_CAST(trim("read"."text_2", '"') AS DECIMAL(38,9))) END IS NULL THEN "read"."key" || ' ' || CASE SUBSTR("read"."text_2", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_2"
  FROM (
    SELECT
      "rows"."key",
      json_extract("rows"."item", '$."PK"') IS NOT NULL AS "present_0",
      CAST(json_extract("rows"."item", '$."PK"') AS VARCHAR) AS "text_0",
      json_extract("rows"."item", '$."SK"') IS NOT NULL AS "present_1",
      CAST(json_extract("rows"."item", '$."SK"') AS VARCHAR) AS "text_1",
      json_extract("rows"."item", '$."total"') IS NOT NULL AS "present_2",
      CAST(json_extract("rows"."item", '$."total"') AS VARCHAR) AS "text_2"
    FROM (
      SELECT "latest"."key", "latest"."item"
      FROM "Shop_latest" AS "latest"
      WHERE COALESCE(CASE WHEN STARTS_WITH(CAST(json_extract("latest"."item", '$."type"') AS VARCHAR), '"') THEN json_extract_string(CAST(json_extract("latest"."item", '$."type"') AS VARCHAR), '$') END = 'invoice', FALSE)
    ) AS "rows"
  ) AS "read"
) AS "judged";
