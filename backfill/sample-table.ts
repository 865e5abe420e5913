import type { Random } from '../src/random.ts';
import type { TableDescription, TableReader } from '../src/source/table-reader.ts';

/** What a little reading says of a table. */
export type TableSample = Pick<TableDescription, 'itemCount' | 'sizeBytes'> & {
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
const BYTES_PER_UNIT = 8192;

/**
 * Counts a table by the beginnings of a few of its parts, taken at random.
 *
 * Where the parts are read to their end, their mean counts the table. Where even the smallest aren't, DynamoDB's own count
 * is the best there is, and the sample gives the size of an item.
 */
export async function sampleTable(
  { table, itemCount }: TableDescription,
  reader: Pick<TableReader, 'scan'>,
  random: Random,
  signal: AbortSignal,
): Promise<TableSample> {
  let sample = await readParts(CUTS[0], table.name, reader, random, signal);
  let { units } = sample;
  for (const parts of CUTS.slice(1)) {
    if (sample.isWhole) break;
    sample = await readParts(parts, table.name, reader, random, signal);
    units += sample.units;
  }
  const reckoned = Math.round((sample.items / READ_PARTS) * sample.parts);
  const items = sample.isWhole ? reckoned : Math.max(reckoned, itemCount);
  const itemBytes = sample.items === 0 ? 0 : (sample.units * BYTES_PER_UNIT) / sample.items;
  return { itemCount: items, sizeBytes: Math.round(items * itemBytes), units };
}

async function readParts(
  parts: number,
  table: string,
  reader: Pick<TableReader, 'scan'>,
  random: Random,
  signal: AbortSignal,
) {
  const found = { parts, items: 0, units: 0, isWhole: true };
  for (let part = 0; part < READ_PARTS; part++) {
    // One in each eighth of them.
    const segment = Math.floor(((part + random.next()) / READ_PARTS) * parts);
    const page = await reader.scan({ table, segment, totalSegments: parts, startKey: null, signal });
    found.items += page.items.length;
    found.units += page.consumedUnits;
    if (page.lastKey !== null) found.isWhole = false;
  }
  return found;
}
