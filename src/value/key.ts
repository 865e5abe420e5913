import { TailraceError } from '../errors.ts';
import { base64, decimal, isObject, quote } from './canonical-json.ts';

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
  const names = isObject(keys) ? Object.keys(keys).sort() : [];
  if (!isObject(keys) || names.length < 1 || names.length > 2) {
    throw new TailraceError('record-invalid', `${path} is not one or two key attributes`, { context: { path } });
  }
  return `[${names.map((name) => part(keys[name], path, name)).join(',')}]`;
}

function part(value: unknown, path: string, name: string): string {
  if (isObject(value) && Object.keys(value).length === 1) {
    if ('S' in value) return quote(value['S'], path, name);
    if ('N' in value) return decimal(value['N'], path, name);
    if ('B' in value) return `{"B":"${base64(value['B'], path, name)}"}`;
  }
  const place = `${path}.${name.toWellFormed()}`;
  throw new TailraceError('record-invalid', `${place} is not a key attribute of type S, N or B`, {
    context: { path: place },
  });
}
