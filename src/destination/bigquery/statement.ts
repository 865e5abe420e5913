import { TailraceError } from '../../errors.ts';
import type { SqlResult } from '../destination.ts';
import { ApiFailure } from './api.ts';
import type { Dataset } from './dataset.ts';
import { startJob } from './job.ts';
import { queryJob, runQuery } from './query.ts';
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
  if (/^[\s;]*$/.test(sql)) throw new TailraceError('query-invalid', 'There is no statement to run');
  const { statistics } = await check(dataset, sql);
  if (statistics?.query?.statementType === 'SCRIPT') {
    throw new TailraceError('query-invalid', 'One statement can be run at a time');
  }
  return runQuery(dataset, PURPOSE, { sql }, signal);
}

/** Has BigQuery check a statement without running it, which costs nothing. */
async function check(dataset: Dataset, sql: string): Promise<Job> {
  const job = queryJob(dataset, PURPOSE, { sql });
  try {
    return await startJob(dataset, { ...job, configuration: { ...job.configuration, dryRun: true } });
  } catch (error) {
    const failure = error instanceof TailraceError ? error.cause : undefined;
    if (!(failure instanceof ApiFailure) || !FAULTS.has(failure.reason)) throw error;
    throw new TailraceError('query-invalid', failure.text.split('\n', 1)[0] ?? '', { cause: failure });
  }
}
