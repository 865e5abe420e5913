CREATE TABLE IF NOT EXISTS "tailrace_compare_g1" (
  "shard_id" VARCHAR NOT NULL,
  "position" VARCHAR NOT NULL,
  "key" VARCHAR NOT NULL,
  "sequence_number" VARCHAR NOT NULL,
  "changed_at" TIMESTAMP NOT NULL,
  "parked" BIGINT NOT NULL
);

COMMENT ON TABLE "tailrace_compare_g1" IS 'A search.';

COMMENT ON COLUMN "tailrace_compare_g1"."shard_id" IS 'Shard of the stream.';

COMMENT ON COLUMN "tailrace_compare_g1"."position" IS 'Place in the order of changes.';

COMMENT ON COLUMN "tailrace_compare_g1"."key" IS 'Primary key; empty if it is unreadable.';

COMMENT ON COLUMN "tailrace_compare_g1"."sequence_number" IS 'The stream''s own sequence number.';

COMMENT ON COLUMN "tailrace_compare_g1"."changed_at" IS 'When it changed (UTC).';

COMMENT ON COLUMN "tailrace_compare_g1"."parked" IS '1 if it is among the dead letters.';
