import { canonicalDecimal } from '../value/decimal.ts';
import type { SqlValue } from './destination.ts';

/** What a JSON text must hold before one of its numbers can be more than a double carries. */
const LONG_NUMBER = /\d{16}|\d[eE]/;

/**
 * An integer of a query's result: a number up to 2^53 - 1 on either side of zero, its text beyond. Further out some
 * integers would fit a double and their neighbours not, and a column would be numbers and texts by chance.
 *
 * @param text Its decimal digits.
 */
export function integerValue(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

/**
 * JSON of a query's result, parsed. A number in it is text, as it stands there but for how an exponent is spelt, where it is
 * an integer beyond 2^53 - 1 or a double doesn't carry it exactly.
 *
 * @throws {SyntaxError} if `text` isn't JSON.
 */
export function jsonValue(text: string): SqlValue {
  return LONG_NUMBER.test(text) ? JSON.parse(text, exactNumber) : JSON.parse(text);
}

function exactNumber(_name: string, value: unknown, { source }: { readonly source?: string } = {}): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  const isExact = canonicalDecimal(source) === canonicalDecimal(String(value));
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return isExact ? value : source;
  // One engine's `1e25` is another's `1e+25`.
  return isExact && /e/i.test(source) ? String(value) : source;
}
