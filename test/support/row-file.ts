import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lineOf, type RowFile } from '../../src/destination/row-file.ts';
import type { SnapshotRow } from '../../src/snapshot/row.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Rows in a file, as a backfill hands them over. It is gone when the test ends. */
export function rowFile(rows: readonly SnapshotRow[]): RowFile {
  const path = join(temporaryFolder(), 'rows');
  writeFileSync(path, rows.map(lineOf).join(''));
  return { path, rows: rows.length };
}
