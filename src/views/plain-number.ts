import type { Dialect } from './dialect.ts';

/** A number as engines print it with an exponent: one digit, the rest, the power of ten. */
const EXPONENT = '^-?[0-9][.]?[0-9]*[eE]';

/**
 * The expression's JSON text, with a number written in full where it has an exponent; anything else as it is.
 *
 * Where a number gets an exponent is each engine's own habit: `0.00001` is `1e-05` to BigQuery. Only text can say the
 * number in full: no type of either warehouse holds all that a JSON number can be.
 *
 * ```text
 * 1.5e-07  →  digits 15, power -7  →  0000000 15  →  0.00000015
 * 1e21     →  digits 1, power 21   →  1 000…000   →  1000000000000000000000
 * ```
 */
export function plainNumber(dialect: Dialect, text: string): string {
  const replaced = (expression: string, pattern: string, by: string) =>
    `REGEXP_REPLACE(${expression}, ${dialect.text(pattern)}, ${dialect.text(by)})`;

  const digits = replaced(text, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2');
  const power = dialect.fromJsonText(replaced(text, '^.*[eE][+]?', ''), 'INT64');
  const zeros = (count: string) => `REPEAT('0', GREATEST(${count}, 0))`;
  const placed = `${zeros(`-${power}`)} || ${digits} || ${zeros(power)}`;
  const whole = `SUBSTR(${placed}, 1, GREATEST(${power}, 0) + 1)`;
  const fraction = `SUBSTR(${placed}, GREATEST(${power}, 0) + 2)`;
  const sign = replaced(text, '[0-9].*$', '');
  return [
    `CASE WHEN ${dialect.matches(text, EXPONENT)}`,
    `THEN ${sign} || ${replaced(`${whole} || '.' || ${fraction}`, '[.]?0*$', '')}`,
    `ELSE ${text} END`,
  ].join(' ');
}
