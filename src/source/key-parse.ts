import { TailraceError } from '../errors.ts';
import type { AttributeMap, AttributeValue } from '../value/attribute-value.ts';
import type { KeyText } from '../value/key.ts';
import type { KeyAttribute } from '../value/key-attribute.ts';

/** One element of a key's text: `{"B":"…"}`, a JSON string, or a bare decimal. */
const PART = /\{"B":"([A-Za-z0-9+/=]*)"\}|("(?:[^"\\]|\\.)*")|(-?[\d.]+)/y;

/**
 * Reads a key's canonical text back as key attributes: the inverse of `canonicalKey`.
 *
 * Not by one `JSON.parse`: a number of 38 digits would become a double.
 *
 * @param keys The table's key attributes, in any order.
 * @throws {TailraceError} `destination-invalid` if `text` is no key of such a table.
 */
export function parseKey(text: KeyText, keys: readonly KeyAttribute[]): AttributeMap {
  const ordered = keys.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const parts: [string, AttributeValue][] = [];
  let at = 0;
  for (const { name, type } of ordered) {
    if (text[at] !== (at === 0 ? '[' : ',')) throw invalid(ordered);
    PART.lastIndex = at + 1;
    const match = PART.exec(text);
    if (!match) throw invalid(ordered);
    const [whole, binary, quoted, decimal] = match;
    const found = { B: binary, S: quoted, N: decimal }[type];
    if (found === undefined) throw invalid(ordered);
    parts.push([name, { [type]: type === 'S' ? unquote(found, ordered) : found }]);
    at += 1 + whole.length;
  }
  if (text.slice(at) !== ']') throw invalid(ordered);
  // From entries, which define properties: a key attribute may be named __proto__.
  return Object.fromEntries(parts);
}

function unquote(quoted: string, keys: readonly KeyAttribute[]): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw invalid(keys);
  }
}

function invalid(keys: readonly KeyAttribute[]): TailraceError {
  const shape = keys.map(({ name, type }) => `${name} (${type})`).join(', ');
  return new TailraceError('destination-invalid', `The destination holds a key that isn't one of ${shape}`, {
    remedy: 'Its rows are of another table, or were written by something else: run `tailrace backfill TABLE`.',
  });
}
