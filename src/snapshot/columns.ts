import type { Column } from '../column.ts';
import type { SnapshotRow } from './row.ts';

/** A snapshot's columns, in order. */
export const SNAPSHOT_COLUMNS = [
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
  {
    name: 'position',
    field: 'position',
    type: 'STRING',
    required: false,
    description: 'Position of the change that made the item so. NULL when a scan read it.',
  },
  {
    name: 'changed_at',
    field: 'changedAt',
    type: 'TIMESTAMP',
    required: false,
    description: 'When that change was made (UTC). NULL when a scan read it.',
  },
  {
    name: 'removed',
    field: 'removed',
    type: 'BOOL',
    required: false,
    description: 'Whether the row is a tombstone. NULL when a scan read it.',
  },
] as const satisfies readonly Column<SnapshotRow>[];
