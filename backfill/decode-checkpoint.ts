import { z } from 'zod';
import { isSnapshotId } from '../src/snapshot/snapshot-id.ts';
import type { AttributeMap } from '../src/value/attribute-value.ts';
import { isObject } from '../src/value/is-object.ts';
import { type BackfillCheckpoint, CHECKPOINT_FORMAT } from './checkpoint.ts';

const count = z.int().min(0);
const time = z.iso.datetime().transform((text) => Date.parse(text));
const snapshotId = z.string().refine(isSnapshotId);

/** A key, or nothing. Checked by hand: a record of zod's loses an attribute named `__proto__`. */
const key = z.custom<AttributeMap | null>(
  (value) => value === null || (isObject(value) && Object.values(value).every(isObject)),
);

const file = z.strictObject({
  format: z.literal(CHECKPOINT_FORMAT),
  table: z.strictObject({ name: z.string().min(1), arn: z.string().min(1), table_id: z.string().nullable() }),
  stream_arn: z.string().min(1),
  destination: z.string().min(1),
  snapshot_id: snapshotId,
  started_at: time,
  generation: count,
  rules: z.string().nullable(),
  replaces: z.strictObject({
    snapshot_id: snapshotId.nullable(),
    floor: time.nullable(),
    stream_label: z.string().nullable(),
    generation: count,
  }),
  read_units: z.number().min(0),
  dropping: z.literal(true).optional(),
  segments: z
    .array(
      z.strictObject({ start_key: key, done: z.boolean(), items: count, rows: count, chunks: count, set_aside: count }),
    )
    .min(1),
});

/** What a checkpoint's file holds, as JSON. */
export type CheckpointContent = z.input<typeof file>;

/** Reads a checkpoint from its file's text, or says in one phrase why it isn't one. */
export function decodeCheckpoint(text: string): BackfillCheckpoint | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: 'is not JSON' };
  }
  if (!isObject(json) || typeof json['format'] !== 'string') return { problem: 'is not a checkpoint' };
  if (json['format'] !== CHECKPOINT_FORMAT) return { problem: `has another format than ${CHECKPOINT_FORMAT}` };
  const read = file.safeParse(json);
  // Only where: what is there may be a key's value.
  if (!read.success) return { problem: `has a wrong ${read.error.issues[0]?.path.join('.') || 'field'}` };
  const { table, replaces, ...rest } = read.data;
  return {
    destination: rest.destination,
    basis: {
      table: { name: table.name, arn: table.arn, tableId: table.table_id },
      streamArn: rest.stream_arn,
      id: rest.snapshot_id,
      startedAt: rest.started_at,
      generation: rest.generation,
      expected: {
        snapshotId: replaces.snapshot_id,
        floor: replaces.floor,
        streamLabel: replaces.stream_label,
        generation: replaces.generation,
      },
    },
    rules: rest.rules,
    segments: rest.segments.map((segment) => ({
      startKey: segment.start_key,
      done: segment.done,
      items: segment.items,
      rows: segment.rows,
      chunks: segment.chunks,
      setAside: segment.set_aside,
    })),
    units: rest.read_units,
    ...(rest.dropping && { isDropping: true }),
  };
}
