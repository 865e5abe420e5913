CREATE TABLE IF NOT EXISTS "tailrace_compare_c1" (
  "key" VARCHAR NOT NULL,
  "digest" VARCHAR NOT NULL
);

COMMENT ON TABLE "tailrace_compare_c1" IS 'A comparison.';

COMMENT ON COLUMN "tailrace_compare_c1"."key" IS 'Primary key of an item of the source.';

COMMENT ON COLUMN "tailrace_compare_c1"."digest" IS 'The item''s digest.';
