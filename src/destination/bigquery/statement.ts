import { TailraceError } from '../../errors.ts';
import type { SqlEstimate, SqlResult } from '../sql-runner.ts';
import { writingStatement } from '../writing-statement.ts';
import { billOf, sqlEstimate } from './bill.ts';
import { capReached } from './bytes-cap.ts';
import type { Dataset } from './dataset.ts';
import { failureIn } from './errors.ts';
import { dryRun, NO_CAP, runQuery } from './query.ts';
import type { Job } from './resources.ts';

const PURPOSE = { doing: 'run the statement', permission: 'bigquery.jobs.create or bigquery.tables.getData' };

/** Reasons for which BigQuery refuses a statement before it runs. */
const FAULTS: ReadonlySet<string | null> = new Set(['invalid', 'invalidQuery', 'notFound']);

/**
 * BigQuery's message where FLOAT64 or INT64 meets the text of a number. It quotes no value.
 * Source: <https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/json_functions#double_for_json>
 */
const NO_NUMBER = /JSON input is not an? (?:number|integer)/i;

/**
 * Runs a user's statement. BigQuery first checks it without running it: a message then can quote the statement only. A
 * later message may quote a row, and is never passed on.
 *
 * @throws {TailraceError} `query-invalid`, `interrupted` when `signal` aborts, or of a `destination-…` kind.
 */
export async function runStatement(dataset: Dataset, sql: string, signal?: AbortSignal): Promise<SqlResult> {
  await typeOf(dataset, sql);
  return billed(dataset, sql, signal);
}

/**
 * As {@link runStatement}, for a statement of the one type that writes nothing.
 *
 * @throws {TailraceError} `query-writes`, before it runs, for one of another type, or where BigQuery names none.
 */
export async function runQueryStatement(dataset: Dataset, sql: string, signal?: AbortSignal): Promise<SqlResult> {
  requireReading(await typeOf(dataset, sql));
  return billed(dataset, sql, signal);
}

/**
 * What a statement would bill, by a check that no cap ends.
 *
 * @throws {TailraceError} `query-invalid`, or `query-writes` unless it may write.
 */
export async function estimateStatement(
  dataset: Dataset,
  sql: string,
  { write = false }: { readonly write?: boolean } = {},
): Promise<SqlEstimate> {
  const job = await checked(dataset, sql, NO_CAP);
  if (!write) requireReading(typeNamed(job));
  return sqlEstimate(dataset, job);
}

async function billed(dataset: Dataset, sql: string, signal?: AbortSignal): Promise<SqlResult> {
  const { jobId, ...result } = await run(dataset, sql, signal);
  const bill = await billOf(dataset, jobId);
  return bill === undefined ? result : { ...result, bill };
}

async function run(dataset: Dataset, sql: string, signal?: AbortSignal): ReturnType<typeof runQuery> {
  try {
    return await runQuery(dataset, PURPOSE, { sql }, signal);
  } catch (error) {
    const failure = failureIn(error);
    if (failure === undefined || !NO_NUMBER.test(failure.text)) throw error;
    throw new TailraceError('query-invalid', 'The statement reads a JSON value as a number that is none in the JSON', {
      remedy:
        'Some numbers are text in the JSON: write LAX_FLOAT64 for FLOAT64 and LAX_INT64 for INT64, or query a typed view.',
      cause: failure,
    });
  }
}

function requireReading(type: string | undefined): void {
  if (type !== 'SELECT') throw writingStatement(type);
}

/**
 * The type of a statement, such as `SELECT` or `EXPORT_DATA`, by a check; `undefined` if the server names none.
 *
 * Source: <https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics2.FIELDS.statement_type>
 *
 * @throws {TailraceError} `query-invalid` unless `sql` is one statement that BigQuery can run.
 */
async function typeOf(dataset: Dataset, sql: string): Promise<string | undefined> {
  return typeNamed(await checked(dataset, sql));
}

function typeNamed({ statistics }: Job): string | undefined {
  return statistics?.query?.statementType;
}

/**
 * Has BigQuery check a statement without running it, which costs nothing.
 *
 * @param cap What the statement may bill, in bytes. @default the setting
 */
async function checked(dataset: Dataset, sql: string, cap = dataset.settings.maxBytesBilled): Promise<Job> {
  if (/^[\s;]*$/.test(sql)) throw new TailraceError('query-invalid', 'There is no statement to run');
  let job: Job;
  try {
    job = await dryRun(dataset, PURPOSE, sql, cap);
  } catch (error) {
    const failure = failureIn(error);
    if (failure === undefined || !FAULTS.has(failure.reason)) throw capReached(error, cap, PURPOSE) ?? error;
    throw new TailraceError('query-invalid', failure.text.split('\n', 1)[0] ?? '', { cause: failure });
  }
  if (typeNamed(job) === 'SCRIPT') throw new TailraceError('query-invalid', 'One statement can be run at a time');
  return job;
}
