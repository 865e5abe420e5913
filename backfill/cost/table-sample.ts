import type { Random } from '../../src/random.ts';
import type { TableDescription, TableReader } from '../../src/source/table-reader.ts';
import { SCAN_BYTES_PER_UNIT } from './request-cost.ts';

/** What a little reading says of a table. */
export type TableSample = Pick<TableDescription, 'itemCount' | 'sizeBytes'> & {
  /** Whether it was enough to go by. Where most items have few partition keys, any few parts may be empty. */
  readonly isSure: boolean;
  /** Read units that the sample cost. */
  readonly units: number;
};

/** So many parts of the table are read: their first page each, about 1 MB at most. */
const READ_PARTS = 8;
/**
 * Into how many parts it is cut for that: first into those that are read, which are a small table whole; into more where
 * they are larger than a page. No table is cut into more than a million.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html>
 */
const CUTS = [READ_PARTS, 1_000, 1_000_000] as const;

/** Fewer items in the parts that were read to their end say nothing of the others. */
const ENOUGH_ITEMS = 40;

/**
 * Counts a table by the beginnings of a few of its parts, taken at random.
 *
 * Where the parts are read to their end, their mean counts the table. Where that can't be gone by, or even the smallest
 * aren't read to their end, it is DynamoDB's own count, and no less than what was read.
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
  // Where the parts aren't read to their end, there is at least so much.
  let least = reckon(sample);
  for (const parts of CUTS.slice(1)) {
    if (sample.isWhole) break;
    sample = await read(parts);
    units += sample.units;
    least = larger(least, sample.isWhole ? least : reckon(sample));
  }
  const isSure = sample.isWhole && (isWhole || sample.items >= ENOUGH_ITEMS);
  const found = larger(least, isSure ? reckon(sample) : { itemCount, sizeBytes });
  return { ...found, isSure, units };
}

type Counts = Pick<TableSample, 'itemCount' | 'sizeBytes'>;

/** The table by the mean of its parts. */
function reckon({ parts, items, sized }: Parts): Counts {
  const each = parts / READ_PARTS;
  return { itemCount: Math.round(items * each), sizeBytes: Math.round(sized * SCAN_BYTES_PER_UNIT * each) };
}

function larger(a: Counts, b: Counts): Counts {
  return a.sizeBytes > b.sizeBytes ? a : b;
}

/** What was read of so many parts. */
type Parts = {
  readonly parts: number;
  readonly items: number;
  readonly units: number;
  /** Units of the pages with items in them. */
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
    // One in each eighth of them.
    const segment = Math.floor(((part + random.next()) / READ_PARTS) * parts);
    const page = await reader.scan({ table, segment, totalSegments: parts, startKey: null, signal });
    found.items += page.items.length;
    found.units += page.consumedUnits;
    // An empty page costs half a unit, and is of no size.
    if (page.items.length > 0) found.sized += page.consumedUnits;
    if (page.lastKey !== null) found.isWhole = false;
  }
  return found;
}
