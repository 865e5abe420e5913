import type { HeldChange } from '../../changelog/held-change.ts';
import { comparisonName, objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { gapCounts, gapRanges } from '../../views/gaps.ts';
import { HELD_COLUMNS, heldTable } from '../../views/table-definition.ts';
import { writeAnnotation } from '../annotation.ts';
import type { GapSearch } from '../destination.ts';
import { gapCountsOf, gapRangeOf, placeOf, sinceOf } from '../gap-rows.ts';
import { dropLeftovers } from './comparison.ts';
import type { Database, DatabaseFileDeps } from './database-file.ts';
import { withinMemory } from './within-memory.ts';

const MEMORY_LIMIT = '256MB';

/** Starts a search for gaps in a table of its own; see {@link startComparison} for why it isn't a temporary one. */
export async function startGapSearch(
  file: Database,
  { clock }: DatabaseFileDeps,
  table: SourceTable,
  id: string,
): Promise<GapSearch> {
  const names = objectNames(table.name);
  await file.use(async (session) => {
    await session.run(`SELECT 1 FROM ${duckdb.table(names.changelog)} LIMIT 0`);
    await dropLeftovers(session, clock.now());
    const comment = writeAnnotation({ of: 'comparison', createdAt: clock.now() });
    await session.transaction(() => session.run(...duckdb.createTable(heldTable(id, comment))));
  });
  let earliest = clock.now();
  const bounded = (sql: string) => file.use((session) => withinMemory(session, MEMORY_LIMIT, () => session.rows(sql)));
  const terms = (settledUntil: number) => ({ id, settledUntil, since: sinceOf(earliest) });

  return {
    async add(changes: readonly HeldChange[]) {
      for (const { changedAt } of changes) earliest = Math.min(earliest, changedAt);
      if (changes.length > 0) await file.use((session) => session.append(comparisonName(id), HELD_COLUMNS, changes));
    },
    async counts(settledUntil) {
      return gapCountsOf(await bounded(gapCounts(duckdb, names, terms(settledUntil))));
    },
    async ranges(settledUntil, limit, after) {
      const sql = gapRanges(duckdb, names, terms(settledUntil), { limit, after: after && placeOf(after) });
      return (await bounded(sql)).map(gapRangeOf);
    },
    async [Symbol.asyncDispose]() {
      await file.use((session) => session.run(duckdb.dropTable(comparisonName(id))));
    },
  };
}
