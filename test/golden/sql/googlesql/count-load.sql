SELECT COUNT(*) AS `rows`, COUNT(DISTINCT `key`) AS `keys`
FROM `my-project.shop.tailrace_load_20261122t093000z1f3a`;
