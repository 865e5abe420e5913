import { isSequenceNumber } from '../order/position.ts';
import { isObject } from '../value/is-object.ts';
import type { Checkpoint, LostRange, ShardProgress } from './checkpoint.ts';
import type { IteratorStart } from './stream-client.ts';

/** Names the format of the file and its version; a file of another is refused. */
const FORMAT = 'tailrace-tail-checkpoint/1';

/** The checkpoint's file format: JSON that a person can read, times in ISO 8601. */
export function encodeCheckpoint({ streamArn, destination, replaces, describedAt, shards, lost }: Checkpoint): string {
  const file = {
    format: FORMAT,
    stream_arn: streamArn,
    destination,
    replaces,
    described_at: fromTime(describedAt),
    shards: [...shards].map(([id, shard]) => ({
      id,
      parent_id: shard.parentId,
      absent_at: fromTime(shard.absentAt),
      done: shard.done,
      ...fromStart(shard.resume),
    })),
    lost: lost.map(({ shardId, start, before, noticedAt }) => ({
      shard_id: shardId,
      ...fromStart(start),
      before,
      noticed_at: fromTime(noticedAt),
    })),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Reads a checkpoint from its file's text, or says in one phrase why it isn't one. */
export function decodeCheckpoint(text: string): Checkpoint | { readonly problem: string } {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return { problem: 'is not JSON' };
  }
  if (!isObject(file) || typeof file['format'] !== 'string') return { problem: 'is not a checkpoint' };
  if (file['format'] !== FORMAT) return { problem: `has another format than ${FORMAT}` };
  try {
    return toCheckpoint(file);
  } catch (error) {
    if (error instanceof Mismatch) return { problem: `has a wrong ${error.message}` };
    throw error;
  }
}

class Mismatch extends Error {}

function toCheckpoint(file: Record<string, unknown>): Checkpoint {
  const shards = new Map<string, ShardProgress>();
  for (const entry of list(file, 'shards')) {
    const id = text(entry, 'id');
    if (shards.has(id)) throw new Mismatch('id');
    if (typeof entry['done'] !== 'boolean') throw new Mismatch('done');
    shards.set(id, {
      parentId: optional(entry, 'parent_id', text),
      resume: start(entry),
      done: entry['done'],
      absentAt: optional(entry, 'absent_at', time),
    });
  }
  return {
    streamArn: text(file, 'stream_arn'),
    destination: text(file, 'destination'),
    replaces: optional(file, 'replaces', text),
    describedAt: optional(file, 'described_at', time),
    shards,
    lost: list(file, 'lost').map(
      (entry): LostRange => ({
        shardId: text(entry, 'shard_id'),
        start: start(entry),
        before: optional(entry, 'before', sequenceNumber),
        noticedAt: time(entry, 'noticed_at'),
      }),
    ),
  };
}

function fromTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function fromStart(at: IteratorStart) {
  return { at: at.at, sequence_number: at.at === 'TRIM_HORIZON' ? null : at.sequenceNumber };
}

function start(entry: Record<string, unknown>): IteratorStart {
  const at = entry['at'];
  if (at === 'TRIM_HORIZON') return { at };
  if (at !== 'AT_SEQUENCE_NUMBER' && at !== 'AFTER_SEQUENCE_NUMBER') throw new Mismatch('at');
  return { at, sequenceNumber: sequenceNumber(entry, 'sequence_number') };
}

function list(entry: Record<string, unknown>, name: string): readonly Record<string, unknown>[] {
  const value = entry[name];
  if (!Array.isArray(value) || !value.every(isObject)) throw new Mismatch(name);
  return value;
}

function optional<T>(
  entry: Record<string, unknown>,
  name: string,
  read: (entry: Record<string, unknown>, name: string) => T,
): T | null {
  return entry[name] === null ? null : read(entry, name);
}

function text(entry: Record<string, unknown>, name: string): string {
  const value = entry[name];
  if (typeof value !== 'string' || value === '') throw new Mismatch(name);
  return value;
}

function sequenceNumber(entry: Record<string, unknown>, name: string): string {
  const value = entry[name];
  if (!isSequenceNumber(value)) throw new Mismatch(name);
  return value;
}

function time(entry: Record<string, unknown>, name: string): number {
  const ms = Date.parse(text(entry, name));
  if (Number.isNaN(ms)) throw new Mismatch(name);
  return ms;
}
