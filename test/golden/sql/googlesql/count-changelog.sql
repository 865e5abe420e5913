SELECT COUNT(*) AS `rows`, MAX(`changed_at`) AS `newest_changed_at`,
  MAX(`ingested_at`) AS `newest_ingested_at`, MAX(`position`) AS `newest_position`
FROM `my-project.shop.my_app_orders_changelog`
WHERE `ingested_at` >= TIMESTAMP '2026-11-20T00:00:00.000Z';

SELECT COUNT(*) AS `rows`, MAX(`changed_at`) AS `newest_changed_at`,
  MAX(`ingested_at`) AS `newest_ingested_at`, MAX(`position`) AS `newest_position`
FROM `my-project.shop.my_app_orders_changelog`;
