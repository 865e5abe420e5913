CREATE OR REPLACE VIEW "my_app_orders_state" AS
SELECT
  "changes"."key",
  "changes"."item",
  "changes"."digest",
  "changes"."position",
  "changes"."changed_at",
  '20261122t093000z1f3a' AS "snapshot_id"
FROM (
  SELECT "key", "new_image" AS "item", "digest", "position", "changed_at", "operation" = 'REMOVE' AS "removed"
  FROM "my_app_orders_changelog"
  WHERE rowid IN (
    SELECT arg_max(rowid, concat("position", epoch_us("ingested_at"), "digest"))
    FROM "my_app_orders_changelog"
    WHERE "generation" = 2
      AND "ingested_at" >= TIMESTAMP '2026-11-22T07:25:00.123Z'
      AND "changed_at" >= TIMESTAMP '2026-11-22T09:25:00.123Z'
      AND "position" >= 'o''label"\`/'
    GROUP BY "key"
  )
) AS "changes"
WHERE NOT "changes"."removed"
UNION ALL
SELECT
  "snapshot"."key",
  "snapshot"."item",
  "snapshot"."digest",
  CASE WHEN "snapshot"."position" LIKE '%/%' THEN "snapshot"."position" ELSE 'o''label"\`/000000000000' || "snapshot"."position" END AS "position",
  "snapshot"."changed_at",
  '20261122t093000z1f3a' AS "snapshot_id"
FROM "my_app_orders_snapshot_20261122t093000z1f3a" AS "snapshot"
WHERE "snapshot"."key" NOT IN (SELECT "key" FROM (
  SELECT DISTINCT "key"
  FROM "my_app_orders_changelog"
  WHERE "generation" = 2
    AND "ingested_at" >= TIMESTAMP '2026-11-22T07:25:00.123Z'
    AND "changed_at" >= TIMESTAMP '2026-11-22T09:25:00.123Z'
    AND "position" >= 'o''label"\`/'
) AS "changed")
  AND "snapshot"."removed" IS NOT TRUE;

COMMENT ON VIEW "my_app_orders_state" IS 'State.';
