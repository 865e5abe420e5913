CREATE OR REPLACE VIEW "my_app_orders_state" AS
SELECT
  "read"."key",
  "read"."item",
  "read"."digest",
  "read"."position",
  "read"."changed_at",
  "read"."snapshot_id",
  CASE WHEN regexp_matches(CAST("read"."parsed"[1] AS VARCHAR), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN starts_with(CAST("read"."parsed"[1] AS VARCHAR), '"') THEN json_extract_string(CAST("read"."parsed"[1] AS VARCHAR), '$') ELSE CAST("read"."parsed"[1] AS VARCHAR) END END AS "id_76ca4880",
  CASE WHEN regexp_matches(CAST("read"."parsed"[2] AS VARCHAR), '^"?(?:0|-?[1-9][0-9]{0,18})"?$') THEN TRY_CAST(trim(CAST("read"."parsed"[2] AS VARCHAR), '"') AS BIGINT) END AS "quantity_468e2e45",
  CASE WHEN regexp_matches(CAST("read"."parsed"[3] AS VARCHAR), '^"?-?(?:0|[1-9][0-9]{0,307})(?:[.][0-9]+)?"?$') THEN TRY_CAST(trim(CAST("read"."parsed"[3] AS VARCHAR), '"') AS DOUBLE) END AS "rating_c076a680",
  CASE WHEN regexp_matches(CAST("read"."parsed"[4] AS VARCHAR), '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN COALESCE(CAST(TRY_CAST(trim(CAST("read"."parsed"[4] AS VARCHAR), '"') AS DECIMAL(18,9)) AS DECIMAL(38,9)), TRY_CAST(trim(CAST("read"."parsed"[4] AS VARCHAR), '"') AS DECIMAL(38,9))) END AS "total_18f57c40",
  CASE WHEN regexp_matches(CAST("read"."parsed"[5] AS VARCHAR), '^"?-?(?:0|[1-9][0-9]{0,37})(?:[.][0-9]{1,38}0*)?"?$') THEN regexp_replace(regexp_replace(trim(CAST("read"."parsed"[5] AS VARCHAR), '"'), '[.]0*$|([.][0-9]*[1-9])0*$', '\1'), '^-0$', '0') END AS "volume_b29f58d3",
  CASE WHEN regexp_matches(CAST("read"."parsed"[6] AS VARCHAR), '^(?:true|false)$') THEN TRY_CAST(trim(CAST("read"."parsed"[6] AS VARCHAR), '"') AS BOOLEAN) END AS "paid_f9145bf0",
  CASE WHEN regexp_matches(CAST("read"."parsed"[7] AS VARCHAR), '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6}0*)?(?:Z| UTC|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"$') THEN list_transform([epoch_us(TRY_CAST(trim(CAST("read"."parsed"[7] AS VARCHAR), '"') AS TIMESTAMPTZ))], lambda micros: CASE WHEN micros BETWEEN -62135596800000000 AND 253402300799999999 THEN make_timestamp(micros) END)[1] END AS "created_at_f2dd498a",
  CASE WHEN regexp_matches(CAST("read"."parsed"[8] AS VARCHAR), '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"$') THEN TRY_CAST(trim(CAST("read"."parsed"[8] AS VARCHAR), '"') AS DATE) END AS "due_57c6d5b4",
  "read"."parsed"[9] AS "select_8449debf"
FROM (
  SELECT
    "changes"."key",
    "changes"."item",
    "changes"."digest",
    "changes"."position",
    "changes"."changed_at",
    '20261125t030000z5b6c' AS "snapshot_id",
    json_extract("changes"."item", ['$."id"', '$."lines"[0]."quantity"', '$."rating"', '$."total"', '$."volume"', '$."paid"', '$."createdAt"', '$."due"', '$."it''s \"a.b\" \\ `é`"']) AS "parsed"
  FROM (
    SELECT "key", "item", "digest", "position", "changed_at", "removed"
    FROM (
      SELECT "key", "new_image" AS "item", "digest", "position", "changed_at", "operation" = 'REMOVE' AS "removed"
      FROM "my_app_orders_changelog"
      WHERE rowid IN (
        SELECT arg_max(rowid, concat("position", epoch_us("ingested_at"), "digest"))
        FROM "my_app_orders_changelog"
        WHERE "generation" = 2
          AND "ingested_at" >= TIMESTAMP '2026-11-25T01:00:00.000Z'
          AND "changed_at" >= TIMESTAMP '2026-11-22T09:25:00.123Z'
          AND "position" >= '2026-10-01T07:08:09.123/'
        GROUP BY "key"
      )
    ) AS "ranked"
    WHERE "ranked"."key" NOT IN (SELECT "key" FROM (
      SELECT "snapshot"."key"
      FROM (
        SELECT "key", CASE WHEN "position" LIKE '%/%' THEN "position" ELSE '2026-10-01T07:08:09.123/000000000000' || "position" END AS "position"
        FROM "my_app_orders_snapshot_20261125t030000z5b6c"
        WHERE "key" IN (
          SELECT "newest"."key"
          FROM (
            SELECT "key", MAX("position") AS "position"
            FROM "my_app_orders_changelog"
            WHERE "generation" = 2
              AND "ingested_at" >= TIMESTAMP '2026-11-25T01:00:00.000Z'
              AND "changed_at" >= TIMESTAMP '2026-11-22T09:25:00.123Z'
              AND "position" >= '2026-10-01T07:08:09.123/'
            GROUP BY "key"
          ) AS "newest"
          WHERE "newest"."position" <= '2026-10-01T07:08:09.123/0000000000000000000000000000000000000042'
        )
      ) AS "snapshot"
      JOIN (
        SELECT "key", MAX("position") AS "position"
        FROM "my_app_orders_changelog"
        WHERE "generation" = 2
          AND "ingested_at" >= TIMESTAMP '2026-11-25T01:00:00.000Z'
          AND "changed_at" >= TIMESTAMP '2026-11-22T09:25:00.123Z'
          AND "position" >= '2026-10-01T07:08:09.123/'
        GROUP BY "key"
      ) AS "newest" ON "newest"."key" = "snapshot"."key"
      WHERE "snapshot"."position" > "newest"."position"
    ) AS "late")
  ) AS "changes"
  WHERE NOT "changes"."removed"
) AS "read"
UNION ALL
SELECT
  "snapshot"."key",
  "snapshot"."item",
  "snapshot"."digest",
  CASE WHEN "snapshot"."position" LIKE '%/%' THEN "snapshot"."position" ELSE '2026-10-01T07:08:09.123/000000000000' || "snapshot"."position" END AS "position",
  "snapshot"."changed_at",
  '20261125t030000z5b6c' AS "snapshot_id",
  "snapshot"."id_76ca4880",
  "snapshot"."quantity_468e2e45",
  "snapshot"."rating_c076a680",
  "snapshot"."total_18f57c40",
  "snapshot"."volume_b29f58d3",
  "snapshot"."paid_f9145bf0",
  "snapshot"."created_at_f2dd498a",
  "snapshot"."due_57c6d5b4",
  "snapshot"."select_8449debf"
FROM "my_app_orders_snapshot_20261125t030000z5b6c" AS "snapshot"
WHERE "snapshot"."key" NOT IN (SELECT "key" FROM (
  SELECT "key"
  FROM (
    SELECT "key", MAX("position") AS "position"
    FROM "my_app_orders_changelog"
    WHERE "generation" = 2
      AND "ingested_at" >= TIMESTAMP '2026-11-25T01:00:00.000Z'
      AND "changed_at" >= TIMESTAMP '2026-11-22T09:25:00.123Z'
      AND "position" >= '2026-10-01T07:08:09.123/'
    GROUP BY "key"
  ) AS "newest"
  WHERE "newest"."key" NOT IN (SELECT "key" FROM (
    SELECT "snapshot"."key"
    FROM (
      SELECT "key", CASE WHEN "position" LIKE '%/%' THEN "position" ELSE '2026-10-01T07:08:09.123/000000000000' || "position" END AS "position"
      FROM "my_app_orders_snapshot_20261125t030000z5b6c"
      WHERE "key" IN (
        SELECT "newest"."key"
        FROM (
          SELECT "key", MAX("position") AS "position"
          FROM "my_app_orders_changelog"
          WHERE "generation" = 2
            AND "ingested_at" >= TIMESTAMP '2026-11-25T01:00:00.000Z'
            AND "changed_at" >= TIMESTAMP '2026-11-22T09:25:00.123Z'
            AND "position" >= '2026-10-01T07:08:09.123/'
          GROUP BY "key"
        ) AS "newest"
        WHERE "newest"."position" <= '2026-10-01T07:08:09.123/0000000000000000000000000000000000000042'
      )
    ) AS "snapshot"
    JOIN (
      SELECT "key", MAX("position") AS "position"
      FROM "my_app_orders_changelog"
      WHERE "generation" = 2
        AND "ingested_at" >= TIMESTAMP '2026-11-25T01:00:00.000Z'
        AND "changed_at" >= TIMESTAMP '2026-11-22T09:25:00.123Z'
        AND "position" >= '2026-10-01T07:08:09.123/'
      GROUP BY "key"
    ) AS "newest" ON "newest"."key" = "snapshot"."key"
    WHERE "snapshot"."position" > "newest"."position"
  ) AS "late")
) AS "changed")
  AND "snapshot"."removed" IS NOT TRUE;

COMMENT ON VIEW "my_app_orders_state" IS 'State.';
