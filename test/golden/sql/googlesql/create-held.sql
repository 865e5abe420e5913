CREATE TABLE IF NOT EXISTS `my-project.shop.tailrace_compare_g1` (
  `shard_id` STRING NOT NULL OPTIONS (description = 'Shard of the stream.'),
  `position` STRING NOT NULL OPTIONS (description = 'Place in the order of changes.'),
  `key` STRING NOT NULL OPTIONS (description = 'Primary key; empty if it is unreadable.'),
  `sequence_number` STRING NOT NULL OPTIONS (description = 'The stream\'s own sequence number.'),
  `changed_at` TIMESTAMP NOT NULL OPTIONS (description = 'When it changed (UTC).'),
  `parked` INT64 NOT NULL OPTIONS (description = '1 if it is among the dead letters.')
)
OPTIONS (description = 'A search.');
