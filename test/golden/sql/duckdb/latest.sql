CREATE OR REPLACE VIEW "my_app_orders_latest" AS
SELECT "key", "item", "digest", "position", "changed_at", "snapshot_id"
FROM "my_app_orders_state";

COMMENT ON VIEW "my_app_orders_latest" IS 'Current state.';
