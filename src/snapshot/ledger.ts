import type { Column } from '../column.ts';
import type { SnapshotId } from './snapshot-id.ts';

export type LedgerEventName = 'started' | 'finished' | 'published' | 'dropped';

/** One row of the ledger `tailrace_snapshots`: something that happened to a snapshot. Append-only. */
export type LedgerEvent = {
  /** Milliseconds since the epoch, as are all times here. */
  readonly at: number;
  readonly event: LedgerEventName;
  /** Name of the source table in DynamoDB. */
  readonly tableName: string;
  readonly tableArn: string;
  readonly tableId: string | null;
  readonly snapshotId: SnapshotId;
  readonly kind: 'scan' | 'export' | 'compaction';
  readonly streamArn: string;
  /** When the reading began, by DynamoDB's clock. */
  readonly startedAt: number;
  readonly floor: number;
  readonly generation: number;
  /** The snapshot that was published when this one began; only that one may it replace. */
  readonly baseSnapshotId: SnapshotId | null;
  /** Items written; `null` until the snapshot is finished. */
  readonly itemCount: number | null;
  /** Who did it: user and host of the command. */
  readonly actor: string;
};

export const LEDGER_COLUMNS = [
  { name: 'at', field: 'at', type: 'TIMESTAMP', required: true, description: 'When it happened (UTC).' },
  {
    name: 'event',
    field: 'event',
    type: 'STRING',
    required: true,
    description: 'started, finished, published or dropped.',
  },
  { name: 'table_name', field: 'tableName', type: 'STRING', required: true, description: "The source table's name." },
  { name: 'table_arn', field: 'tableArn', type: 'STRING', required: true, description: "The source table's ARN." },
  { name: 'table_id', field: 'tableId', type: 'STRING', required: false, description: "The source table's TableId." },
  { name: 'snapshot_id', field: 'snapshotId', type: 'STRING', required: true, description: 'The snapshot.' },
  { name: 'kind', field: 'kind', type: 'STRING', required: true, description: 'scan, export or compaction.' },
  { name: 'stream_arn', field: 'streamArn', type: 'STRING', required: true, description: 'The stream that was on.' },
  {
    name: 'started_at',
    field: 'startedAt',
    type: 'TIMESTAMP',
    required: true,
    description: "When its reading began, by DynamoDB's clock (UTC).",
  },
  {
    name: 'floor',
    field: 'floor',
    type: 'TIMESTAMP',
    required: true,
    description: 'From when the changelog counts over it (UTC).',
  },
  { name: 'generation', field: 'generation', type: 'INT64', required: true, description: 'Its generation of keys.' },
  {
    name: 'base_snapshot_id',
    field: 'baseSnapshotId',
    type: 'STRING',
    required: false,
    description: 'The snapshot that was published when this one began.',
  },
  { name: 'item_count', field: 'itemCount', type: 'INT64', required: false, description: 'Items written.' },
  { name: 'actor', field: 'actor', type: 'STRING', required: true, description: 'Who did it.' },
] as const satisfies readonly Column<LedgerEvent>[];
