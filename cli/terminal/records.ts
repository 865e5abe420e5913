import { cutMiddle, textWidth, wrap } from './text-width.ts';

/** The fewest columns in which a value is shown. */
const LEAST_VALUE = 10;

/** How far the line above a record goes, at most. */
const RULE = 40;

/**
 * One row as a record: a line with its number, then a line for each value behind the name of its column. JSON is cut in its
 * middle to fit the line; other text goes on in further lines.
 *
 * @param json Whether a column has JSON.
 * @param number The row's number, from 1.
 * @param width Columns of the terminal.
 */
export function recordOf(
  names: readonly string[],
  row: readonly string[],
  json: readonly boolean[],
  number: number,
  width: number,
): { readonly text: string; readonly isCut: boolean } {
  const nameWidth = Math.min(Math.max(...names.map(textWidth)), Math.floor(width / 3));
  const valueWidth = Math.max(LEAST_VALUE, width - nameWidth - 2);
  const lines = [`─[ ${number} ]`.padEnd(Math.min(RULE, width), '─')];
  let isCut = false;
  for (const [index, name] of names.entries()) {
    const value = row[index] ?? '';
    const shown = json[index] ? [cutMiddle(value, valueWidth)] : wrap(value, valueWidth);
    isCut ||= json[index] === true && shown[0] !== value;
    for (const [nth, line] of shown.entries()) {
      lines.push(`${padded(nth === 0 ? cutMiddle(name, nameWidth) : '', nameWidth)}  ${line}`.trimEnd());
    }
  }
  return { text: lines.join('\n'), isCut };
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}
