CREATE TABLE IF NOT EXISTS `my-project.shop.my_app_orders_snapshot_20261001t080000z00ff` (
  `key` STRING NOT NULL OPTIONS (description = 'Primary key: JSON array of the key attributes in order of their names.'),
  `item` JSON OPTIONS (description = 'The item. NULL only in a tombstone.'),
  `digest` STRING OPTIONS (description = 'First 128 bits of the SHA-256 of item as it was written, in hexadecimal.'),
  `position` STRING OPTIONS (description = 'Position of the change that made the item so. NULL when a scan read it.'),
  `changed_at` TIMESTAMP OPTIONS (description = 'When that change was made (UTC). NULL when a scan read it.'),
  `removed` BOOL OPTIONS (description = 'Whether the row is a tombstone. NULL when a scan read it.')
)
CLUSTER BY `key`
OPTIONS (description = 'Items of orders.');
