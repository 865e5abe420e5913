import { isErrorKind } from '../errors.ts';
import { isSequenceNumber } from '../order/position.ts';
import { parseStreamArn } from '../order/stream-arn.ts';
import { streamArnOf } from '../record/stream-arn-of.ts';
import { isObject } from '../value/is-object.ts';
import type { DeadLetter } from './dead-letter.ts';

/** What is wrong with something that should be a letter, to end a sentence with. It holds nothing of the text. */
export type UnreadableLetter = { readonly problem: string };

/**
 * Reads a dead letter from the bytes of its file. A newer Tailrace's, or whatever else lies in the same place, is said
 * to be so: nothing is guessed, since what is guessed might be delivered.
 *
 * Where the envelope names no stream, because the record named none when it was set aside, the record's own counts: it may
 * have been mended since.
 */
export function readDeadLetter(bytes: Uint8Array): DeadLetter | UnreadableLetter {
  const value = parse(bytes);
  if (value === undefined) return { problem: 'is not JSON in UTF-8' };
  if (!isObject(value) || !('version' in value)) return { problem: 'is no dead letter' };
  if (value['version'] !== 1) return { problem: 'is a dead letter of a version that is unknown here' };
  const { table, stream_arn, shard_id, sequence_number, changed_at, kind, reason, at, rules, record } = value;
  const wrong = (field: string): UnreadableLetter => ({ problem: `is a dead letter whose ${field} can't be` });

  if (typeof table !== 'string') return wrong('table');
  if (stream_arn !== null && (typeof stream_arn !== 'string' || !parseStreamArn(stream_arn)))
    return wrong('stream_arn');
  if (!isTextOrNull(shard_id)) return wrong('shard_id');
  if (sequence_number !== null && !isSequenceNumber(sequence_number)) return wrong('sequence_number');
  if (changed_at !== undefined && !isTime(changed_at)) return wrong('changed_at');
  if (!isErrorKind(kind)) return wrong('kind');
  if (typeof reason !== 'string') return wrong('reason');
  if (!isTime(at)) return wrong('at');
  if (!isTextOrNull(rules)) return wrong('rules');
  if (!('record' in value)) return wrong('record');
  return {
    version: 1,
    table,
    stream_arn: stream_arn ?? streamArnOf(record)?.text ?? null,
    shard_id,
    sequence_number,
    ...(changed_at !== undefined && { changed_at }),
    kind,
    reason,
    at,
    rules,
    record,
  };
}

/** `undefined` if it isn't JSON. The parser's own message is dropped: it quotes the text. */
function parse(bytes: Uint8Array): unknown {
  try {
    // Fatal: a byte that isn't UTF-8 must not become another character silently.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isTime(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  const ms = Date.parse(text);
  return Number.isFinite(ms) && new Date(ms).toISOString() === text;
}
