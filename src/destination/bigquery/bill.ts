import { TailraceError } from '../../errors.ts';
import type { SqlBill, SqlEstimate } from '../sql-runner.ts';
import { bytesBilled, dollarsFor, ON_DEMAND } from './bytes-billed.ts';
import type { Dataset } from './dataset.ts';
import { getJob } from './job.ts';
import type { Job } from './resources.ts';

/** How long a statement's result waits for its bill. */
const WAIT_MS = 5_000;

/** Source: <https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics2.FIELDS.total_bytes_processed_accuracy> */
const ACCURACIES = {
  PRECISE: 'exact',
  UPPER_BOUND: 'at most',
  LOWER_BOUND: 'at least',
} as const;

/**
 * What a job has billed; `undefined` if BigQuery doesn't say. The statement has succeeded and its result counts, so that no
 * failure to get the bill is passed on.
 */
export async function billOf(dataset: Dataset, jobId: string): Promise<SqlBill | undefined> {
  try {
    const purpose = { doing: 'read what the statement billed', permission: 'bigquery.jobs.get' };
    const until = dataset.caller.clock.now() + WAIT_MS;
    const { statistics } = await getJob(dataset, purpose, jobId, { fields: 'statistics', until });
    const { totalBytesBilled, totalBytesProcessed = '0', cacheHit = false } = statistics?.query ?? {};
    if (totalBytesBilled === undefined) return undefined;
    const billed = Number(totalBytesBilled);
    return {
      bytesProcessed: Number(totalBytesProcessed),
      bytesBilled: billed,
      isCached: cacheHit,
      dollars: dollarsFor(billed),
    };
  } catch (error) {
    if (error instanceof TailraceError) return undefined;
    throw error;
  }
}

/** What a statement would bill, by the check of it. */
export async function sqlEstimate(dataset: Dataset, { statistics }: Job): Promise<SqlEstimate> {
  const {
    totalBytesProcessed = '0',
    totalBytesProcessedAccuracy = '',
    referencedTables = [],
  } = statistics?.query ?? {};
  const processed = Number(totalBytesProcessed);
  const billed = bytesBilled(processed, referencedTables.length);
  const accuracies: Readonly<Record<string, 'exact' | 'at most' | 'at least'>> = ACCURACIES;
  return {
    isFree: false,
    bytesProcessed: processed,
    accuracy: accuracies[totalBytesProcessedAccuracy] ?? 'unknown',
    bytesBilled: billed,
    dollars: dollarsFor(billed),
    price: ON_DEMAND,
    location: await dataset.location(),
    maxBytesBilled: dataset.settings.maxBytesBilled,
  };
}
