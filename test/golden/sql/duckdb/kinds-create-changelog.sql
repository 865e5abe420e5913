CREATE TABLE IF NOT EXISTS "Shop_changelog" (
  "key" VARCHAR NOT NULL,
  "operation" VARCHAR NOT NULL,
  "position" VARCHAR NOT NULL,
  "sequence_number" VARCHAR,
  "event_id" VARCHAR,
  "changed_at" TIMESTAMP NOT NULL,
  "ingested_at" TIMESTAMP NOT NULL,
  "new_image" JSON,
  "old_image" JSON,
  "digest" VARCHAR,
  "expired" BOOLEAN NOT NULL,
  "origin" VARCHAR NOT NULL,
  "generation" BIGINT NOT NULL
);

COMMENT ON TABLE "Shop_changelog" IS 'Changes of Shop.';

COMMENT ON COLUMN "Shop_changelog"."key" IS 'Primary key: JSON array of the key attributes in order of their names.';

COMMENT ON COLUMN "Shop_changelog"."operation" IS 'INSERT, MODIFY or REMOVE.';

COMMENT ON COLUMN "Shop_changelog"."position" IS 'Place in the order of changes: stream label, slash, sequence number padded to 40 digits.';

COMMENT ON COLUMN "Shop_changelog"."sequence_number" IS 'The stream''s own sequence number, unchanged. Text: never order by it.';

COMMENT ON COLUMN "Shop_changelog"."event_id" IS 'The stream''s own id of the record. Not unique on its own.';

COMMENT ON COLUMN "Shop_changelog"."changed_at" IS 'When the change was made, rounded down to the second (UTC).';

COMMENT ON COLUMN "Shop_changelog"."ingested_at" IS 'When the row was stored, by the destination''s own clock (UTC).';

COMMENT ON COLUMN "Shop_changelog"."new_image" IS 'The item after the change. NULL in a REMOVE.';

COMMENT ON COLUMN "Shop_changelog"."old_image" IS 'The item before the change. NULL in an INSERT, and always on a NEW_IMAGE stream.';

COMMENT ON COLUMN "Shop_changelog"."digest" IS 'First 128 bits of the SHA-256 of new_image as it was written, in hexadecimal.';

COMMENT ON COLUMN "Shop_changelog"."expired" IS 'Whether the item was removed by the table''s time to live.';

COMMENT ON COLUMN "Shop_changelog"."origin" IS 'Which way the row came: stream, replay or tail.';

COMMENT ON COLUMN "Shop_changelog"."generation" IS 'Number of the rules for keys in force; views count one generation only.';
