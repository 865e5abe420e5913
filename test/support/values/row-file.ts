import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lineOf, type RowFile } from '../../../src/destination/row-file.ts';
import { KEY_DIGEST_FORM, type RowForm, SNAPSHOT_FORM } from '../../../src/destination/row-form.ts';
import type { KeyDigest, SnapshotRow } from '../../../src/snapshot/row.ts';
import { temporaryFolder } from '../vitest/temporary-folder.ts';

/**
 * Rows in a file, as a backfill loads them. The file is removed when the test ends.
 *
 * @param folder The file's folder; by default, one of its own.
 */
export function rowFile(rows: readonly SnapshotRow[], folder = temporaryFolder()): RowFile<SnapshotRow> {
  return fileOf(SNAPSHOT_FORM, rows, folder);
}

/** Keys and digests in a file, as a comparison adds them. The file is removed when the test ends. */
export function keyFile(rows: readonly KeyDigest[]): RowFile<KeyDigest> {
  return fileOf(KEY_DIGEST_FORM, rows, temporaryFolder());
}

function fileOf<Row>(form: RowForm<Row>, rows: readonly Row[], folder: string): RowFile<Row> {
  const path = join(folder, 'rows');
  const lines = rows.map((row) => lineOf(form, row));
  writeFileSync(path, lines.join(''));
  const sizes = lines.map((line) => Buffer.byteLength(line));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return { path, form, rows: rows.length, bytes, longest: Math.max(0, ...sizes) };
}
