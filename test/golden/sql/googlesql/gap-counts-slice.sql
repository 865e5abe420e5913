SELECT `standing`, COUNT(*) AS `records`
FROM (
  SELECT `held`.`shard_id`, `held`.`place`, `held`.`ordinal`,
    CASE
      WHEN `kept`.`key` IS NOT NULL THEN 'present'
      WHEN `held`.`parked` = 1 THEN 'parked'
      WHEN `held`.`changed_at` > TIMESTAMP '2026-11-22T09:25:00.123Z' THEN 'in-flight'
      ELSE 'missing'
    END AS `standing`
  FROM (
    SELECT `shard_id`, `position`, `key`,
      CONCAT(`position`, '/', MIN(`sequence_number`)) AS `place`,
      MAX(`changed_at`) AS `changed_at`, MAX(`parked`) AS `parked`,
      ROW_NUMBER() OVER (PARTITION BY `shard_id` ORDER BY `position`, `key`) AS `ordinal`
    FROM `my-project.shop.tailrace_compare_g1`
    WHERE (`shard_id` > 'o\'shard"\\`' OR (`shard_id` = 'o\'shard"\\`' AND `position` > 'l/1'))
      AND (`shard_id` < 'shard-2' OR (`shard_id` = 'shard-2' AND `position` <= 'l/2'))
    GROUP BY `shard_id`, `position`, `key`
  ) AS `held`
  LEFT JOIN (
    SELECT DISTINCT `position`, `key`
    FROM `my-project.shop.my_app_orders_changelog`
    WHERE `ingested_at` >= TIMESTAMP '2026-11-20T00:00:00.000Z'
    AND (`position`, `key`) IN (
      SELECT (`position`, `key`)
      FROM `my-project.shop.tailrace_compare_g1`
      WHERE (`shard_id` > 'o\'shard"\\`' OR (`shard_id` = 'o\'shard"\\`' AND `position` > 'l/1'))
        AND (`shard_id` < 'shard-2' OR (`shard_id` = 'shard-2' AND `position` <= 'l/2'))
    )
  ) AS `kept`
  ON `held`.`position` = `kept`.`position` AND `held`.`key` = `kept`.`key`
) AS `judged`
GROUP BY `standing`;
