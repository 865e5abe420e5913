import { objectNames } from '../../names/object-names.ts';
import type { TypedColumn } from '../../schema/typed-column.ts';
import type { SnapshotFacts } from '../../snapshot/ledger.ts';
import type { Published } from '../../snapshot/published.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { tailCount } from '../../views/counts.ts';
import type { Dialect } from '../../views/dialect.ts';
import { foldedSnapshot } from '../../views/snapshot.ts';
import type { CompactionEstimate, FoldOptions, MadeSnapshot } from '../snapshot-store.ts';
import { number, sqlRows } from '../sql-row.ts';
import { sqlEstimate } from './bill.ts';
import type { Dataset } from './dataset.ts';
import { columnsInForce, createSnapshot } from './make-snapshot.ts';
import { isTagged } from './policy-tags.ts';
import { dryRun, NO_CAP, ownStatementError, select } from './query.ts';
import type { TableResource } from './resources.ts';
import { columnNames, requireSnapshot } from './snapshot-table.ts';

/** Implements `SnapshotStore.foldSnapshot`. The job outlasts this process. */
export async function foldSnapshot(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  facts: SnapshotFacts,
  base: Published,
  { signal }: FoldOptions = {},
): Promise<MadeSnapshot> {
  const columns = await columnsInForce(dataset, table);
  const snapshot = await snapshotOf(dataset, table, base);
  const rows = foldSelect(dialect, table, snapshot, columns, base, facts.floor);
  return createSnapshot(dataset, dialect, table, facts, { columns, select: rows, signal });
}

/**
 * Implements `SnapshotStore.estimateFold`: the bytes by a dry run, which costs nothing; the rows by a query of one column of
 * the tail's partitions.
 *
 * BigQuery estimates by partitions and columns. Each column of a table counts once, however often the statement names it.
 *
 * Sources: <https://docs.cloud.google.com/bigquery/docs/best-practices-costs>,
 * <https://boonepeter.github.io/posts/unnecessary_bigquery_optimization/>
 */
export async function estimateFold(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  base: Published,
): Promise<CompactionEstimate> {
  const names = objectNames(table.name);
  const columns = await columnsInForce(dataset, table);
  const snapshot = await snapshotOf(dataset, table, base);
  const sql = foldSelect(dialect, table, snapshot, columns, base, base.floor);
  const purpose = {
    doing: `estimate a compaction of ${dataset.nameOf(names.changelog)}`,
    permission: 'bigquery.jobs.create or bigquery.tables.getData',
  };
  try {
    const checked = await dryRun(dataset, purpose, sql, NO_CAP);
    const [row = {}] = sqlRows(await select(dataset, purpose.doing, { sql: tailCount(dialect, names, base) }));
    const counts = { tailRows: number(row, 'rows'), snapshotRows: Number(snapshot?.numRows ?? 0) };
    return { bill: await sqlEstimate(dataset, checked), ...counts };
  } catch (error) {
    throw ownStatementError(error);
  }
}

async function snapshotOf(
  dataset: Dataset,
  table: SourceTable,
  { snapshotId }: Published,
): Promise<TableResource | undefined> {
  return snapshotId === null ? undefined : await requireSnapshot(dataset, table, snapshotId);
}

function foldSelect(
  dialect: Dialect,
  table: SourceTable,
  snapshot: TableResource | undefined,
  columns: readonly TypedColumn[],
  published: Published,
  floor: number | null,
): string {
  const names = columnNames(snapshot ?? {});
  // Of a column with a policy tag this may see masks alone: it is read from the items again, so that they are never stored.
  const tagged = new Set(columns.filter(isTagged).map(({ name }) => name));
  const stored = new Set([...names].filter((name) => !tagged.has(name)));
  return foldedSnapshot(dialect, objectNames(table.name), { published, columns, stored }, floor);
}
