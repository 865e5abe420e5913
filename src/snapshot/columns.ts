import type { Column } from '../column.ts';
import type { SnapshotRow } from './row.ts';

/** The columns of what a backfill loads, in order. */
export const LOAD_COLUMNS = [
  {
    name: 'key',
    field: 'key',
    type: 'STRING',
    required: true,
    description: 'Primary key: JSON array of the key attributes in order of their names.',
  },
  { name: 'item', field: 'item', type: 'JSON', required: false, description: 'The item. NULL only in a tombstone.' },
  {
    name: 'digest',
    field: 'digest',
    type: 'STRING',
    required: false,
    description: 'First 128 bits of the SHA-256 of item as it was written, in hexadecimal.',
  },
] as const satisfies readonly Column<SnapshotRow>[];

/** A snapshot's own columns, in order. Its typed columns follow. */
export const SNAPSHOT_COLUMNS = [
  ...LOAD_COLUMNS,
  {
    name: 'position',
    type: 'STRING',
    required: false,
    description:
      'Position of the change that made the item so; NULL when a scan read it. Where it has no /, it goes on after the label of the stream_arn in tailrace_snapshots, a / and twelve zeros.',
  },
  {
    name: 'changed_at',
    type: 'TIMESTAMP',
    required: false,
    description: 'When that change was made (UTC). NULL when a scan read it.',
  },
  {
    name: 'removed',
    type: 'BOOL',
    required: false,
    description: 'TRUE in a tombstone, the row of a removed item. Otherwise NULL.',
  },
] as const satisfies readonly Omit<Column<SnapshotRow>, 'field'>[];
