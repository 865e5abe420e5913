import { closeSync, openSync, readSync } from 'node:fs';
import { TailraceError } from '../../errors.ts';
import { duckdb } from '../../views/duckdb.ts';

/** DuckDB's message about a file in a newer format than it reads. */
const NEWER_VERSION = /version number (\d+), but we can only read versions between \d+ and (\d+)/;

/** Where a file's main header names the DuckDB that made it, as text that ends with a NUL. */
const MADE_BY = { offset: 52, length: 32 };

/**
 * The storage version to copy to: this DuckDB reads it, and every later one can write it.
 * Source: <https://duckdb.org/docs/stable/sql/statements/attach>
 */
const READABLE_VERSION = 'v1.5.0';

/**
 * The error of a file that a newer DuckDB has written, with the way to copy it back; `undefined` for another failure.
 *
 * Only for a file that this process does *not* have open: closing what is opened here would release the lock that DuckDB
 * has on it. Source: <https://man7.org/linux/man-pages/man2/fcntl_locking.2.html>
 *
 * @param text DuckDB's message when it failed to open the file.
 */
export function newerFormat(path: string, text: string): TailraceError | undefined {
  const [, format, readable] = NEWER_VERSION.exec(text) ?? [];
  if (Number(format) <= Number(readable) || format === undefined) return undefined;
  const maker = makerOf(path);
  const by = maker === undefined ? 'a newer DuckDB' : `DuckDB ${maker}`;
  const copy = `${path}.copy`;
  const statements = [
    `ATTACH ${duckdb.text(path)} AS newer (READ_ONLY)`,
    `ATTACH ${duckdb.text(copy)} AS older (STORAGE_VERSION '${READABLE_VERSION}')`,
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
