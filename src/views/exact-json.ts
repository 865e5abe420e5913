import type { Dialect } from './dialect.ts';

/** Stand for quotes until all numbers have theirs. JSON has neither of them in any text. */
const [OPEN, CLOSE] = ['\u0001', '\u0002'];

/** What may stand behind a number. A name ends otherwise: `{1: 2}` isn't JSON, and quotes must not make it JSON. */
const END = String.raw`[,\]}\s]|$`;

/** A text of JSON, or a whole number of at most 15 digits with what ends it: they stay as they are. */
const KEPT = String.raw`"(?:[^"\\]|\\.)*"|(?:0|-?[1-9][0-9]{0,14})(?:${END})`;

const NUMBER = '-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?';

/**
 * The JSON that a text is, as SQL; NULL if it is none. Numbers that are more than short whole ones become text, by the very
 * digits that are written: engines would read them as doubles, and print them in other ways.
 *
 * Texts are matched whole, from the left, so that no digits inside of one are taken for a number. A text that has one of the
 * two marks isn't JSON. What looks like a number and is none, such as `01` or `1.`, stays, so that the engine refuses it.
 *
 * @param text An expression; NULL stays NULL.
 */
export function exactJson(dialect: Dialect, text: string): string {
  const marked = dialect.replaceAll(text, `(${KEPT})|(${NUMBER})(${END})`, `\\1${OPEN}\\2${CLOSE}\\3`);
  const ofNumbers = dialect.replaceAll(marked, `${OPEN}${CLOSE}`, '');
  const quoted = dialect.replaceAll(ofNumbers, `[${OPEN}${CLOSE}]`, '"');
  return `CASE WHEN NOT ${dialect.matches(text, `[${OPEN}${CLOSE}]`)} THEN ${dialect.parseJson(quoted)} END`;
}
