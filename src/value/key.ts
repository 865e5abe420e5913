import { TailraceError } from '../errors.ts';
import { canonicalBase64 } from './base64.ts';
import { canonicalDecimal } from './decimal.ts';
import { isObject } from './is-object.ts';
import { sortByCodeUnit } from './sort.ts';

/** A primary key's canonical text; see {@link canonicalKey}. */
export type KeyText = string;

/**
 * The canonical text of a primary key: a JSON array of the key attributes' values in code-unit order of their names.
 *
 * A record doesn't say which attribute is the partition key, so the names decide the order. S is a JSON string, N the
 * bare canonical decimal (all 38 digits), B `{"B":"<base64>"}`. Two different keys never give one text, and one key
 * always gives one, whether it came from Lambda, GetRecords, a scan or an export.
 *
 * ```text
 * { pk: { S: "a" }, sk: { N: "1.0" } }  →  ["a",1]
 * ```
 *
 * @throws {TailraceError} `record-invalid` if `keys` isn't one or two attributes of type S, N or B.
 */
export function canonicalKey(keys: unknown, path = 'Keys'): KeyText {
  const names = isObject(keys) ? sortByCodeUnit(Object.keys(keys)) : [];
  if (!isObject(keys) || names.length < 1 || names.length > 2) {
    throw new TailraceError('record-invalid', `${path} is not one or two key attributes`, { context: { path } });
  }
  return `[${names.map((name) => keyPart(keys[name]) ?? refuse(`${path}.${name.toWellFormed()}`))}]`;
}

/** One key attribute's text, or `undefined` if it isn't one. */
function keyPart(value: unknown): string | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  const { S, N, B } = value;
  if (typeof S === 'string') return jsonText(S);
  if (typeof N === 'string') return canonicalDecimal(N);
  const bytes = canonicalBase64(B);
  return bytes === undefined ? undefined : `{"B":"${bytes}"}`;
}

function refuse(path: string): never {
  throw new TailraceError('record-invalid', `${path} is not a key attribute of type S, N or B`, { context: { path } });
}

/** What JSON escapes: quotes, backslashes, control characters. And halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes exactly these.
const SPECIAL = /["\\\u0000-\u001f\ud800-\udfff]/;

/** The JSON string of a text; `undefined` if it has a lone surrogate, which no JSON engine preserves. */
function jsonText(text: string): string | undefined {
  if (!SPECIAL.test(text)) return `"${text}"`;
  return text.isWellFormed() ? JSON.stringify(text) : undefined;
}
