CREATE TABLE IF NOT EXISTS "tailrace_load_20261122t093000z1f3a" (
  "key" VARCHAR NOT NULL,
  "item" JSON,
  "digest" VARCHAR
);

COMMENT ON TABLE "tailrace_load_20261122t093000z1f3a" IS 'Items of orders on their way.';

COMMENT ON COLUMN "tailrace_load_20261122t093000z1f3a"."key" IS 'Primary key: JSON array of the key attributes in order of their names.';

COMMENT ON COLUMN "tailrace_load_20261122t093000z1f3a"."item" IS 'The item. NULL only in a tombstone.';

COMMENT ON COLUMN "tailrace_load_20261122t093000z1f3a"."digest" IS 'First 128 bits of the SHA-256 of item as it was written, in hexadecimal.';
