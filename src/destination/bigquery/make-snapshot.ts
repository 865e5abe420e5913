import { isKind } from '../../errors.ts';
import { loadName, objectNames } from '../../names/object-names.ts';
import type { TypedColumn } from '../../schema/typed-column.ts';
import { publishedOver, type SnapshotFacts } from '../../snapshot/ledger.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { digestOf } from '../../value/digest.ts';
import type { Dialect } from '../../views/dialect.ts';
import { loadCount, loadedSnapshot, snapshotCount } from '../../views/snapshot.ts';
import { loadTable, snapshotTable } from '../../views/table-definition.ts';
import { writeAnnotation } from '../annotation.ts';
import { madeSnapshot } from '../count-rows.ts';
import { refuseUnmade } from '../published-conflict.ts';
import type { MadeSnapshot } from '../snapshot-store.ts';
import { number, sqlRows } from '../sql-row.ts';
import { capReached } from './bytes-cap.ts';
import type { Dataset } from './dataset.ts';
import { refuseDatasetDefaults, refuseDefaults } from './dataset-defaults.ts';
import { runJob } from './job.ts';
import { tagColumns } from './policy-tags.ts';
import { capOf, ownStatementError, queryJob, select } from './query.ts';
import { requireTable, snapshotIn } from './snapshot-table.ts';
import { stateInForce } from './state-view.ts';
import { ensureTable, labelsOf } from './table.ts';

/** A backfill that stopped at its cap can be resumed for this long, from its last run on. */
const LOAD_EXPIRY_MS = 30 * 24 * 60 * 60_000;

/** What a snapshot is made of. */
export type SnapshotRows = {
  readonly columns: readonly TypedColumn[];
  /** A SELECT of the snapshot's columns, in their order. */
  readonly select: string;
  /** Aborting it ends the wait for the job, which continues. */
  readonly signal?: AbortSignal | undefined;
};

/** Implements `SnapshotStore.createLoad`. */
export async function createLoad(dataset: Dataset, table: SourceTable, id: SnapshotId): Promise<void> {
  const comment = writeAnnotation({ of: 'load', tableName: table.name });
  const expiresAt = dataset.caller.clock.now() + LOAD_EXPIRY_MS;
  if (await ensureTable(dataset, loadTable(id, comment), 'load', expiresAt)) return;
  await dataset.patchTable(loadName(id), { expirationTime: String(expiresAt) });
}

/** Implements `SnapshotStore.countLoad`. */
export async function countLoad(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  id: SnapshotId,
): Promise<{ readonly rows: number; readonly keys: number }> {
  await requireTable(dataset, table, loadName(id));
  const doing = `count ${dataset.nameOf(loadName(id))}`;
  const [row = {}] = sqlRows(await select(dataset, doing, { sql: loadCount(dialect, id) }));
  return { rows: number(row, 'rows'), keys: number(row, 'keys') };
}

/** Implements `SnapshotStore.makeSnapshot`. What was loaded stays until the snapshot is whole. */
export async function makeSnapshot(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  facts: SnapshotFacts,
  isRepeated: boolean,
): Promise<MadeSnapshot> {
  const id = facts.snapshotId;
  const columns = await columnsInForce(dataset, table);
  const rows = { columns, select: loadedSnapshot(dialect, id, columns, { isRepeated }) };
  try {
    const made = await createSnapshot(dataset, dialect, table, facts, rows);
    await dataset.dropTable(loadName(id));
    return made;
  } catch (error) {
    if (isKind(error, 'destination-missing')) await requireTable(dataset, table, loadName(id));
    throw error;
  }
}

/**
 * Makes a snapshot by one statement, puts policy tags on its columns, and then writes its facts into its description: a
 * snapshot without them is never published. A whole snapshot is left as it is.
 *
 * The job's id is made of the table's name, so that a process which takes over waits for the job that the one before started.
 */
export async function createSnapshot(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  facts: SnapshotFacts,
  rows: SnapshotRows,
): Promise<MadeSnapshot> {
  const names = objectNames(table.name);
  const id = facts.snapshotId;
  const name = names.snapshot(id);
  const before = await dataset.findTable(name);
  const whole = snapshotIn(before, table)?.facts;
  if (whole) return whole;
  if (before === undefined) await runStatement(dataset, dialect, table, id, rows);
  else if (snapshotIn(before, table) === undefined) refuseUnmade(table, id, undefined);
  await tagColumns(dataset, name, rows.columns);
  const count = { sql: snapshotCount(dialect, names, id, publishedOver(facts).streamLabel) };
  const [row = {}] = sqlRows(await select(dataset, `count ${dataset.nameOf(name)}`, count));
  const made = madeSnapshot(facts, row);
  await dataset.patchTable(name, {
    description: writeAnnotation({ of: 'snapshot', tableName: table.name, facts: made }),
  });
  return made;
}

/** The typed columns in force. */
export async function columnsInForce(dataset: Dataset, table: SourceTable): Promise<readonly TypedColumn[]> {
  return stateInForce(dataset, table, await dataset.getTable(objectNames(table.name).state)).columns;
}

/**
 * Creates the snapshot's table with its rows. A dataset whose tables expire is refused before anything is billed, and again
 * if it came to be one meanwhile.
 */
async function runStatement(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  id: SnapshotId,
  { columns, select: rows, signal }: SnapshotRows,
): Promise<void> {
  await refuseDatasetDefaults(dataset);
  const names = objectNames(table.name);
  const name = names.snapshot(id);
  const { kmsKey } = dataset.settings;
  const definition = {
    ...snapshotTable(names, id, writeAnnotation({ of: 'snapshot', tableName: table.name, facts: null }), columns),
    labels: labelsOf(dataset, 'snapshot'),
    ...(kmsKey === null ? {} : { kmsKey }),
  };
  const purpose = {
    doing: `make ${dataset.nameOf(name)}`,
    permission: 'bigquery.jobs.create, bigquery.tables.create or bigquery.tables.getData',
  };
  const [sql = ''] = dialect.createTableAs(definition, rows);
  const { project, dataset: datasetId } = dataset.path;
  const statement = { sql, isDefinition: true };
  const job = {
    ...queryJob(dataset, purpose, statement),
    id: `tailrace_snapshot_${digestOf(JSON.stringify([project, datasetId, name]))}`,
    // Someone may have dropped it since.
    isMade: async () => (await dataset.findTable(name)) !== undefined,
    signal,
  };
  try {
    await runJob(dataset, job);
  } catch (error) {
    throw capReached(error, capOf(dataset, statement), purpose) ?? ownStatementError(error);
  }
  await refuseDefaults(dataset, name, {}, await dataset.getTable(name));
}
