CREATE TABLE IF NOT EXISTS `my-project.shop.tailrace_snapshots` (
  `at` TIMESTAMP NOT NULL OPTIONS (description = 'When it happened (UTC).'),
  `event` STRING NOT NULL OPTIONS (description = 'started, finished, published or dropped.'),
  `table_name` STRING NOT NULL OPTIONS (description = 'The source table\'s name.'),
  `table_arn` STRING NOT NULL OPTIONS (description = 'The source table\'s ARN.'),
  `table_id` STRING OPTIONS (description = 'The source table\'s TableId.'),
  `snapshot_id` STRING NOT NULL OPTIONS (description = 'The snapshot.'),
  `kind` STRING NOT NULL OPTIONS (description = 'scan, export or compaction.'),
  `stream_arn` STRING OPTIONS (description = 'The stream that was on.'),
  `started_at` TIMESTAMP NOT NULL OPTIONS (description = 'When its reading or compaction began (UTC).'),
  `floor` TIMESTAMP OPTIONS (description = 'Changes before it never count over it (UTC).'),
  `from` TIMESTAMP NOT NULL OPTIONS (description = 'Rows ingested before it need not be read over it (UTC).'),
  `reading` STRING OPTIONS (description = 'The scan or export that it goes back to.'),
  `folded` STRING OPTIONS (description = 'Greatest position that a compaction took in.'),
  `generation` INT64 NOT NULL OPTIONS (description = 'Its generation of keys.'),
  `base_snapshot_id` STRING OPTIONS (description = 'The snapshot that was published when this one began.'),
  `item_count` INT64 OPTIONS (description = 'Items in it.'),
  `actor` STRING NOT NULL OPTIONS (description = 'Who did it.')
)
OPTIONS (description = 'it\'s "quoted" `so` \\ and \\\' — é 😀\u000aand a second line; -- DROP TABLE x');
