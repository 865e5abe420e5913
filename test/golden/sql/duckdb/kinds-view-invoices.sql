CREATE OR REPLACE VIEW "invoices" AS
SELECT
  "PK_6e810269" AS "PK",
  "SK_84ec6a57" AS "SK",
  "total_18f57c40" AS "total",
  "changed_at",
  "position"
FROM "Shop_state"
WHERE "is_8318f603";

COMMENT ON VIEW "invoices" IS 'Typed.';
