CREATE OR REPLACE VIEW "my_app_orders_state" AS
SELECT
  "changes"."key",
  "changes"."item",
  "changes"."digest",
  "changes"."position",
  "changes"."changed_at",
  CAST(NULL AS VARCHAR) AS "snapshot_id"
FROM (
  SELECT "key", "new_image" AS "item", "digest", "position", "changed_at", "operation" = 'REMOVE' AS "removed"
  FROM "my_app_orders_changelog"
  WHERE rowid IN (
    SELECT arg_max(rowid, concat("position", epoch_us("ingested_at"), "digest"))
    FROM "my_app_orders_changelog"
    WHERE "generation" = 1
    GROUP BY "key"
  )
) AS "changes"
WHERE NOT "changes"."removed";

COMMENT ON VIEW "my_app_orders_state" IS 'State.';
