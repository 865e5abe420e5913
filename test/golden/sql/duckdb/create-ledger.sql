CREATE TABLE IF NOT EXISTS "tailrace_snapshots" (
  "at" TIMESTAMP NOT NULL,
  "event" VARCHAR NOT NULL,
  "table_name" VARCHAR NOT NULL,
  "table_arn" VARCHAR NOT NULL,
  "table_id" VARCHAR,
  "snapshot_id" VARCHAR NOT NULL,
  "kind" VARCHAR NOT NULL,
  "stream_arn" VARCHAR,
  "started_at" TIMESTAMP NOT NULL,
  "floor" TIMESTAMP,
  "from" TIMESTAMP NOT NULL,
  "reading" VARCHAR,
  "folded" VARCHAR,
  "generation" BIGINT NOT NULL,
  "base_snapshot_id" VARCHAR,
  "item_count" BIGINT,
  "actor" VARCHAR NOT NULL
);

COMMENT ON TABLE "tailrace_snapshots" IS 'it''s "quoted" `so` \ and \'' — é 😀
and a second line; -- DROP TABLE x';

COMMENT ON COLUMN "tailrace_snapshots"."at" IS 'When it happened (UTC).';

COMMENT ON COLUMN "tailrace_snapshots"."event" IS 'started, finished, published or dropped.';

COMMENT ON COLUMN "tailrace_snapshots"."table_name" IS 'The source table''s name.';

COMMENT ON COLUMN "tailrace_snapshots"."table_arn" IS 'The source table''s ARN.';

COMMENT ON COLUMN "tailrace_snapshots"."table_id" IS 'The source table''s TableId.';

COMMENT ON COLUMN "tailrace_snapshots"."snapshot_id" IS 'The snapshot.';

COMMENT ON COLUMN "tailrace_snapshots"."kind" IS 'scan, export or compaction.';

COMMENT ON COLUMN "tailrace_snapshots"."stream_arn" IS 'The stream that was on.';

COMMENT ON COLUMN "tailrace_snapshots"."started_at" IS 'When its reading or compaction began (UTC).';

COMMENT ON COLUMN "tailrace_snapshots"."floor" IS 'Changes before it never count over it (UTC).';

COMMENT ON COLUMN "tailrace_snapshots"."from" IS 'Rows ingested before it need not be read over it (UTC).';

COMMENT ON COLUMN "tailrace_snapshots"."reading" IS 'The scan or export that it goes back to.';

COMMENT ON COLUMN "tailrace_snapshots"."folded" IS 'Greatest position that a compaction took in.';

COMMENT ON COLUMN "tailrace_snapshots"."generation" IS 'Its generation of keys.';

COMMENT ON COLUMN "tailrace_snapshots"."base_snapshot_id" IS 'The snapshot that was published when this one began.';

COMMENT ON COLUMN "tailrace_snapshots"."item_count" IS 'Items in it.';

COMMENT ON COLUMN "tailrace_snapshots"."actor" IS 'Who did it.';
