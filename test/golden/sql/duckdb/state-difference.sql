SELECT
  COUNT(CASE WHEN "finding" = 'added' THEN 1 END) AS "added",
  COUNT(CASE WHEN "finding" = 'removed' THEN 1 END) AS "removed",
  COUNT(CASE WHEN "finding" = 'different' THEN 1 END) AS "different",
  COUNT(CASE WHEN "finding" = 'unchanged' THEN 1 END) AS "unchanged"
FROM (
  SELECT
    CASE
      WHEN "before"."key" IS NULL THEN 'added'
      WHEN "after"."key" IS NULL THEN 'removed'
      WHEN "before"."digest" IS DISTINCT FROM "after"."digest" THEN 'different'
      ELSE 'unchanged'
    END AS "finding"
  FROM (
    SELECT "changes"."key", "changes"."digest"
    FROM (
      SELECT "key", "digest", "position", "operation" = 'REMOVE' AS "removed"
      FROM "my_app_orders_changelog"
      WHERE rowid IN (
        SELECT arg_max(rowid, concat("position", epoch_us("ingested_at"), "digest"))
        FROM "my_app_orders_changelog"
        WHERE "generation" = 2
          AND "ingested_at" >= TIMESTAMP '2026-11-22T07:25:00.123Z'
          AND "changed_at" >= TIMESTAMP '2025-10-09T08:53:20.000Z'
          AND "position" >= '2026-10-01T07:08:09.123/'
        GROUP BY "key"
      )
    ) AS "changes"
    WHERE NOT "changes"."removed"
    UNION ALL
    SELECT "snapshot"."key", "snapshot"."digest"
    FROM "my_app_orders_snapshot_20261001t080000z00ff" AS "snapshot"
    WHERE "snapshot"."key" NOT IN (SELECT "key" FROM (
      SELECT DISTINCT "key"
      FROM "my_app_orders_changelog"
      WHERE "generation" = 2
        AND "ingested_at" >= TIMESTAMP '2026-11-22T07:25:00.123Z'
        AND "changed_at" >= TIMESTAMP '2025-10-09T08:53:20.000Z'
        AND "position" >= '2026-10-01T07:08:09.123/'
    ) AS "changed")
      AND "snapshot"."removed" IS NOT TRUE
  ) AS "before"
  FULL OUTER JOIN (
    SELECT "changes"."key", "changes"."digest"
    FROM (
      SELECT "key", "digest", "position", "operation" = 'REMOVE' AS "removed"
      FROM "my_app_orders_changelog"
      WHERE rowid IN (
        SELECT arg_max(rowid, concat("position", epoch_us("ingested_at"), "digest"))
        FROM "my_app_orders_changelog"
        WHERE "generation" = 2
          AND "ingested_at" >= TIMESTAMP '2026-11-22T07:25:00.123Z'
          AND "changed_at" >= TIMESTAMP '2026-11-22T09:25:00.123Z'
          AND "position" >= '2026-10-01T07:08:09.123/'
        GROUP BY "key"
      )
    ) AS "changes"
    WHERE NOT "changes"."removed"
    UNION ALL
    SELECT "snapshot"."key", "snapshot"."digest"
    FROM "my_app_orders_snapshot_20261122t093000z1f3a" AS "snapshot"
    WHERE "snapshot"."key" NOT IN (SELECT "key" FROM (
      SELECT DISTINCT "key"
      FROM "my_app_orders_changelog"
      WHERE "generation" = 2
        AND "ingested_at" >= TIMESTAMP '2026-11-22T07:25:00.123Z'
        AND "changed_at" >= TIMESTAMP '2026-11-22T09:25:00.123Z'
        AND "position" >= '2026-10-01T07:08:09.123/'
    ) AS "changed")
      AND "snapshot"."removed" IS NOT TRUE
  ) AS "after" ON "before"."key" = "after"."key"
) AS "compared";
