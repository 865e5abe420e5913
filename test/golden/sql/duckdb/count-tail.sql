SELECT COUNT(*) AS "rows"
FROM "my_app_orders_changelog"
WHERE "ingested_at" >= TIMESTAMP '2026-11-25T01:00:00.000Z';
