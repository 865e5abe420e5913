import { z } from 'zod';
import { TailraceError } from '../src/errors.ts';

/** What AWS asks for reading a table, in US dollars. */
export type Prices = {
  /** For a million read request units of a table in on-demand mode. */
  readonly readMillion: number;
  /** For a GB that an export to S3 writes. */
  readonly exportGb: number;
  /** For a GB that leaves AWS for the internet, behind what is free each month. */
  readonly transferOutGb: number;
  /** When they were looked up; `null` for those that someone gave. */
  readonly asOf: string | null;
};

/** Where the prices below can be looked up again. */
export const PRICES_SOURCE = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';

/**
 * Prices by region, for the Standard table class. What isn't here isn't guessed, but asked for (`--prices`).
 *
 * The price of reading was looked up on the day given. Those of an export and of transfer are list prices that the page
 * shows only in a browser: check them there before much depends on them.
 */
const PRICES: Readonly<Record<string, Prices>> = {
  'us-east-1': { readMillion: 0.125, exportGb: 0.1, transferOutGb: 0.09, asOf: '2026-11-23' },
};

/** The prices of a region; `null` where they aren't known. */
export function pricesOf(region: string): Prices | null {
  return Object.hasOwn(PRICES, region) ? (PRICES[region] ?? null) : null;
}

const price = z.number({ error: 'expected a number of dollars' }).min(0);
const file = z.strictObject({ read_units_per_million: price, export_per_gb: price, transfer_out_per_gb: price });

/**
 * Reads prices of one's own from a file's text, such as `{"read_units_per_million": 0.1415, "export_per_gb": 0.114,
 * "transfer_out_per_gb": 0.09}`.
 *
 * @throws {TailraceError} `usage-invalid` naming every problem.
 */
export function parsePrices(text: string, path: string): Prices {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(path, 'is not JSON', cause);
  }
  const read = file.safeParse(json);
  if (!read.success) {
    throw invalid(
      path,
      read.error.issues.map(({ path: at, message }) => `${at.join('.') || 'file'}: ${message}`).join('; '),
    );
  }
  const {
    read_units_per_million: readMillion,
    export_per_gb: exportGb,
    transfer_out_per_gb: transferOutGb,
  } = read.data;
  return { readMillion, exportGb, transferOutGb, asOf: null };
}

function invalid(path: string, problem: string, cause?: unknown): TailraceError {
  return new TailraceError('usage-invalid', `The prices in ${path} can't be used: ${problem}`, {
    remedy: 'Give {"read_units_per_million": …, "export_per_gb": …, "transfer_out_per_gb": …}, in US dollars.',
    cause,
  });
}
