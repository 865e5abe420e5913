import type { Column } from '../column.ts';
import type { StampedRow } from './row.ts';

/** The changelog's columns, in order: the same for every source table, whatever its items hold. */
export const CHANGELOG_COLUMNS = [
  {
    name: 'key',
    field: 'key',
    type: 'STRING',
    required: true,
    description: 'Primary key: JSON array of the key attributes in order of their names.',
  },
  { name: 'operation', field: 'operation', type: 'STRING', required: true, description: 'INSERT, MODIFY or REMOVE.' },
  {
    name: 'position',
    field: 'position',
    type: 'STRING',
    required: true,
    description: 'Place in the order of changes: stream label, slash, sequence number padded to 40 digits.',
  },
  {
    name: 'sequence_number',
    field: 'sequenceNumber',
    type: 'STRING',
    required: false,
    description: "The stream's own sequence number, unchanged. Text: never order by it.",
  },
  {
    name: 'event_id',
    field: 'eventId',
    type: 'STRING',
    required: false,
    description: "The stream's own id of the record. Not unique on its own.",
  },
  {
    name: 'changed_at',
    field: 'changedAt',
    type: 'TIMESTAMP',
    required: true,
    description: 'When the change was made, rounded down to the second (UTC).',
  },
  {
    name: 'ingested_at',
    field: 'ingestedAt',
    type: 'TIMESTAMP',
    required: true,
    description: "When the row was stored, by the destination's own clock (UTC).",
  },
  {
    name: 'new_image',
    field: 'newImage',
    type: 'JSON',
    required: false,
    description: 'The item after the change. NULL in a REMOVE.',
  },
  {
    name: 'old_image',
    field: 'oldImage',
    type: 'JSON',
    required: false,
    description: 'The item before the change. NULL in an INSERT, and always on a NEW_IMAGE stream.',
  },
  {
    name: 'digest',
    field: 'digest',
    type: 'STRING',
    required: false,
    description: 'First 128 bits of the SHA-256 of new_image as it was written, in hexadecimal.',
  },
  {
    name: 'expired',
    field: 'expired',
    type: 'BOOL',
    required: true,
    description: "Whether the item was removed by the table's time to live.",
  },
  {
    name: 'origin',
    field: 'origin',
    type: 'STRING',
    required: true,
    description: 'Which way the row came: stream, replay or tail.',
  },
  {
    name: 'generation',
    field: 'generation',
    type: 'INT64',
    required: true,
    description: 'Number of the rules for keys in force; views count one generation only.',
  },
] as const satisfies readonly Column<StampedRow>[];
