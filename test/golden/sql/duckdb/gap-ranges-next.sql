SELECT "shard_id", "standing", MIN("place") AS "first_place",
  MAX("place") AS "last_place", COUNT(*) AS "records",
  MAX("ordinal") AS "last_ordinal"
FROM (
  SELECT "shard_id", "place", "standing", "ordinal",
    "ordinal" - ROW_NUMBER() OVER (
      PARTITION BY "shard_id", "standing" ORDER BY "ordinal"
    ) AS "run"
  FROM (
    SELECT "held"."shard_id", "held"."place", "held"."ordinal",
      CASE
        WHEN "kept"."key" IS NOT NULL THEN 'present'
        WHEN "held"."parked" = 1 THEN 'parked'
        WHEN "held"."changed_at" > TIMESTAMP '2026-11-22T09:25:00.123Z' THEN 'in-flight'
        ELSE 'missing'
      END AS "standing"
    FROM (
      SELECT "shard_id", "position", "key",
        CONCAT("position", '/', MIN("sequence_number")) AS "place",
        MAX("changed_at") AS "changed_at", MAX("parked") AS "parked",
        ROW_NUMBER() OVER (PARTITION BY "shard_id" ORDER BY "position", "key") AS "ordinal"
      FROM "tailrace_compare_g1"
      GROUP BY "shard_id", "position", "key"
    ) AS "held"
    LEFT JOIN (
      SELECT DISTINCT "position", "key"
      FROM "my_app_orders_changelog"
      WHERE "ingested_at" >= TIMESTAMP '2026-11-20T00:00:00.000Z'
    ) AS "kept"
    ON "held"."position" = "kept"."position" AND "held"."key" = "kept"."key"
  ) AS "judged"
) AS "runs"
WHERE "standing" <> 'present'
  AND ("shard_id" > 'it''s "quoted" `so` \ and \'' — é 😀
and a second line; -- DROP TABLE x' OR ("shard_id" = 'it''s "quoted" `so` \ and \'' — é 😀
and a second line; -- DROP TABLE x' AND "ordinal" > 3))
GROUP BY "shard_id", "standing", "run"
ORDER BY "shard_id", "last_ordinal"
LIMIT 100;
