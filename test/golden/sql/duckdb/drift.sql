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
  COALESCE(CAST(to_json(min("judged"."misfits_0", 1)) AS VARCHAR), '[]') AS "listed_0"
FROM (
  SELECT
    "read"."key",
    "read"."present_0",
    "read"."present_0" AND "read"."text_0" = 'null' AS "nulls_0",
    CASE WHEN "read"."text_0" <> 'null' AND CASE WHEN regexp_matches("read"."text_0", '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with("read"."text_0", '"') THEN json_extract_string("read"."text_0", '$') ELSE "read"."text_0" END END IS NULL THEN "read"."key" || ' ' || CASE SUBSTR("read"."text_0", 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END END AS "misfits_0"
  FROM (
    SELECT
      "rows"."key",
      json_extract("rows"."item", '$."id"') IS NOT NULL AS "present_0",
      CAST(json_extract("rows"."item", '$."id"') AS VARCHAR) AS "text_0"
    FROM (
      SELECT "latest"."key", "latest"."item"
      FROM (
        SELECT "key", "new_image" AS "item"
        FROM "my_app_orders_changelog"
        WHERE "ingested_at" >= TIMESTAMP '2026-11-15T09:30:00.000Z'
          AND "operation" <> 'REMOVE'
      ) AS "latest"
    ) AS "rows"
  ) AS "read"
) AS "judged";

SELECT "shape", COUNT(*) AS "items"
FROM (
  SELECT SUBSTR(regexp_replace(CAST("item" AS VARCHAR), '("(?:[^"\\]|\\.)*":)|"(?:[^"\\]|\\.)*"|[^{}\[\]"]+', '\1', 'g'), 1, 20000) AS "shape"
  FROM (
    SELECT "key", "new_image" AS "item"
    FROM "my_app_orders_changelog"
    WHERE "ingested_at" >= TIMESTAMP '2026-11-15T09:30:00.000Z'
      AND "operation" <> 'REMOVE'
  ) AS "sampled"
) AS "shapes"
GROUP BY "shape"
ORDER BY "items" DESC, "shape"
LIMIT 1000;
