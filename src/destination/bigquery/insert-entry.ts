import { CHANGELOG_COLUMNS } from '../../changelog/columns.ts';
import type { ChangelogRow } from '../../changelog/row.ts';
import { digestOf } from '../../value/digest.ts';
import type { Utf8Writer } from '../../value/utf8-writer.ts';
import type { PackedRows } from './pack.ts';
import { rowWriter } from './row-json.ts';

/** An entry begins with `{"insertId":"<digest><hour>","json":{"ingested_at":"<stamp>",`, of fixed width. */
const DIGEST = '{"insertId":"';
const HOUR = '0000-00-00T00';
const ROW = '","json":';
const STAMPED = '"ingested_at":"';
const STAMP = `${HOUR}:00:00.000Z`;
const HOUR_AT = DIGEST.length + 32;
const STAMP_AT = HOUR_AT + HOUR.length + ROW.length + 1 + STAMPED.length;

const writeRow = rowWriter<ChangelogRow>(
  CHANGELOG_COLUMNS.filter(
    (column): column is Exclude<typeof column, { field: 'ingestedAt' }> => column.field !== 'ingestedAt',
  ),
  'quoted',
  `${STAMPED}${STAMP}",`,
);

/**
 * Writes a row's entry in a request, except its stamp, which each attempt writes into the body.
 *
 * The insert id makes duplicate rows fewer; no view relies on it. It holds the hour of the stamp: BigQuery, which drops a
 * row whose id it remembers, never drops one in favour of a stamp from hours before.
 */
export function writeEntry(out: Utf8Writer, row: ChangelogRow): void {
  out.ascii(DIGEST);
  out.ascii(digestOf(`${row.position}\n${row.key}`));
  out.ascii(HOUR);
  out.ascii(ROW);
  writeRow(out, row);
  out.ascii('}');
}

/** Characters of a row's images. An item of very small numbers, written out, is many times as large as its record. */
export function imageLength({ newImage, oldImage }: ChangelogRow): number {
  return (newImage?.length ?? 0) + (oldImage?.length ?? 0);
}

/**
 * Writes the stamp of an attempt into the body of a request.
 *
 * @param ms Milliseconds since the epoch.
 */
export function writeStamp({ rows, body }: PackedRows, ms: number): void {
  const text = new Date(ms).toISOString();
  const hour = text.slice(0, HOUR.length);
  for (const { start } of rows) {
    body.write(hour, start + HOUR_AT, 'latin1');
    body.write(text, start + STAMP_AT, 'latin1');
  }
}
