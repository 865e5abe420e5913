import { type Estimate, estimateBackfill, unitsFor } from '../../../backfill/cost/estimate.ts';
import { PRICES_SOURCE, type Prices, pricesOf } from '../../../backfill/cost/prices.ts';
import { sampleTable } from '../../../backfill/cost/table-sample.ts';
import { binarySize } from '../../../src/byte-count.ts';
import { bytesBilled, dollarsFor } from '../../../src/destination/bigquery/bytes-billed.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { TableDescription } from '../../../src/source/table-reader.ts';
import type { Connection, Dependencies } from '../../dependencies.ts';
import { count, counted, dollars, duration, size } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { listOf } from '../../terminal/table.ts';

export type EstimateOptions = {
  readonly table: string;
  readonly destination: string;
  readonly rate: number | undefined;
  readonly sample: boolean;
  /** A file of prices; `undefined` for those that are known. */
  readonly prices: string | undefined;
};

export type BackfillEstimate = Estimate & {
  /** Of the table. */
  readonly region: string;
  /** `null` where none is known. */
  readonly prices: Prices | null;
  readonly sampledUnits: number;
  /** What the statement that makes the snapshot of the loaded items bills, in bytes. DuckDB bills none. */
  readonly snapshotBilled: number;
  /** Whether the table is counted: DynamoDB reports a new table as empty, for hours. */
  readonly isCounted: boolean;
};

/** The dollars above which a person is asked first. */
export const ASK_ABOVE_DOLLARS = 1;
/** The read units above which a person is asked, if prices aren't known. */
export const ASK_ABOVE_UNITS = 5_000_000;

const FREE: Prices = { region: null, readMillion: 0, exportGb: 0, transferOutGb: 0, asOf: null };

/** Estimates what a backfill will take, by DynamoDB's counts and, if asked for, a sample. */
export async function estimateOf(
  { destination, sample, rate, prices: path }: EstimateOptions,
  description: TableDescription,
  connection: Connection,
  { readText, random, signal }: Pick<Dependencies, 'readText' | 'random' | 'signal'>,
): Promise<BackfillEstimate> {
  const prices = await pricesFor(path, description, connection, readText);
  const sampled = sample ? await sampleTable(description, connection.tables, random, signal) : undefined;
  const estimate = estimateBackfill({ ...description, ...sampled, prices, rate });
  const isCounted = sampled?.isSure || description.sizeBytes > 0;
  const snapshotBilled = destination.startsWith('bigquery:') ? bytesBilled(estimate.destinationBytes, 1) : 0;
  return {
    ...estimate,
    snapshotBilled,
    region: regionOf(description.table),
    prices,
    sampledUnits: sampled?.units ?? 0,
    isCounted,
  };
}

/**
 * The cap in read units that a cap in dollars buys; `undefined` if units cost nothing here.
 *
 * @throws {TailraceError} `usage-invalid` where the price isn't known: a cap must not be a guess.
 */
export async function unitsOfCost(
  dollars: number,
  path: string | undefined,
  description: TableDescription,
  connection: Connection,
  readText: Dependencies['readText'],
): Promise<number | undefined> {
  if (description.readCapacity !== null) return undefined;
  const readMillion = (await pricesFor(path, description, connection, readText))?.readMillion ?? null;
  if (readMillion !== null) return unitsFor(dollars, readMillion) ?? undefined;
  const { table } = description;
  throw new TailraceError(
    'usage-invalid',
    `What a read unit of ${table.name} costs in ${regionOf(table)} isn't known`,
    {
      remedy: 'Give --prices FILE with {"read_units_per_million": …}, or --max-read-units.',
    },
  );
}

async function pricesFor(
  path: string | undefined,
  { table, isInfrequentAccess }: TableDescription,
  { isLocal }: Connection,
  readText: Dependencies['readText'],
): Promise<Prices | null> {
  const ofRegion = isLocal ? FREE : pricesOf(regionOf(table));
  // A region's prices are for the Standard table class; transfer out of AWS costs the same for both classes.
  const known = ofRegion && isInfrequentAccess ? { ...ofRegion, readMillion: null, exportGb: null } : ofRegion;
  if (path === undefined) return known;
  const { parsePrices } = await import('../../../backfill/cost/parse-prices.ts');
  return parsePrices(await readText(path), path, known);
}

function regionOf({ arn }: TableDescription['table']): string {
  return arn.split(':')[3] ?? '';
}

/** Whether it costs so much that a person should be asked. */
export function isMuch({ readDollars, transferDollars, readUnits }: Estimate): boolean {
  if ((readDollars ?? 0) + (transferDollars ?? 0) > ASK_ABOVE_DOLLARS) return true;
  return (readDollars === null || transferDollars === null) && readUnits > ASK_ABOVE_UNITS;
}

