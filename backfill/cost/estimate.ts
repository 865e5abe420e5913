import type { TableDescription } from '../../src/source/table-reader.ts';
import type { Prices } from './prices.ts';
import { SCAN_BYTES_PER_UNIT } from './request-cost.ts';

/** What a backfill will take, roughly: all of it follows from counts that are hours old. */
export type Estimate = {
  readonly items: number;
  /** As DynamoDB counts them. */
  readonly bytes: number;
  readonly readUnits: number;
  /** What one read unit costs, in US dollars; 0 where capacity is provisioned, `null` where the price isn't known. */
  readonly unitDollars: number | null;
  /** In US dollars; `null` where the price isn't known. */
  readonly readDollars: number | null;
  /** The share of the table's provisioned capacity that the reading takes at most, in [0, 1]; `null` on demand. */
  readonly capacityShare: number | null;
  /** The table's capacity in units a second, if a higher rate was asked for: DynamoDB throttles above it. Otherwise `null`. */
  readonly throttledAbove: number | null;
  /** Bytes that leave DynamoDB, as its JSON. */
  readonly transferBytes: number;
  readonly transferDollars: number | null;
  /** `null` where nothing bounds the rate. */
  readonly durationMs: number | null;
  /** The price of an export to S3 and of its way out of AWS, in place of the reading. */
  readonly exportDollars: number | null;
  /** Bytes that the snapshot will have in the destination. */
  readonly destinationBytes: number;
};

export type EstimateInputs = Pick<TableDescription, 'itemCount' | 'sizeBytes' | 'readCapacity'> & {
  /** `null` where they aren't known. */
  readonly prices: Prices | null;
  /** Read units a second that were asked for. */
  readonly rate: number | undefined;
};

/** An item in DynamoDB's JSON against its size there: between 1.8 and 2.0 for orders of one to three lines (`demo/orders.ts`). */
const WIRE_FACTOR = 1.9;

const GB = 1e9;

/** Estimates what a backfill will take. */
export function estimateBackfill({ itemCount, sizeBytes, readCapacity, prices, rate }: EstimateInputs): Estimate {
  const readUnits = Math.ceil((sizeBytes / SCAN_BYTES_PER_UNIT) * 2) / 2;
  const transferBytes = Math.round(sizeBytes * WIRE_FACTOR);
  const bounds = [rate, readCapacity].filter((bound) => typeof bound === 'number');
  const perSecond = bounds.length === 0 ? null : Math.min(...bounds);
  const unitDollars = readCapacity !== null ? 0 : costOf(prices?.readMillion, 1e-6);
  const transferDollars = costOf(prices?.transferOutGb, transferBytes / GB);
  const exportDollars = costOf(prices?.exportGb, sizeBytes / GB);
  return {
    items: itemCount,
    bytes: sizeBytes,
    readUnits,
    unitDollars,
    readDollars: unitDollars === null ? null : readUnits * unitDollars,
    capacityShare: perSecond !== null && readCapacity !== null ? perSecond / readCapacity : null,
    throttledAbove: readCapacity !== null && rate !== undefined && rate > readCapacity ? readCapacity : null,
    transferBytes,
    transferDollars,
    durationMs: perSecond === null ? null : Math.round((readUnits / perSecond) * 1_000),
    exportDollars: exportDollars === null || transferDollars === null ? null : exportDollars + transferDollars,
    destinationBytes: Math.round(sizeBytes),
  };
}

/** What an amount costs; `null` where the price isn't known. */
function costOf(price: number | null | undefined, amount: number): number | null {
  return price === null || price === undefined ? null : price * amount;
}

/** The read units that `dollars` buy at a price for a million units; `null` where a unit costs nothing. */
export function unitsFor(dollars: number, readMillion: number): number | null {
  return readMillion === 0 ? null : Math.floor((dollars / readMillion) * 1e6);
}
