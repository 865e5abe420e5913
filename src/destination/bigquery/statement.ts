import { TailraceError } from '../../errors.ts';
import type { SqlResult } from '../destination.ts';
import { writingStatement } from '../writing-statement.ts';
import { ApiFailure } from './api.ts';
import { capReached } from './bytes-cap.ts';
import type { Dataset } from './dataset.ts';
import { startJob } from './job.ts';
import { capOf, queryJob, runQuery } from './query.ts';
import type { Job } from './resources.ts';

const PURPOSE = { doing: 'run the statement', permission: 'bigquery.jobs.create or bigquery.tables.getData' };

/** Reasons for which BigQuery refuses a statement before it runs. */
const FAULTS: ReadonlySet<string | null> = new Set(['invalid', 'invalidQuery', 'notFound']);

/**
 * Runs a user's statement. BigQuery first checks it without running it: a message then can quote the statement only. A
 * later message may quote a row, and is never passed on.
 *
 * @throws {TailraceError} `query-invalid`, `interrupted` when `signal` aborts, or of a `destination-…` kind.
 */
export async function runStatement(dataset: Dataset, sql: string, signal?: AbortSignal): Promise<SqlResult> {
  await typeOf(dataset, sql);
  return runQuery(dataset, PURPOSE, { sql }, signal);
}

/**
 * As {@link runStatement}, for a statement of the one type that writes nothing.
 *
 * @throws {TailraceError} `query-writes`, before it runs, for one of another type, or where BigQuery names none.
 */
export async function runQueryStatement(dataset: Dataset, sql: string, signal?: AbortSignal): Promise<SqlResult> {
  const type = await typeOf(dataset, sql);
  if (type !== 'SELECT') throw writingStatement(type);
  return runQuery(dataset, PURPOSE, { sql }, signal);
}

/**
 * The type of a statement, such as `SELECT` or `EXPORT_DATA`, by a check; `undefined` if the server names none.
 *
 * Source: <https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics2.FIELDS.statement_type>
 *
 * @throws {TailraceError} `query-invalid` unless `sql` is one statement that BigQuery can run.
 */
async function typeOf(dataset: Dataset, sql: string): Promise<string | undefined> {
  if (/^[\s;]*$/.test(sql)) throw new TailraceError('query-invalid', 'There is no statement to run');
  const { statistics } = await check(dataset, sql);
  const type = statistics?.query?.statementType;
  if (type === 'SCRIPT') throw new TailraceError('query-invalid', 'One statement can be run at a time');
  return type;
}

/** Has BigQuery check a statement without running it, which costs nothing. */
async function check(dataset: Dataset, sql: string): Promise<Job> {
  const job = queryJob(dataset, PURPOSE, { sql });
  try {
    return await startJob(dataset, { ...job, configuration: { ...job.configuration, dryRun: true } });
  } catch (error) {
    const failure = error instanceof TailraceError ? error.cause : undefined;
    if (!(failure instanceof ApiFailure) || !FAULTS.has(failure.reason)) {
      throw capReached(error, capOf(dataset, { sql }), PURPOSE) ?? error;
    }
    throw new TailraceError('query-invalid', failure.text.split('\n', 1)[0] ?? '', { cause: failure });
  }
}
