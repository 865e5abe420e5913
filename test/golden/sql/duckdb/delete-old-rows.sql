DELETE FROM "my_app_orders_changelog"
WHERE "ingested_at" < TIMESTAMP '2026-06-28T00:00:00.000Z';
