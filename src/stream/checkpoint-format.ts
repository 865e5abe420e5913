import { isSequenceNumber } from '../order/position.ts';
import { isObject } from '../value/is-object.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { NoticedLoss } from './loss.ts';
import type { ShardProgress } from './shard-life.ts';
import type { IteratorStart } from './stream-client.ts';

/** Names the format of the file and its version; a file of another is refused. */
const FORMAT = 'tailrace-tail-checkpoint/1';

/** Names that files of this format didn't have from the beginning. */
const ADDED: ReadonlySet<string> = new Set(['created_at', 'table_id', 'ended', 'present_at', 'to', 'records']);

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
  const describedAt = optional(file, 'described_at', time);
  for (const entry of list(file, 'shards')) {
    const id = text(entry, 'id');
    if (shards.has(id)) throw new Mismatch('id');
    shards.set(id, {
      parentId: optional(entry, 'parent_id', text),
      resume: start(entry),
      done: truth(entry, 'done'),
      absentAt: optional(entry, 'absent_at', time),
      // The description that it was in is the least that an earlier version knew of it.
      presentAt: entry['present_at'] === undefined ? describedAt : optional(entry, 'present_at', time),
    });
  }
  return {
    streamArn: text(file, 'stream_arn'),
    createdAt: optional(file, 'created_at', time),
    tableId: optional(file, 'table_id', text),
    destination: text(file, 'destination'),
    replaces: optional(file, 'replaces', text),
    describedAt,
    ended: optional(file, 'ended', truth) ?? false,
    shards,
    lost: list(file, 'lost').map(
      (entry): NoticedLoss => ({
        shardId: text(entry, 'shard_id'),
        start: start(entry),
        before: optional(entry, 'before', sequenceNumber),
        to: optional(entry, 'to', sequenceNumber),
        records: optional(entry, 'records', count),
        noticedAt: time(entry, 'noticed_at'),
      }),
    ),
  };
}

function fromTime(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString();
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
  // What an earlier version didn't write yet isn't known, and where it must be, `read` says so.
  return entry[name] === null || (entry[name] === undefined && ADDED.has(name)) ? null : read(entry, name);
}

function truth(entry: Record<string, unknown>, name: string): boolean {
  const value = entry[name];
  if (typeof value !== 'boolean') throw new Mismatch(name);
  return value;
}

function count(entry: Record<string, unknown>, name: string): number {
  const value = entry[name];
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw new Mismatch(name);
  return Number(value);
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
