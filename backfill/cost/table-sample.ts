import type { Random } from '../../src/random.ts';
import type { TableDescription, TableReader } from '../../src/source/table-reader.ts';
import { SCAN_BYTES_PER_UNIT } from './request-cost.ts';

/** A table's size by a little reading. */
export type TableSample = Pick<TableDescription, 'itemCount' | 'sizeBytes'> & {
  /** Whether the size can be relied on. Where few partition keys hold most items, any few parts may be empty. */
  readonly isSure: boolean;
  /** Read units that the sample cost. */
  readonly units: number;
};

/** How many parts of the table are read: the first page of each, about 1 MB at most. */
const READ_PARTS = 8;
/**
 * Into how many parts the table is cut: first into as many as are read, which is all of a small table; into more if those
 * are larger than a page. A million is the most that DynamoDB allows.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html>
 */
const CUTS = [READ_PARTS, 1_000, 1_000_000] as const;

/** With fewer items in the parts that were read to their end, nothing is known of the others. */
const ENOUGH_ITEMS = 40;

/**
 * Estimates a table's size by the beginnings of a few of its parts, taken at random.
 *
 * If the parts are read to their end, the size follows from their mean. If there are too few items for that, or even the
 * smallest parts aren't read to their end, it is DynamoDB's own count, but at least what was read.
 */
export async function sampleTable(
  { table, itemCount, sizeBytes }: TableDescription,
  reader: Pick<TableReader, 'scan'>,
  random: Random,
  signal: AbortSignal,
): Promise<TableSample> {
  const read = (parts: number) => readParts(parts, table.name, reader, random, signal);
  let sample = await read(CUTS[0]);
  const isWhole = sample.isWhole;
  let { units } = sample;
  // Of parts that aren't read to their end, this is a lower bound.
  let least = extrapolate(sample);
  for (const parts of CUTS.slice(1)) {
    if (sample.isWhole) break;
    sample = await read(parts);
    units += sample.units;
    least = larger(least, sample.isWhole ? least : extrapolate(sample));
  }
  const isSure = sample.isWhole && (isWhole || sample.items >= ENOUGH_ITEMS);
  const found = larger(least, isSure ? extrapolate(sample) : { itemCount, sizeBytes });
  return { ...found, isSure, units };
}

type Counts = Pick<TableSample, 'itemCount' | 'sizeBytes'>;

/** The table's size by the mean of its parts. */
function extrapolate({ parts, items, sized }: Parts): Counts {
  const each = parts / READ_PARTS;
  return { itemCount: Math.round(items * each), sizeBytes: Math.round(sized * SCAN_BYTES_PER_UNIT * each) };
}

function larger(a: Counts, b: Counts): Counts {
  return a.sizeBytes > b.sizeBytes ? a : b;
}

/** What was read of a table that is cut into `parts` parts. */
type Parts = {
  readonly parts: number;
  readonly items: number;
  readonly units: number;
  /** Units of the pages that have items. */
  readonly sized: number;
  readonly isWhole: boolean;
};

async function readParts(
  parts: number,
  table: string,
  reader: Pick<TableReader, 'scan'>,
  random: Random,
  signal: AbortSignal,
): Promise<Parts> {
  const found = { parts, items: 0, units: 0, sized: 0, isWhole: true };
  for (let part = 0; part < READ_PARTS; part++) {
    // One of each eighth of the parts.
    const segment = Math.floor(((part + random.next()) / READ_PARTS) * parts);
    const page = await reader.scan({ table, segment, totalSegments: parts, startKey: null, signal });
    found.items += page.items.length;
    found.units += page.consumedUnits;
    // An empty page costs half a unit, and has no size.
    if (page.items.length > 0) found.sized += page.consumedUnits;
    if (page.lastKey !== null) found.isWhole = false;
  }
  return found;
}
