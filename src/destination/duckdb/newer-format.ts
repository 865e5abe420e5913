import { closeSync, openSync, readSync } from 'node:fs';
import { TailraceError } from '../../errors.ts';
import { duckdb } from '../../views/duckdb.ts';

/** What DuckDB says of a file in a format that came after it. */
const BEYOND = /version number (\d+), but we can only read versions between \d+ and (\d+)/;

/** Where a file's main header names the DuckDB that made it, in text that ends at a NUL. */
const MADE_BY = { offset: 52, length: 32 };

/**
 * The storage version to copy to: what this DuckDB reads and every later one writes.
 * Source: <https://duckdb.org/docs/stable/sql/statements/attach>
 */
const READABLE = 'v1.5.0';

/**
 * Names a file that a newer DuckDB has written, and how to copy it back; `undefined` if DuckDB failed for another reason.
 *
 * Only for a file that this process does *not* have open: closing what is opened here would release the lock that DuckDB
 * has on it. Source: <https://man7.org/linux/man-pages/man2/fcntl_locking.2.html>
 *
 * @param text What DuckDB said when it was to open the file.
 */
export function newerFormat(path: string, text: string): TailraceError | undefined {
  const [, format, readable] = BEYOND.exec(text) ?? [];
  if (Number(format) <= Number(readable) || format === undefined) return undefined;
  const maker = makerOf(path);
  const by = maker === undefined ? 'a newer DuckDB' : `DuckDB ${maker}`;
  const copy = `${path}.copy`;
  const statements = [
    `ATTACH ${duckdb.text(path)} AS newer (READ_ONLY)`,
    `ATTACH ${duckdb.text(copy)} AS older (STORAGE_VERSION '${READABLE}')`,
    'COPY FROM DATABASE newer TO older',
  ];
  return new TailraceError(
    'destination-invalid',
    `${path} was written by ${by}, in storage format ${format}: Tailrace's DuckDB reads formats up to ${readable}`,
    {
      context: { file: path },
      remedy: `Copy it with the newer DuckDB, \`duckdb -c "${statements.join('; ')}"\`, then name the copy: --destination duckdb:${copy}`,
    },
  );
}

/** The version of the DuckDB that made a file. */
function makerOf(path: string): string | undefined {
  const bytes = Buffer.alloc(MADE_BY.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, MADE_BY.length, MADE_BY.offset);
  } finally {
    closeSync(file);
  }
  return /^v\d[\w.+-]*/.exec(bytes.toString('latin1'))?.[0];
}
