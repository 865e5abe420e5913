/** What AWS charges for reading a table, in US dollars; `null` where it isn't known. */
export type Prices = {
  /** The region that they are of; `null` for a user's own prices. */
  readonly region: string | null;
  /** For a million read request units of a table in on-demand mode. */
  readonly readMillion: number | null;
  /** For a GB of table that an export to S3 writes. */
  readonly exportGb: number | null;
  /** For a GB that leaves AWS for the internet, beyond what is free each month. */
  readonly transferOutGb: number | null;
  /** The day, or year, of the oldest of them; `null` for a user's own prices. */
  readonly asOf: string | null;
};

/** Where the prices below can be looked up again. */
export const PRICES_SOURCE = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';

/** US dollars, and the day (or year) of the price list or look-up that they were quoted from. */
type Quote = readonly [dollars: number, asOf: string];

/*
 * Prices by region, for the Standard table class. A price that isn't here isn't guessed: the user gives it (`--prices`).
 *
 * AWS's own pages show prices only in a browser, so all of these are quoted from copies that others stored, looked up on
 * 2026-11-23. Check them before much depends on them.
 */

/**
 * Read request units on demand, from AWS's price list. All are from after 2024-11-01, when they were halved
 * (<https://aws.amazon.com/blogs/database/new-amazon-dynamodb-lowers-pricing-for-on-demand-throughput-and-global-tables/>);
 * those of us-east-1, eu-central-1, eu-north-1, eu-west-1, eu-west-2, ap-northeast-1 and ap-south-1 were found in several
 * places that agree, the others in one. A file for each region:
 * `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonDynamoDB/current/REGION/index.json`.
 */
const READ_MILLION: Readonly<Record<string, Quote>> = {
  'us-east-1': [0.125, '2026-08-15'],
  'us-east-2': [0.125, '2026-09-11'],
  'us-west-1': [0.1395, '2026-09-29'],
  'us-west-2': [0.125, '2026-10-04'],
  'sa-east-1': [0.1875, '2026'],
  'eu-central-1': [0.1525, '2026-09-11'],
  'eu-north-1': [0.1345, '2026-09-11'],
  'eu-west-1': [0.1415, '2026-08-15'],
  'eu-west-2': [0.1487, '2026-06-08'],
  'eu-west-3': [0.1487, '2026-09-07'],
  'ap-northeast-1': [0.1425, '2026-09-11'],
  'ap-northeast-2': [0.1355, '2026-06-12'],
  'ap-south-1': [0.1425, '2026-09-11'],
  'ap-southeast-2': [0.1425, '2026-08-13'],
};

/**
 * An export to S3, as public cost notes quote it. DynamoDB's developer guide has it billed by the size of the table
 * (`ExportDataSize-Bytes`).
 */
const EXPORT_GB: Readonly<Record<string, Quote>> = {
  'us-east-1': [0.1, '2026'],
};

/**
 * Out to the internet: 100 GB a month are free, then this up to 10 TB. Those of 2022 are from Skyplane
 * (<https://github.com/skyplane-project/skyplane/blob/main/skyplane/data/aws_transfer_costs.csv>), which agrees with all
 * the later ones; those from AWS's price list:
 * `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AWSDataTransfer/current/REGION/index.json`.
 */
const TRANSFER_OUT_GB: Readonly<Record<string, Quote>> = {
  'us-east-1': [0.09, '2026-07-20'],
  'us-east-2': [0.09, '2026'],
  'us-west-1': [0.09, '2022'],
  'us-west-2': [0.09, '2026'],
  'ca-central-1': [0.09, '2026'],
  'sa-east-1': [0.15, '2026-09-16'],
  'eu-central-1': [0.09, '2026-07-20'],
  'eu-north-1': [0.09, '2022'],
  'eu-south-1': [0.09, '2022'],
  'eu-west-1': [0.09, '2026-07-20'],
  'eu-west-2': [0.09, '2026'],
  'eu-west-3': [0.09, '2022'],
  'af-south-1': [0.154, '2022'],
  'me-south-1': [0.117, '2022'],
  'ap-east-1': [0.12, '2022'],
  'ap-northeast-1': [0.114, '2026-09-16'],
  'ap-northeast-2': [0.126, '2026'],
  'ap-northeast-3': [0.114, '2022'],
  'ap-south-1': [0.1093, '2026'],
  'ap-southeast-1': [0.12, '2026'],
  'ap-southeast-2': [0.114, '2026'],
  'ap-southeast-3': [0.132, '2022'],
};

/** The prices of a region; `null` where none is known. */
export function pricesOf(region: string): Prices | null {
  const read = quoteOf(READ_MILLION, region);
  const exporting = quoteOf(EXPORT_GB, region);
  const out = quoteOf(TRANSFER_OUT_GB, region);
  const [oldest] = [read, exporting, out].flatMap((quote) => (quote ? [quote[1]] : [])).sort();
  if (oldest === undefined) return null;
  return {
    region,
    readMillion: read?.[0] ?? null,
    exportGb: exporting?.[0] ?? null,
    transferOutGb: out?.[0] ?? null,
    asOf: oldest,
  };
}

function quoteOf(quotes: Readonly<Record<string, Quote>>, region: string): Quote | undefined {
  return Object.hasOwn(quotes, region) ? quotes[region] : undefined;
}
