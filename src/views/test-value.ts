import type { Test } from '../schema/typed-column.ts';
import { canonicalDecimal } from '../value/decimal.ts';
import { jsonOfDecimal } from '../value/json-number.ts';
import type { Dialect } from './dialect.ts';
import { stringIn } from './json-string.ts';

/**
 * Whether a value meets a condition; never NULL.
 *
 * @param read Whether there is a value, for `exists`; otherwise the value's JSON text.
 * @param isOfItem Whether the value stands in the item's own JSON, and not in a text that is JSON.
 */
export function testValue(dialect: Dialect, test: Test, read: string, isOfItem: boolean): string {
  if ('exists' in test) return test.exists ? `(${read})` : `NOT (${read})`;
  if ('prefix' in test) return orFalse(`STARTS_WITH(${stringIn(dialect, read)}, ${dialect.text(test.prefix)})`);
  const { equals } = test;
  if (typeof equals === 'string') return orFalse(`${stringIn(dialect, read)} = ${dialect.text(equals)}`);
  if (typeof equals === 'boolean') return orFalse(`${read} = '${equals}'`);
  const decimal = canonicalDecimal(String(equals));
  if (decimal === undefined) return 'FALSE';
  if (isOfItem) return orFalse(`${read} = ${dialect.text(jsonOfDecimal(decimal))}`);
  return orFalse(dialect.matches(read, numberInText(decimal)));
}

function orFalse(condition: string): string {
  return `COALESCE(${condition}, FALSE)`;
}

/** The JSON texts that `exactJson` makes of a number, however many zeros stand at its end. */
function numberInText(decimal: string): string {
  const digits = decimal.replace('.', '[.]');
  return decimal.includes('.') ? `^"${digits}0*"$` : `^(?:${digits}|"${digits}[.]0+")$`;
}
