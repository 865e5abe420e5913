CREATE TABLE IF NOT EXISTS `my-project.shop.tailrace_compare_c1` (
  `key` STRING NOT NULL OPTIONS (description = 'Primary key of an item of the source.'),
  `digest` STRING NOT NULL OPTIONS (description = 'The item\'s digest.')
)
OPTIONS (description = 'A comparison.');
