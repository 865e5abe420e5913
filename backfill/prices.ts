import { z } from 'zod';
import { TailraceError } from '../src/errors.ts';

/** What AWS asks for reading a table, in US dollars. */
export type Prices = {
  /** Whose they are; `null` for those that someone gave. */
  readonly region: string | null;
  /** For a million read request units of a table in on-demand mode. */
  readonly readMillion: number;
  /** For a GB of table that an export to S3 writes; `null` where it isn't known. */
  readonly exportGb: number | null;
  /** For a GB that leaves AWS for the internet, behind what is free each month; `null` where it isn't known. */
  readonly transferOutGb: number | null;
  /** When they were looked up; `null` for those that someone gave. */
  readonly asOf: string | null;
};

/** Where the prices below can be looked up again. */
export const PRICES_SOURCE = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';

/** The day on which all of them were looked up. */
const AS_OF = '2026-11-23';

/**
 * Prices by region, for the Standard table class. What isn't here isn't guessed, but asked for (`--prices`).
 *
 * AWS's own pages show prices only in a browser, so these are from copies, and should be checked before much depends on
 * them. Read units: AWS's price list, a file for each region
 * (<https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonDynamoDB/current/us-east-1/index.json>), as others quoted
 * it in 2026. An export: as several public cost notes quote it for us-east-1; DynamoDB's developer guide has it billed by
 * the size of the table (`ExportDataSize-Bytes`). Transfer: 100 GB a month are free, then this up to 10 TB, as in
 * <https://wring.co/blog/aws-data-transfer-pricing-guide>.
 */
const PRICES: Readonly<Record<string, Pick<Prices, 'readMillion' | 'exportGb' | 'transferOutGb'>>> = {
  'us-east-1': { readMillion: 0.125, exportGb: 0.1, transferOutGb: 0.09 },
  'eu-west-1': { readMillion: 0.1415, exportGb: null, transferOutGb: null },
  'eu-central-1': { readMillion: 0.1525, exportGb: null, transferOutGb: null },
  'ap-northeast-2': { readMillion: 0.1355, exportGb: null, transferOutGb: null },
};

/** The prices of a region; `null` where they aren't known. */
export function pricesOf(region: string): Prices | null {
  const known = Object.hasOwn(PRICES, region) ? PRICES[region] : undefined;
  return known ? { region, ...known, asOf: AS_OF } : null;
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
  return { region: null, readMillion, exportGb, transferOutGb, asOf: null };
}

function invalid(path: string, problem: string, cause?: unknown): TailraceError {
  return new TailraceError('usage-invalid', `The prices in ${path} can't be used: ${problem}`, {
    remedy: 'Give {"read_units_per_million": …, "export_per_gb": …, "transfer_out_per_gb": …}, in US dollars.',
    cause,
  });
}
