import type { KeyDigest } from '../snapshot/row.ts';
import { type SqlRow, text } from './sql-row.ts';

/** Reads a key and its digest. */
export function keyDigestOf(row: SqlRow): KeyDigest {
  return { key: text(row, 'key'), digest: text(row, 'digest') };
}
