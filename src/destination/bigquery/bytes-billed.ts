import type { BytePrice } from '../sql-runner.ts';

const MIB = 1024 ** 2;
const TIB = 1024 ** 4;

/** What BigQuery bills for each table that a statement reads, at least. */
const LEAST_PER_TABLE = 10 * MIB;

/**
 * On-demand analysis, as stored copies of Google's page have it; the page itself shows prices in a browser only. The first
 * TiB of a month is free.
 */
export const ON_DEMAND: BytePrice = {
  tib: 6.25,
  locations: ['US', 'EU'],
  source: 'https://cloud.google.com/bigquery/pricing#on_demand_pricing',
  asOf: '2026-11-28',
};

/**
 * The bytes that a statement is billed for: rounded up to whole MB, and 10 MB for each table at least. A statement that
 * reads no bytes, such as a count of all rows of a table, is free.
 *
 * Source: {@link ON_DEMAND}
 *
 * @param tables Number of the tables that it reads.
 */
export function bytesBilled(bytesProcessed: number, tables: number): number {
  if (bytesProcessed === 0) return 0;
  return Math.max(Math.ceil(bytesProcessed / MIB) * MIB, Math.max(1, tables) * LEAST_PER_TABLE);
}

/** US dollars for bytes that are billed, at the list price. */
export function dollarsFor(bytes: number): number {
  return (bytes / TIB) * ON_DEMAND.tib;
}
