import { comparisonName, objectNames } from '../../names/object-names.ts';
import type { KeyDigest } from '../../snapshot/row.ts';
import type { SourceTable } from '../../source/source-table.ts';
import type { ComparedSource } from '../../views/comparison.ts';
import { duckdb } from '../../views/duckdb.ts';
import { comparisonTable } from '../../views/table-definition.ts';
import { writeAnnotation } from '../annotation.ts';
import type { Comparison, SourceComparison } from '../comparer.ts';
import type { DestinationDeps } from '../destination.ts';
import { ORPHAN_MS, renewedComparison } from '../renewed-comparison.ts';
import type { RowFile } from '../row-file.ts';
import { sqlComparison } from '../sql-comparison.ts';
import { boundedRows } from './bounded-rows.ts';
import { Catalog } from './catalog.ts';
import type { Database } from './database-file.ts';
import { keyParts, rowCount, rowCountsOfLatest } from './key-parts.ts';
import { loadRows } from './load-rows.ts';
import type { Session } from './session.ts';
import { readPublished } from './state-view.ts';

/**
 * Starts a comparison in a table of its own.
 *
 * It is no temporary table: those end when the file is released to another process.
 */
export async function startComparison(
  file: Database,
  deps: DestinationDeps,
  table: SourceTable,
  id: string,
): Promise<SourceComparison> {
  const { clock } = deps;
  const name = comparisonName(id);
  const comment = () => writeAnnotation({ of: 'comparison', tableName: table.name, createdAt: clock.now() });
  await file.use(async (session) => {
    await dropOrphans(session, clock.now());
    await session.transaction(() => session.run(...duckdb.createTable(comparisonTable(id, comment()))));
  });
  const comparison = {
    ...comparisonOf(file, deps, table, { comparison: id }),
    add: (rows: RowFile<KeyDigest>) => loadRows(file, name, rows),
    async [Symbol.asyncDispose]() {
      await file.use((session) => session.run(duckdb.dropTable(name)));
    },
  };
  const renew = () => file.use((session) => session.run(duckdb.commentOnTable(name, comment())));
  return renewedComparison(comparison, clock, renew);
}

/** Compares an existing table of keys and digests. */
export function comparisonOf(
  file: Database,
  { random }: DestinationDeps,
  table: SourceTable,
  source: ComparedSource,
): Comparison {
  const names = objectNames(table.name);
  const compared = 'snapshot' in source ? names.snapshot(source.snapshot) : comparisonName(source.comparison);
  return sqlComparison({
    dialect: duckdb,
    names,
    source,
    salt: random.hex(16),
    rows: (sql) => file.use((session) => boundedRows(session, sql)),
    parts: () =>
      file.use(async (session) => {
        const published = await readPublished(session, table);
        const parts = await keyParts(session, [rowCount(compared), ...(await rowCountsOfLatest(session, table))]);
        const first = Math.floor(random.next() * parts.length);
        return { parts: [...parts.slice(first), ...parts.slice(0, first)], published };
      }),
  });
}

/** Drops the tables of comparisons and searches whose processes were killed. */
export async function dropOrphans(session: Session, now: number): Promise<void> {
  const { objects } = await Catalog.read(session);
  for (const { name, annotation } of objects) {
    if (annotation?.of !== 'comparison' || now - annotation.createdAt < ORPHAN_MS) continue;
    await session.run(duckdb.dropTable(name));
  }
}
