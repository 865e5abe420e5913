import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { lineOf, type RowFile } from '../../src/destination/row-file.ts';
import type { SnapshotRow } from '../../src/snapshot/row.ts';

/** Rows in a file, as a backfill hands them over. It is gone when the test ends. */
export function rowFile(rows: readonly SnapshotRow[]): RowFile {
  const directory = mkdtempSync(join(tmpdir(), 'tailrace-rows-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'rows');
  writeFileSync(path, rows.map(lineOf).join(''));
  return { path, rows: rows.length };
}
