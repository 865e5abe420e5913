import type { StreamedChange } from '../../changelog/streamed-change.ts';
import { comparisonName, objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { gapCounts, gapRanges, type StreamedSlice } from '../../views/gaps.ts';
import { STREAMED_COLUMNS, streamedTable } from '../../views/table-definition.ts';
import { writeAnnotation } from '../annotation.ts';
import type { DestinationDeps } from '../destination.ts';
import type { GapRange, GapSearch } from '../gap-finder.ts';
import { gapCountsOf, gapRangeOf } from '../gap-rows.ts';
import type { SqlRow } from '../sql-row.ts';
import { BufferedSlices } from './buffered-slices.ts';
import { dropOrphans } from './comparison.ts';
import type { Database } from './database-file.ts';
import { oldestStamp } from './tail-start.ts';

const MEMORY_LIMIT = '96MB';

/** Starts a search for gaps in a table of its own; see {@link startComparison} for why it isn't a temporary one. */
export async function startGapSearch(
  file: Database,
  { clock }: DestinationDeps,
  table: SourceTable,
  id: string,
  slices = new BufferedSlices(),
): Promise<GapSearch> {
  const names = objectNames(table.name);
  await file.use(async (session) => {
    await session.run(`SELECT 1 FROM ${duckdb.table(names.changelog)} LIMIT 0`);
    await dropOrphans(session, clock.now());
    const comment = writeAnnotation({ of: 'comparison', tableName: table.name, createdAt: clock.now() });
    await session.transaction(() => session.run(...duckdb.createTable(streamedTable(id, comment))));
  });
  let earliest = clock.now();
  const bounded = (sql: string) => file.use((session) => session.withinMemory(MEMORY_LIMIT, () => session.rows(sql)));
  const sought = async (lagCutoff: number) => {
    const ingestedSince = (await file.use((session) => oldestStamp(session, table, earliest))) ?? 0;
    return (slice: StreamedSlice) => ({ id, lagCutoff, ingestedSince, slice });
  };

  return {
    async add(changes: readonly StreamedChange[]) {
      for (const { changedAt } of changes) earliest = Math.min(earliest, changedAt);
      slices.add(changes);
      if (changes.length > 0)
        await file.use((session) => session.append(comparisonName(id), STREAMED_COLUMNS, changes));
    },
    async counts(lagCutoff) {
      const terms = await sought(lagCutoff);
      const rows: SqlRow[] = [];
      for (const slice of slices.all()) rows.push(...(await bounded(gapCounts(duckdb, names, terms(slice)))));
      return gapCountsOf(rows);
    },
    async ranges(lagCutoff, limit, after) {
      const terms = await sought(lagCutoff);
      const found: GapRange[] = [];
      // Changes are numbered slice by slice: the number of the last range counts in its own slice only.
      let last = after;
      for (const slice of slices.all()) {
        if (last && isBefore(slice, last)) continue;
        const page = { limit: limit - found.length, after: last };
        last = null;
        const rows = await bounded(gapRanges(duckdb, names, terms(slice), page));
        found.push(...rows.map(gapRangeOf));
        if (found.length === limit) break;
      }
      return found;
    },
    async [Symbol.asyncDispose]() {
      await file.use((session) => session.run(duckdb.dropTable(comparisonName(id))));
    },
  };
}

/** Whether a slice lies before a range's end, so that its ranges were given already. */
function isBefore({ upTo }: StreamedSlice, { shardId, position }: GapRange): boolean {
  if (upTo === null) return false;
  const order = Buffer.compare(Buffer.from(upTo.shardId), Buffer.from(shardId));
  return order < 0 || (order === 0 && upTo.position < position);
}
