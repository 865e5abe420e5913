CREATE TABLE IF NOT EXISTS `my-project.shop.tailrace_load_20261122t093000z1f3a` (
  `key` STRING NOT NULL OPTIONS (description = 'Primary key: JSON array of the key attributes in order of their names.'),
  `item` JSON OPTIONS (description = 'The item. NULL only in a tombstone.'),
  `digest` STRING OPTIONS (description = 'First 128 bits of the SHA-256 of item as it was written, in hexadecimal.')
)
OPTIONS (description = 'Items of orders on their way.');
