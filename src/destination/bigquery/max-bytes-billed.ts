import { readByteCount } from '../../byte-count.ts';

/** The variable that caps what one query may bill. */
export const MAX_BYTES_BILLED = 'TAILRACE_BIGQUERY_MAX_BYTES_BILLED';

/** What one query may bill by default, in bytes: as much as is free in a month, and $6.25 on demand beyond that. */
export const DEFAULT_MAX_BYTES_BILLED: number = 1024 ** 4;

/** The form of such a cap. */
export const MAX_BYTES_FORM = 'a number of bytes such as 500GB or 1TiB, 10 MiB at least';

/**
 * BigQuery bills 10 MB at least.
 *
 * Source: <https://cloud.google.com/bigquery/pricing#on_demand_pricing>
 */
const LEAST_BYTES = 10 * 1024 ** 2;

/** Reads a cap on what a query may bill, in bytes; `undefined` if the text isn't {@link MAX_BYTES_FORM}. */
export function readMaxBytesBilled(text: string): number | undefined {
  const bytes = readByteCount(text);
  return bytes === undefined || bytes < LEAST_BYTES ? undefined : bytes;
}
