CREATE TABLE IF NOT EXISTS `my-project.shop.Shop_changelog` (
  `key` STRING NOT NULL OPTIONS (description = 'Primary key: JSON array of the key attributes in order of their names.'),
  `operation` STRING NOT NULL OPTIONS (description = 'INSERT, MODIFY or REMOVE.'),
  `position` STRING NOT NULL OPTIONS (description = 'Place in the order of changes: stream label, slash, sequence number padded to 40 digits.'),
  `sequence_number` STRING OPTIONS (description = 'The stream\'s own sequence number, unchanged. Text: never order by it.'),
  `event_id` STRING OPTIONS (description = 'The stream\'s own id of the record. Not unique on its own.'),
  `changed_at` TIMESTAMP NOT NULL OPTIONS (description = 'When the change was made, rounded down to the second (UTC).'),
  `ingested_at` TIMESTAMP NOT NULL OPTIONS (description = 'When the row was stored, by the destination\'s own clock (UTC).'),
  `new_image` JSON OPTIONS (description = 'The item after the change. NULL in a REMOVE.'),
  `old_image` JSON OPTIONS (description = 'The item before the change. NULL in an INSERT, and always on a NEW_IMAGE stream.'),
  `digest` STRING OPTIONS (description = 'First 128 bits of the SHA-256 of new_image as it was written, in hexadecimal.'),
  `expired` BOOL NOT NULL OPTIONS (description = 'Whether the item was removed by the table\'s time to live.'),
  `origin` STRING NOT NULL OPTIONS (description = 'Which way the row came: stream, replay or tail.'),
  `generation` INT64 NOT NULL OPTIONS (description = 'Number of the rules for keys in force; views count one generation only.')
)
PARTITION BY DATE(`ingested_at`)
CLUSTER BY `key`
OPTIONS (description = 'Changes of Shop.');
