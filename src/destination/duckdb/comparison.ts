import { comparisonName, objectNames } from '../../names/object-names.ts';
import type { KeyDigest } from '../../snapshot/row.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { comparisonCounts, comparisonFindings, comparisonSample } from '../../views/comparison.ts';
import { duckdb } from '../../views/duckdb.ts';
import { COMPARISON_COLUMNS, comparisonTable } from '../../views/table-definition.ts';
import { writeAnnotation } from '../annotation.ts';
import type { Comparison, Finding } from '../destination.ts';
import { number, type SqlRow, text } from '../sql-row.ts';
import { Catalog } from './catalog.ts';
import type { Database, DatabaseFileDeps } from './database-file.ts';
import type { Session } from './session.ts';

/** What a comparison leaves behind when its process is killed is dropped by the next one, once it is this old. */
const LEFTOVER_MS = 24 * 60 * 60 * 1000;

/**
 * Starts a comparison in a table of its own.
 *
 * An ordinary table rather than a temporary one: those end when the file is given back to another process.
 */
export async function startComparison(
  file: Database,
  { clock, random }: DatabaseFileDeps,
  table: SourceTable,
  id: string,
): Promise<Comparison> {
  const names = objectNames(table.name);
  await file.use(async (session) => {
    await dropLeftovers(session, clock.now());
    const comment = writeAnnotation({ of: 'comparison', createdAt: clock.now() });
    await session.transaction(() => session.run(...duckdb.createTable(comparisonTable(id, comment))));
  });
  const salt = random.hex(16);
  const counts = async (session: Session) => {
    const [row = {}] = await session.rows(comparisonCounts(duckdb, names, id));
    return { source: number(row, 'source'), latest: number(row, 'latest'), total: number(row, 'total') };
  };
  let last: Awaited<ReturnType<typeof counts>> | undefined;

  return {
    async add(rows: readonly KeyDigest[]) {
      last = undefined;
      await file.use((session) => session.append(comparisonName(id), COMPARISON_COLUMNS, rows));
    },
    findings: (limit) =>
      file.use((session) =>
        session.transaction(async () => {
          last = await counts(session);
          const rows = await session.rows(comparisonFindings(duckdb, names, id, limit));
          return { findings: rows.map(finding), total: last.total };
        }),
      ),
    async sampleAgreeing(count) {
      const rows = await file.use((session) =>
        session.rows(comparisonSample(duckdb, names, id, { limit: count, salt })),
      );
      return rows.map((row) => text(row, 'key'));
    },
    async counts() {
      const { source, latest } = last ?? (await file.use(counts));
      return { source, latest };
    },
    async [Symbol.asyncDispose]() {
      await file.use((session) => session.run(duckdb.dropTable(comparisonName(id))));
    },
  };
}

/** Drops what comparisons and searches of killed processes left behind. */
export async function dropLeftovers(session: Session, now: number): Promise<void> {
  const { objects } = await Catalog.read(session);
  for (const { name, annotation } of objects) {
    if (annotation?.of !== 'comparison' || now - annotation.createdAt < LEFTOVER_MS) continue;
    await session.run(duckdb.dropTable(name));
  }
}

function finding(row: SqlRow): Finding {
  const word = text(row, 'finding');
  return { key: text(row, 'key'), finding: word === 'missing' || word === 'extra' ? word : 'different' };
}
