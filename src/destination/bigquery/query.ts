import { TailraceError } from '../../errors.ts';
import { interruptible } from '../../interruptible.ts';
import type { SqlResult } from '../destination.ts';
import { ApiFailure, type Purpose } from './api.ts';
import { capReached } from './bytes-cap.ts';
import type { Call, Caller } from './caller.ts';
import { cellValue, unwrap } from './cell.ts';
import type { Dataset } from './dataset.ts';
import { cancelJob, type JobRequest, jobFailure, startJob } from './job.ts';
import type { FieldSchema, Job, JobConfiguration, QueryResults } from './resources.ts';

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

/** How long BigQuery waits before it answers that a query isn't done. */
const WAIT_MS = 10_000;
const MAX_PAGE_ROWS = 10_000;

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
export async function runQuery(
  dataset: Dataset,
  purpose: Purpose,
  statement: Statement,
  signal: AbortSignal = new AbortController().signal,
): Promise<SqlResult & { readonly jobId: string }> {
  const cap = capOf(dataset, statement);
  try {
    return await run(dataset, purpose, statement, signal);
  } catch (error) {
    throw capReached(error, cap, purpose) ?? error;
  }
}

async function run(dataset: Dataset, purpose: Purpose, statement: Statement, signal: AbortSignal) {
  // A job that failed by BigQuery's own fault stays failed: the statement runs again under another id.
  const started = await dataset.caller.retry({ ...purpose, method: 'POST', path: 'jobs' }, async () => {
    const job = await startJob(dataset, queryJob(dataset, purpose, statement));
    const failure = jobFailure(job);
    if (failure !== undefined) throw failure;
    return job;
  });
  const id = started.jobReference?.jobId ?? '';
  try {
    return { ...(await interruptible('The statement', signal, results(dataset, purpose, id, signal))), jobId: id };
  } finally {
    if (signal.aborted) await cancelJob(dataset, purpose, id);
  }
}

async function results(dataset: Dataset, purpose: Purpose, jobId: string, signal: AbortSignal): Promise<SqlResult> {
  const rows: SqlResult['rows'][number][] = [];
  let fields: readonly FieldSchema[] = [];
  let pageToken: string | undefined;
  for (;;) {
    const page = await pageOf(dataset.caller, {
      ...purpose,
      method: 'GET',
      path: `queries/${jobId}`,
      query: {
        location: await dataset.location(),
        maxResults: String(MAX_PAGE_ROWS),
        timeoutMs: String(WAIT_MS),
        'formatOptions.useInt64Timestamp': 'true',
        ...(pageToken === undefined ? {} : { pageToken }),
      },
    });
    signal.throwIfAborted();
    if (!page.jobComplete) continue;
    fields = page.schema?.fields ?? fields;
    for (const { f: cells = [] } of page.rows ?? []) {
      rows.push(fields.map((field, index) => cellValue(field, unwrap(cells[index]))));
    }
    pageToken = page.pageToken;
    if (!pageToken) return { columns: fields.map(({ name = '' }) => name), rows };
  }
}

/** A page of results, or that there are none yet. An answer with neither would be read as no rows. */
function pageOf(caller: Caller, call: Call): Promise<QueryResults> {
  return caller.retry(call, async (until) => {
    const page = await caller.once<QueryResults>({ ...call, until });
    if (page.jobComplete === undefined) throw new ApiFailure({ reason: 'notBigQuery' });
    return page;
  });
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
