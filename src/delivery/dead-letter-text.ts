import { isErrorKind } from '../errors.ts';
import { isSequenceNumber } from '../order/position.ts';
import { parseStreamArn } from '../order/stream-arn.ts';
import { streamArnOf } from '../record/decode.ts';
import {
  type FileProblem,
  fields,
  fitting,
  isoTimeField,
  nullable,
  optional,
  parseJson,
  readFields,
  textField,
} from '../state-file.ts';
import { isObject } from '../value/is-object.ts';
import type { DeadLetter } from './dead-letter.ts';

/**
 * Reads a dead letter from the bytes of its file, or gives in one phrase why it isn't one. Nothing is guessed, because a
 * guess might be delivered: so a letter of a newer Tailrace is refused, and so is any other file.
 *
 * Where the envelope names no stream, because the record named none when it was set aside, the record's own counts: someone
 * may have mended the record since.
 */
export function readDeadLetter(bytes: Uint8Array): DeadLetter | FileProblem {
  const json = textOf(bytes);
  const value = json === undefined ? undefined : parseJson(json);
  if (value === undefined) return { problem: 'is not JSON in UTF-8' };
  if (!isObject(value) || !('version' in value)) return { problem: 'is no dead letter' };
  if (value['version'] !== 1) return { problem: 'is a dead letter of an unknown version' };
  const found = readFields(value, envelope);
  if ('wrong' in found) return { problem: `is a dead letter with a wrong ${found.wrong}` };
  const { changed_at, ...letter } = found.value;
  return {
    version: 1,
    ...letter,
    stream_arn: letter.stream_arn ?? streamArnOf(letter.record)?.text ?? null,
    ...(changed_at !== undefined && { changed_at }),
  };
}

const envelope = fields({
  table: textField,
  stream_arn: nullable(fitting((value): value is string => parseStreamArn(value) !== undefined)),
  shard_id: nullable(textField),
  sequence_number: nullable(fitting(isSequenceNumber)),
  changed_at: optional(isoTimeField, undefined),
  kind: fitting(isErrorKind),
  reason: textField,
  at: isoTimeField,
  rules: nullable(textField),
  record: fitting((value): value is NonNullable<unknown> | null => value !== undefined),
});

/** `undefined` if the bytes aren't UTF-8: none may become another character silently. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
