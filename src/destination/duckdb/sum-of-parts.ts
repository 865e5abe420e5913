import type { KeyCondition } from '../../views/key-condition.ts';
import { number, type SqlRow } from '../sql-row.ts';
import { boundedRows } from './bounded-rows.ts';
import type { Database } from './database-file.ts';
import { keyParts } from './key-parts.ts';
import type { Session } from './session.ts';

/**
 * Counts over whole tables, part by part of their keys: the sums of what a statement counts of each. Others may have the
 * file in between.
 *
 * @param tables Those that the statement reads.
 * @param select Gives one row of counts, of the keys of which a condition holds.
 */
export async function sumOfParts(
  file: Database,
  tables: (session: Session) => Promise<readonly string[]>,
  select: (among: KeyCondition | undefined) => string,
): Promise<SqlRow> {
  const sums: Record<string, number> = {};
  for (const among of await file.use(async (session) => keyParts(session, await tables(session)))) {
    const [row = {}] = await file.use((session) => boundedRows(session, select(among)));
    for (const column of Object.keys(row)) sums[column] = (sums[column] ?? 0) + number(row, column);
  }
  return sums;
}
