import { type BackfillCheckpoint, CHECKPOINT_FORMAT } from './checkpoint.ts';
import type { CheckpointContent } from './decode-checkpoint.ts';

/** The checkpoint's file format: JSON that a person can read, times in ISO 8601. */
export function encodeCheckpoint(checkpoint: BackfillCheckpoint): string {
  const { destination, basis, rules, segments, units, isDropping = false } = checkpoint;
  const { table, streamArn, id, startedAt, generation, expected } = basis;
  const content: CheckpointContent = {
    format: CHECKPOINT_FORMAT,
    table: { name: table.name, arn: table.arn, table_id: table.tableId },
    stream_arn: streamArn,
    destination,
    snapshot_id: id,
    started_at: isoOf(startedAt),
    generation,
    rules,
    replaces: {
      snapshot_id: expected.snapshotId,
      floor: expected.floor === null ? null : isoOf(expected.floor),
      stream_label: expected.streamLabel,
      generation: expected.generation,
    },
    read_units: units,
    ...(isDropping && { dropping: true }),
    segments: segments.map(({ startKey, done, items, rows, chunks, setAside }) => ({
      start_key: startKey,
      done,
      items,
      rows,
      chunks,
      set_aside: setAside,
    })),
  };
  return `${JSON.stringify(content, null, 1)}\n`;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
