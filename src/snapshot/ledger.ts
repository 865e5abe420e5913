import type { Column } from '../column.ts';
import { streamArn as readStreamArn } from '../order/stream-arn.ts';
import type { Published } from './published.ts';
import type { SnapshotId } from './snapshot-id.ts';

export type LedgerEventName = 'started' | 'finished' | 'published' | 'dropped';

/**
 * What is known of a snapshot: the same in each of its events, but for what is counted at its end. Its table's annotation
 * has these facts too. Times are milliseconds since the epoch.
 */
export type SnapshotFacts = {
  /** Name of the source table in DynamoDB. */
  readonly tableName: string;
  readonly tableArn: string;
  readonly tableId: string | null;
  readonly snapshotId: SnapshotId;
  readonly kind: 'scan' | 'export' | 'compaction';
  /** The stream that was on when the source was read; `null` for a compaction of changes alone. */
  readonly streamArn: string | null;
  /** When the reading began, by DynamoDB's clock, or the compaction, by the destination's. */
  readonly startedAt: number;
  /** See {@link Published}, as for `from`, `reading` and `folded`. */
  readonly floor: number | null;
  readonly from: number;
  readonly reading: SnapshotId | null;
  /** `null` until the snapshot is finished. */
  readonly folded: string | null;
  readonly generation: number;
  /** The snapshot that was published when this one began. */
  readonly baseSnapshotId: SnapshotId | null;
  /** Items in it; `null` until the snapshot is finished. */
  readonly itemCount: number | null;
};

/** One row of the ledger `tailrace_snapshots`: something that happened to a snapshot. Append-only. */
export type LedgerEvent = SnapshotFacts & {
  readonly at: number;
  readonly event: LedgerEventName;
  /** Who did it: user and host of the command. */
  readonly actor: string;
};

/** What a state over the snapshot stands on. */
export function publishedOver(facts: SnapshotFacts): Published {
  const { snapshotId, floor, streamArn, from, reading, folded, generation } = facts;
  const streamLabel = streamArn === null ? null : readStreamArn(streamArn).label;
  return { snapshotId, floor, streamLabel, from, reading, folded, generation };
}

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
  { name: 'stream_arn', field: 'streamArn', type: 'STRING', required: false, description: 'The stream that was on.' },
  {
    name: 'started_at',
    field: 'startedAt',
    type: 'TIMESTAMP',
    required: true,
    description: 'When its reading or compaction began (UTC).',
  },
  {
    name: 'floor',
    field: 'floor',
    type: 'TIMESTAMP',
    required: false,
    description: 'Changes before it never count over it (UTC).',
  },
  {
    name: 'from',
    field: 'from',
    type: 'TIMESTAMP',
    required: true,
    description: 'Rows ingested before it need not be read over it (UTC).',
  },
  {
    name: 'reading',
    field: 'reading',
    type: 'STRING',
    required: false,
    description: 'The scan or export that it goes back to.',
  },
  {
    name: 'folded',
    field: 'folded',
    type: 'STRING',
    required: false,
    description: 'Greatest position that a compaction took in.',
  },
  { name: 'generation', field: 'generation', type: 'INT64', required: true, description: 'Its generation of keys.' },
  {
    name: 'base_snapshot_id',
    field: 'baseSnapshotId',
    type: 'STRING',
    required: false,
    description: 'The snapshot that was published when this one began.',
  },
  { name: 'item_count', field: 'itemCount', type: 'INT64', required: false, description: 'Items in it.' },
  { name: 'actor', field: 'actor', type: 'STRING', required: true, description: 'Who did it.' },
] as const satisfies readonly Column<LedgerEvent>[];
