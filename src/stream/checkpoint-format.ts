import { isSequenceNumber } from '../order/position.ts';
import {
  countField,
  type FieldReader,
  type FileProblem,
  fields,
  fitting,
  flagField,
  list,
  nameField,
  nullable,
  oneOf,
  optional,
  readCheckpointText,
  timeField,
  WrongField,
} from '../state-file.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { NoticedLoss } from './loss.ts';
import type { ShardProgress } from './shard-life.ts';
import type { IteratorStart } from './stream-client.ts';

/** Names the format of the file and its version; a file of another is refused. */
const FORMAT = 'tailrace-tail-checkpoint/1';

/** The checkpoint's file format: JSON that a person can read, times in ISO 8601. */
export function encodeCheckpoint({ shards, lost, ...checkpoint }: Checkpoint): string {
  const file = {
    format: FORMAT,
    stream_arn: checkpoint.streamArn,
    created_at: fromTime(checkpoint.createdAt),
    table_id: checkpoint.tableId,
    destination: checkpoint.destination,
    replaces: checkpoint.replaces,
    described_at: fromTime(checkpoint.describedAt),
    saved_at: fromTime(checkpoint.savedAt),
    read_until: fromTime(checkpoint.readUntil),
    ended: checkpoint.ended,
    shards: [...shards].map(([id, shard]) => ({
      id,
      parent_id: shard.parentId,
      absent_at: fromTime(shard.absentAt),
      present_at: fromTime(shard.presentAt),
      done: shard.done,
      ...fromStart(shard.resume),
    })),
    lost: lost.map(({ shardId, start, before, to, records, noticedAt }) => ({
      shard_id: shardId,
      ...fromStart(start),
      before,
      to,
      records,
      noticed_at: fromTime(noticedAt),
    })),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Reads a checkpoint from its file's text, or gives in one phrase why it isn't one. */
export function decodeCheckpoint(text: string): Checkpoint | FileProblem {
  return readCheckpointText(text, FORMAT, checkpoint);
}

const sequenceNumber = fitting(isSequenceNumber);

const start: FieldReader<IteratorStart> = (entry, path) => {
  const { at } = fields({ at: oneOf('TRIM_HORIZON', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER') })(entry, path);
  if (at === 'TRIM_HORIZON') return { at };
  return { at, sequenceNumber: fields({ sequence_number: sequenceNumber })(entry, path).sequence_number };
};

const lossFields = fields({
  shard_id: nameField,
  before: nullable(sequenceNumber),
  to: optional(nullable(sequenceNumber), null),
  records: optional(nullable(countField), null),
  noticed_at: timeField,
});

const loss: FieldReader<NoticedLoss> = (entry, path) => {
  const { shard_id: shardId, noticed_at: noticedAt, ...rest } = lossFields(entry, path);
  return { shardId, start: start(entry, path), ...rest, noticedAt };
};

/** Fields that files of this format didn't have from the beginning are optional. */
const fileFields = fields({
  stream_arn: nameField,
  created_at: optional(nullable(timeField), null),
  table_id: optional(nullable(nameField), null),
  destination: nameField,
  replaces: nullable(nameField),
  described_at: nullable(timeField),
  saved_at: optional(nullable(timeField), null),
  read_until: optional(nullable(timeField), null),
  ended: optional(flagField, false),
  lost: list(loss),
});

const shardFields = fields({
  id: nameField,
  parent_id: nullable(nameField),
  done: flagField,
  absent_at: nullable(timeField),
  present_at: optional(nullable(timeField), undefined),
});

const checkpoint: FieldReader<Checkpoint> = (file, path) => {
  const { described_at: describedAt, lost, ...rest } = fileFields(file, path);
  const shards = new Map<string, ShardProgress>();
  const shard: FieldReader<void> = (entry, at) => {
    const { id, parent_id: parentId, done, absent_at: absentAt, present_at: presentAt } = shardFields(entry, at);
    if (shards.has(id)) throw new WrongField(`${at}.id`);
    shards.set(id, {
      parentId,
      resume: start(entry, at),
      done,
      absentAt,
      // An earlier version knew at least that the shard was in the last description.
      presentAt: presentAt === undefined ? describedAt : presentAt,
    });
  };
  fields({ shards: list(shard) })(file, path);
  return {
    streamArn: rest.stream_arn,
    createdAt: rest.created_at,
    tableId: rest.table_id,
    destination: rest.destination,
    replaces: rest.replaces,
    describedAt,
    savedAt: rest.saved_at,
    readUntil: rest.read_until,
    ended: rest.ended,
    shards,
    lost: [...lost],
  };
};

function fromTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function fromStart(at: IteratorStart) {
  return { at: at.at, sequence_number: at.at === 'TRIM_HORIZON' ? null : at.sequenceNumber };
}
