import type { Dialect } from './dialect.ts';

/** More zeros than any power of ten that a JSON number has: a double ends at 1e308 and 1e-324. */
const ZEROS = 330;

/**
 * The expression's JSON text, with a number written in full where it has an exponent; anything else as it is.
 *
 * Where a number gets an exponent is each engine's own habit: `0.00001` is `1e-05` to BigQuery. Only text can say the
 * number in full: no type of either warehouse holds all that a JSON number can be. So its digits are put among zeros,
 * the point is set, and the zeros that say nothing are taken away.
 *
 * ```text
 * -1.5e-07  →  digits 15, power -7  →  000.000000015000  →  -0.00000015
 * ```
 */
export function plainNumber(dialect: Dialect, text: string): string {
  const replaced = (expression: string, pattern: string, by: string) =>
    `REGEXP_REPLACE(${expression}, ${dialect.text(pattern)}, ${dialect.text(by)})`;

  const zeros = `REPEAT('0', ${ZEROS})`;
  const digits = `${zeros} || ${replaced(text, '^-?([0-9])[.]?([0-9]*)[eE].*$', '\\1\\2')} || ${zeros}`;
  const power = dialect.fromJsonText(replaced(text, '^.*[eE][+]?', ''), 'INT64');
  return [
    `CASE WHEN ${dialect.matches(text, '^-?[0-9][.]?[0-9]*[eE]')} THEN`,
    `  ${replaced(text, '[0-9].*$', '')} || REGEXP_REPLACE(`,
    `    SUBSTR(${digits}, 1, ${ZEROS + 1} + ${power})`,
    `    || '.' ||`,
    `    SUBSTR(${digits}, ${ZEROS + 2} + ${power}),`,
    `    ${dialect.text('^0*([0-9]+(?:[.][0-9]*[1-9])?)[.]?0*$')}, ${dialect.text('\\1')}`,
    `  )`,
    `ELSE ${text} END`,
  ].join('\n');
}
