import { ingestedSince } from '../../changelog/ingested-since.ts';
import { TailraceError } from '../../errors.ts';
import { objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import type { Dialect } from '../../views/dialect.ts';
import { deleteOldRows } from '../../views/old-rows.ts';
import { refuseNeededRows } from '../published-conflict.ts';
import type { Dataset } from './dataset.ts';
import { failureIn } from './errors.ts';
import { readPublished } from './publish.ts';
import { ownStatementError, runQuery } from './query.ts';
import { raiseKeptSince } from './setup.ts';

/** BigQuery's message: "UPDATE or DELETE statement over table … would affect rows in the streaming buffer, which is not supported". */
const STREAMING_BUFFER = /streaming buffer/i;

/** Implements `RowRetention.ingestedWithin`, by BigQuery's own clock. */
export async function ingestedWithin(dataset: Dataset, ageMs: number): Promise<number> {
  return ingestedSince(dataset.caller.serverClock.now() - ageMs);
}

/**
 * Implements `RowRetention.dropRows`, by a DELETE. One that names whole partitions, by their column alone, drops them without
 * reading them, and bills nothing.
 *
 * The state is read again once the annotation is written: a publication that begins later reads the annotation first.
 *
 * Sources: <https://docs.cloud.google.com/bigquery/docs/using-dml-with-partitioned-tables#using_dml_delete_to_delete_partitions>,
 * <https://docs.cloud.google.com/bigquery/docs/data-manipulation-language#limitations>
 */
export async function dropRows(dataset: Dataset, dialect: Dialect, table: SourceTable, before: number): Promise<void> {
  const names = objectNames(table.name);
  refuseNeededRows(table, await readPublished(dataset, table), before);
  await raiseKeptSince(dataset, table, before);
  refuseNeededRows(table, await readPublished(dataset, table), before);
  const doing = `drop old rows of ${dataset.nameOf(names.changelog)}`;
  const permission = 'bigquery.jobs.create or bigquery.tables.updateData';
  try {
    await runQuery(dataset, { doing, permission }, { sql: deleteOldRows(dialect, names, before) });
  } catch (error) {
    throw inStreamingBuffer(table, doing, error) ?? ownStatementError(error);
  }
}

function inStreamingBuffer({ name }: SourceTable, doing: string, error: unknown): TailraceError | undefined {
  const failure = failureIn(error);
  if (failure === undefined || !STREAMING_BUFFER.test(failure.text)) return undefined;
  return new TailraceError(
    'destination-busy',
    `Could not ${doing}: BigQuery deletes no rows that are still in its streaming buffer (${failure.reason})`,
    {
      context: { table: name },
      remedy: `Run \`tailrace retention ${name}\` again in two hours: it drops the rows that are left.`,
      cause: failure,
    },
  );
}
