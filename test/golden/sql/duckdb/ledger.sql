SELECT "at", "event", "table_name", "table_arn", "table_id", "snapshot_id", "kind", "stream_arn", "started_at", "floor", "from", "reading", "folded", "generation", "base_snapshot_id", "item_count", "actor"
FROM "tailrace_snapshots"
WHERE "table_name" = 'my-app.orders'
ORDER BY "at", "snapshot_id", CASE "event" WHEN 'started' THEN 1 WHEN 'finished' THEN 2 WHEN 'published' THEN 3 ELSE 4 END;