/** Writes what a backfill would take, as the result. */
export function printEstimate(table: string, found: BackfillEstimate, output: Output): void {
  if (output.json) output.emit(objectOf(table, found));
  else output.print(listOf(linesOf(table, found)));
}

function objectOf(table: string, { prices, isCounted, ...found }: BackfillEstimate) {
  const known = (amount: number | null) => (isCounted ? amount : null);
  return {
    table,
    dry_run: true,
    about_items: known(found.items),
    about_bytes: known(found.bytes),
    read_units: known(found.readUnits),
    read_dollars: known(found.readDollars),
    capacity_share: found.capacityShare,
    transfer_bytes: known(found.transferBytes),
    transfer_dollars: known(found.transferDollars),
    duration_ms: known(found.durationMs),
    destination_bytes: known(found.destinationBytes),
    snapshot_bytes_billed: known(found.snapshotBilled),
    snapshot_dollars: known(dollarsFor(found.snapshotBilled)),
    export_dollars: known(found.exportDollars),
    sampled_units: found.sampledUnits,
    prices_region: prices?.region ?? null,
    prices_as_of: prices?.asOf ?? null,
  };
}

function linesOf(table: string, found: BackfillEstimate): (readonly [string, string])[] {
  if (!found.isCounted) {
    return [
      ['table', `${table}: DynamoDB has not counted it yet, which it does every six hours or so`],
      ['reading', leastOf(found)],
      ['prices', pricesLine(found)],
    ];
  }
  const { items, bytes, readUnits, readDollars, capacityShare, transferBytes, durationMs } = found;
  const share =
    capacityShare === null ? '' : `, up to ${Math.round(capacityShare * 100)} % of its read capacity meanwhile`;
  return [
    ['table', `${table}: about ${counted(items, 'item')}, ${size(bytes)}`],
    ['reading', `about ${counted(readUnits, 'read unit')}, ${price(readDollars)}${share}`],
    ['out of AWS', `about ${size(transferBytes)}, ${price(found.transferDollars)} beyond what is free each month`],
    ['takes', durationMs === null ? 'as long as it takes: --rate bounds it' : lengthOf(durationMs, found)],
    ['destination', `about ${size(found.destinationBytes)}; loading is free`],
    ...(found.snapshotBilled === 0 ? [] : [['snapshot', snapshotLine(found)] as const]),
    ['export to S3', `${price(found.exportDollars)} in all instead: ${cheaper(found)}`],
    ['prices', pricesLine(found)],
    ...(found.sampledUnits > 0 ? [['sample', counted(found.sampledUnits, 'read unit')] as const] : []),
  ];
}

/** The one statement that makes the snapshot of what was loaded. */
function snapshotLine({ snapshotBilled }: BackfillEstimate): string {
  return `made by one statement, which bills about ${binarySize(snapshotBilled)}: ${dollars(dollarsFor(snapshotBilled))} on demand`;
}

function lengthOf(durationMs: number, { throttledAbove }: BackfillEstimate): string {
  const least = `about ${duration(durationMs)} at least`;
  if (throttledAbove === null) return least;
  return `${least}: a --rate above its capacity of ${count(throttledAbove)} read units a second would be throttled`;
}

/** The least that reading a table takes that isn't counted yet. */
function leastOf({ sampledUnits, readUnits, readDollars }: BackfillEstimate): string {
  if (sampledUnits === 0) return 'not known: --sample reads a little to find out';
  return `at least ${counted(readUnits, 'read unit')}, ${price(readDollars)}: few partition keys hold most items`;
}

function pricesLine({ prices, region }: BackfillEstimate): string {
  if (prices === null) return `none is known for ${region}: give --prices`;
  const { readMillion, exportGb, transferOutGb, asOf } = prices;
  const known =
    asOf === null ? 'as given, or of a local server' : `of ${prices.region} as of ${asOf}, ${PRICES_SOURCE}`;
  const unknown = [
    ...(readMillion === null ? ['reading'] : []),
    ...(exportGb === null ? ['an export to S3'] : []),
    ...(transferOutGb === null ? ['what leaves AWS'] : []),
  ];
  return unknown.length === 0 ? known : `${known}; not known: ${unknown.join(', ')}; --prices gives them`;
}

function cheaper({ readDollars, transferDollars, exportDollars }: Estimate): string {
  if (readDollars === null || transferDollars === null || exportDollars === null) return 'not known which is cheaper';
  return readDollars + transferDollars <= exportDollars ? 'reading is not dearer' : 'it would be cheaper';
}

function price(amount: number | null): string {
  return amount === null ? 'at a price that is not known' : dollars(amount);
}
