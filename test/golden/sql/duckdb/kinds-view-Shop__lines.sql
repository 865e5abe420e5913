CREATE OR REPLACE VIEW "Shop__lines" AS
SELECT
  "items"."PK_6e810269" AS "PK",
  "items"."SK_84ec6a57" AS "SK",
  "items"."element"."sku_1a9da785" AS "sku",
  "items"."element"."colours_9e423b17" AS "colours",
  "place" AS "index",
  "items"."changed_at" AS "changed_at",
  "items"."position" AS "position"
FROM (
  SELECT
    "PK_6e810269",
    "SK_84ec6a57",
    "changed_at",
    "position",
    unnest("lines_52964bc2") AS "element",
    CAST(generate_subscripts("lines_52964bc2", 1) - 1 AS BIGINT) AS "place"
  FROM "Shop_state"
) AS "items";

COMMENT ON VIEW "Shop__lines" IS 'Typed.';
