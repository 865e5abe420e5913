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
    SELECT "key", "digest"
    FROM (
      SELECT "key", "digest", "position", "removed",
        ROW_NUMBER() OVER (
          PARTITION BY "key"
          ORDER BY "position" DESC NULLS LAST, "ingested_at" DESC NULLS LAST, "digest" DESC NULLS LAST
        ) AS "recency"
      FROM (
        SELECT "key", "digest", "position",
          "ingested_at", "operation" = 'REMOVE' AS "removed"
        FROM "my_app_orders_changelog"
        WHERE "generation" = 2
      ) AS "candidates"
    ) AS "ranked"
    WHERE "recency" = 1 AND NOT "removed"
  ) AS "before"
  FULL OUTER JOIN (
    SELECT "key", "digest"
    FROM (
      SELECT "key", "digest", "position", "removed",
        ROW_NUMBER() OVER (
          PARTITION BY "key"
          ORDER BY "position" DESC NULLS LAST, "ingested_at" DESC NULLS LAST, "digest" DESC NULLS LAST
        ) AS "recency"
      FROM (
        SELECT "key", "digest", "position",
          CAST(NULL AS TIMESTAMP) AS "ingested_at", COALESCE("removed", FALSE) AS "removed"
        FROM "my_app_orders_snapshot_20261122t093000z1f3a"
        UNION ALL
        SELECT "key", "digest", "position",
          "ingested_at", "operation" = 'REMOVE' AS "removed"
        FROM "my_app_orders_changelog"
        WHERE "generation" = 2
          AND "changed_at" >= TIMESTAMP '2026-11-22T09:25:00.123Z'
          AND "position" >= '2026-10-01T07:08:09.123/'
      ) AS "candidates"
    ) AS "ranked"
    WHERE "recency" = 1 AND NOT "removed"
  ) AS "after" ON "before"."key" = "after"."key"
) AS "compared";
