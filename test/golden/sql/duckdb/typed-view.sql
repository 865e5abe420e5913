CREATE OR REPLACE VIEW "my_app_orders" AS
SELECT
  "id_76ca4880" AS "id",
  "quantity_468e2e45" AS "quantity",
  "rating_c076a680" AS "rating",
  "total_18f57c40" AS "total",
  "volume_b29f58d3" AS "volume",
  "paid_f9145bf0" AS "paid",
  "created_at_f2dd498a" AS "created_at",
  "due_57c6d5b4" AS "due",
  "select_8449debf" AS "select",
  "changed_at",
  "position"
FROM "my_app_orders_state";

COMMENT ON VIEW "my_app_orders" IS 'Orders, typed.';
