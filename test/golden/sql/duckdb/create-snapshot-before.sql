CREATE TABLE IF NOT EXISTS "my_app_orders_snapshot_20261001t080000z00ff" (
  "key" VARCHAR NOT NULL,
  "item" JSON,
  "digest" VARCHAR,
  "position" VARCHAR,
  "changed_at" TIMESTAMP,
  "removed" BOOLEAN
);

COMMENT ON TABLE "my_app_orders_snapshot_20261001t080000z00ff" IS 'Items of orders.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261001t080000z00ff"."key" IS 'Primary key: JSON array of the key attributes in order of their names.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261001t080000z00ff"."item" IS 'The item. NULL only in a tombstone.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261001t080000z00ff"."digest" IS 'First 128 bits of the SHA-256 of item as it was written, in hexadecimal.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261001t080000z00ff"."position" IS 'Position of the change that made the item so. NULL when a scan read it.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261001t080000z00ff"."changed_at" IS 'When that change was made (UTC). NULL when a scan read it.';

COMMENT ON COLUMN "my_app_orders_snapshot_20261001t080000z00ff"."removed" IS 'Whether the row is a tombstone. NULL when a scan read it.';
