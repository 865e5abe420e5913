import { isSnapshotId, type SnapshotId } from '../src/snapshot/snapshot-id.ts';
import {
  amountField,
  countField,
  type FileProblem,
  fields,
  fitting,
  flagField,
  list,
  nameField,
  nullable,
  optional,
  readCheckpointText,
  textField,
  timeField,
  WrongField,
} from '../src/state-file.ts';
import type { AttributeMap } from '../src/value/attribute-value.ts';
import { isObject } from '../src/value/is-object.ts';
import { type BackfillCheckpoint, CHECKPOINT_FORMAT } from './checkpoint.ts';

/** The checkpoint's file format: JSON that a person can read, times in ISO 8601. */
export function encodeBackfillCheckpoint(checkpoint: BackfillCheckpoint): string {
  const { destination, basis, rules, segments, units, isDropping = false } = checkpoint;
  const { table, streamArn, id, startedAt, from, generation, expected } = basis;
  const content = {
    format: CHECKPOINT_FORMAT,
    table: { name: table.name, arn: table.arn, table_id: table.tableId },
    stream_arn: streamArn,
    destination,
    snapshot_id: id,
    started_at: isoOf(startedAt),
    from: isoOf(from),
    generation,
    rules,
    replaces: {
      snapshot_id: expected.snapshotId,
      floor: expected.floor === null ? null : isoOf(expected.floor),
      stream_label: expected.streamLabel,
      from: expected.from === null ? null : isoOf(expected.from),
      reading: expected.reading,
      folded: expected.folded,
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

/** Reads a checkpoint from its file's text, or gives in one phrase why it isn't one. */
export function decodeBackfillCheckpoint(json: string): BackfillCheckpoint | FileProblem {
  const file = readCheckpointText(json, CHECKPOINT_FORMAT, content);
  if ('problem' in file) return file;
  const { table, replaces } = file;
  return {
    destination: file.destination,
    basis: {
      table: { name: table.name, arn: table.arn, tableId: table.table_id },
      streamArn: file.stream_arn,
      id: file.snapshot_id,
      startedAt: file.started_at,
      from: file.from,
      generation: file.generation,
      expected: {
        snapshotId: replaces.snapshot_id,
        floor: replaces.floor,
        streamLabel: replaces.stream_label,
        from: replaces.from,
        reading: replaces.reading,
        folded: replaces.folded,
        generation: replaces.generation,
      },
    },
    rules: file.rules,
    segments: file.segments.map(({ start_key: startKey, set_aside: setAside, ...rest }) => ({
      startKey,
      ...rest,
      setAside,
    })),
    units: file.read_units,
    ...(file.dropping && { isDropping: true }),
  };
}

const snapshotId = fitting((value): value is SnapshotId => typeof value === 'string' && isSnapshotId(value));

const key = fitting((value): value is AttributeMap => isObject(value) && Object.values(value).every(isObject));

const segment = fields({
  start_key: nullable(key),
  done: flagField,
  items: countField,
  rows: countField,
  chunks: countField,
  set_aside: countField,
});

const content = fields({
  table: fields({ name: nameField, arn: nameField, table_id: nullable(textField) }),
  stream_arn: nameField,
  destination: nameField,
  snapshot_id: snapshotId,
  started_at: timeField,
  from: timeField,
  generation: countField,
  rules: nullable(textField),
  replaces: fields({
    snapshot_id: nullable(snapshotId),
    floor: nullable(timeField),
    stream_label: nullable(textField),
    from: nullable(timeField),
    reading: nullable(snapshotId),
    folded: nullable(textField),
    generation: countField,
  }),
  read_units: amountField,
  dropping: optional(flagField, false),
  segments(value, path) {
    const segments = list(segment)(value, path);
    if (segments.length === 0) throw new WrongField(path);
    return segments;
  },
});

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
