import { TailraceError } from '../../errors.ts';
import type { SqlResult } from '../destination.ts';
import type { Purpose } from './api.ts';
import { capReached } from './bytes-cap.ts';
import { cellValue } from './cell.ts';
import type { Dataset } from './dataset.ts';
import { cancelJob, type JobRequest, jobFailure, startJob } from './job.ts';
import { queryPages, type ResultPage } from './query-pages.ts';
import type { Job, JobConfiguration } from './resources.ts';

/** A statement and its parameters, which are arrays of strings. */
export type Statement = {
  readonly sql: string;
  readonly arrays?: Readonly<Record<string, readonly string[]>>;
  /** BigQuery refuses the statement, for nothing, if it would bill more bytes than this or the setting. @default the setting */
  readonly maxBytes?: number;
  /**
   * Whether the statement creates a table, and names the table's encryption key itself: BigQuery refuses a key in the job
   * ("Cannot set kms key name in jobs with DDL statements"). @default false
   *
   * Source: <https://github.com/google/adk-python/pull/7232>
   */
  readonly isDefinition?: boolean;
};

/**
 * Runs one of Tailrace's own statements.
 *
 * @param doing What it is for, such as `read shop.tailrace.orders_latest`.
 * @throws {TailraceError} of a `destination-…` kind.
 */
export async function select(dataset: Dataset, doing: string, statement: Statement): Promise<SqlResult> {
  const purpose = { doing, permission: 'bigquery.jobs.create or bigquery.tables.getData' };
  try {
    return await runQuery(dataset, purpose, statement);
  } catch (error) {
    throw ownStatementError(error);
  }
}

/** Names the failure of one of Tailrace's own statements. It is valid: so what it reads isn't as Tailrace made it. */
export function ownStatementError(error: unknown): unknown {
  if (!(error instanceof TailraceError) || error.kind !== 'query-invalid') return error;
  return new TailraceError('destination-invalid', error.message, {
    context: error.context,
    remedy: 'Run `tailrace setup TABLE`, and check whether someone changed the table or view.',
    cause: error.cause,
  });
}

/**
 * Runs a statement and gives all of its rows; a failure has the kind that BigQuery's answer means.
 *
 * @param signal Aborting it cancels the statement, in BigQuery too, so that it costs no more.
 */
export function runQuery(
  dataset: Dataset,
  purpose: Purpose,
  statement: Statement,
  signal: AbortSignal = new AbortController().signal,
): Promise<SqlResult & { readonly jobId: string }> {
  return readQuery(dataset, purpose, statement, signal, results);
}

/** As {@link runQuery}, for a result of any size: it is read page by page. */
export async function readQuery<T extends object>(
  dataset: Dataset,
  purpose: Purpose,
  statement: Statement,
  signal: AbortSignal,
  read: (pages: AsyncGenerator<ResultPage, undefined>) => Promise<T>,
): Promise<T & { readonly jobId: string }> {
  const cap = capOf(dataset, statement);
  try {
    return await run(dataset, purpose, statement, signal, read);
  } catch (error) {
    throw capReached(error, cap, purpose) ?? error;
  }
}

async function run<T extends object>(
  dataset: Dataset,
  purpose: Purpose,
  statement: Statement,
  signal: AbortSignal,
  read: (pages: AsyncGenerator<ResultPage, undefined>) => Promise<T>,
): Promise<T & { readonly jobId: string }> {
  // A job that failed by BigQuery's own fault stays failed: the statement runs again under another id.
  const started = await dataset.caller.retry({ ...purpose, method: 'POST', path: 'jobs' }, async () => {
    const job = await startJob(dataset, queryJob(dataset, purpose, statement));
    const failure = jobFailure(job);
    if (failure !== undefined) throw failure;
    return job;
  });
  const id = started.jobReference?.jobId ?? '';
  try {
    return { ...(await read(queryPages(dataset, purpose, id, signal))), jobId: id };
  } finally {
    if (signal.aborted) await cancelJob(dataset, purpose, id);
  }
}

async function results(pages: AsyncIterable<ResultPage>): Promise<SqlResult> {
  const rows: SqlResult['rows'][number][] = [];
  let columns: readonly string[] = [];
  for await (const page of pages) {
    columns = page.fields.map(({ name = '' }) => name);
    for (const row of page.rows) rows.push(page.fields.map((field, index) => cellValue(field, row[index])));
  }
  return { columns, rows };
}

/** The job that runs a statement, under an id of its own. */
export function queryJob(dataset: Dataset, purpose: Purpose, statement: Statement): JobRequest {
  return {
    ...purpose,
    id: `tailrace_query_${dataset.caller.random.hex(32)}`,
    configuration: configuration(dataset, statement),
  };
}

/** A cap that no statement reaches: one that hid what a run would bill would make its check useless. */
export const NO_CAP: number = Number.MAX_SAFE_INTEGER;

/**
 * Has BigQuery check a statement without running it, which bills nothing.
 *
 * @param cap BigQuery refuses the statement if a run would bill more bytes.
 */
export function dryRun(dataset: Dataset, purpose: Purpose, sql: string, cap: number): Promise<Job> {
  const { configuration: of, ...request } = queryJob(dataset, purpose, { sql });
  const query = of.query && { ...of.query, maximumBytesBilled: String(cap) };
  return startJob(dataset, { ...request, configuration: { ...(query && { query }), dryRun: true } });
}

/** What a statement may bill, in bytes. */
export function capOf({ settings }: Dataset, { maxBytes = settings.maxBytesBilled }: Statement): number {
  return Math.min(maxBytes, settings.maxBytesBilled);
}

function configuration(dataset: Dataset, statement: Statement): JobConfiguration {
  const { sql, arrays = {}, isDefinition = false } = statement;
  const { project, dataset: datasetId } = dataset.path;
  const { kmsKey } = dataset.settings;
  const parameters = Object.entries(arrays);
  return {
    query: {
      query: sql,
      useLegacySql: false,
      defaultDataset: { projectId: project, datasetId },
      ...(parameters.length === 0 ? {} : { parameterMode: 'NAMED', queryParameters: parameters.map(arrayParameter) }),
      maximumBytesBilled: String(capOf(dataset, statement)),
      ...(kmsKey === null || isDefinition ? {} : { destinationEncryptionConfiguration: { kmsKeyName: kmsKey } }),
    },
  };
}

function arrayParameter([name, values]: readonly [string, readonly string[]]): object {
  return {
    name,
    parameterType: { type: 'ARRAY', arrayType: { type: 'STRING' } },
    parameterValue: { arrayValues: values.map((value) => ({ value })) },
  };
}
