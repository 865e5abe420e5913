SELECT COUNT(*) AS "rows", COUNT("removed") AS "tombstones", MAX(CASE WHEN "position" LIKE '%/%' THEN "position" ELSE '2026-10-01T07:08:09.123/000000000000' || "position" END) AS "folded"
FROM "my_app_orders_snapshot_20261122t093000z1f3a";
