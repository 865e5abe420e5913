CREATE OR REPLACE VIEW "Shop_latest" AS
SELECT "key", "item", "digest", "position", "changed_at", "snapshot_id"
FROM "Shop_state";

COMMENT ON VIEW "Shop_latest" IS 'Current state.';
