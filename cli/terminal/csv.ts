import type { SqlResult, SqlValue } from '../../src/destination/destination.ts';

/** What makes a field need quotes. A space at either end does, too: some readers drop it. */
const SPECIAL = /[",\r\n]|^\s|\s$/;

/**
 * A result as lines of CSV, the names of the columns first; none for a result without columns. A line ends with CR and LF:
 * the LF is added where it is printed.
 *
 * An absent value is an empty field, and an empty text is `""`. JSON is its text. Values are exact, as {@link SqlResult}
 * has them. Source: <https://www.rfc-editor.org/rfc/rfc4180>
 */
export function* csvLines({ columns, rows }: SqlResult): Generator<string> {
  if (columns.length === 0) return;
  for (const row of [columns, ...rows]) yield `${row.map(field).join(',')}\r`;
}

function field(value: SqlValue): string {
  if (value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === '' || SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
