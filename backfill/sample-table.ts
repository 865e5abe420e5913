import type { Random } from '../src/random.ts';
import type { TableDescription, TableReader } from '../src/source/table-reader.ts';

/** What a little reading says of a table. */
export type TableSample = Pick<TableDescription, 'itemCount' | 'sizeBytes'> & {
  /** Read units that the sample cost. */
  readonly units: number;
};

/** Of so many parts of the table, a few are read: their first page each, about 1 MB at most. */
const FEW_PARTS = 1_000;
/**
 * Where those are larger than a page. No table is cut into more.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html>
 */
const MOST_PARTS = 1_000_000;
const READ_PARTS = 8;
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
  const read = (parts: number) => readParts(parts, table.name, reader, random, signal);
  const coarse = await read(FEW_PARTS);
  const fine = coarse.isWhole ? coarse : await read(MOST_PARTS);
  const reckoned = Math.round((fine.items / READ_PARTS) * fine.parts);
  const items = fine.isWhole ? reckoned : Math.max(reckoned, itemCount);
  const itemBytes = fine.items === 0 ? 0 : (fine.units * BYTES_PER_UNIT) / fine.items;
  const units = coarse.isWhole ? coarse.units : coarse.units + fine.units;
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
    const segment = Math.floor(random.next() * parts);
    const page = await reader.scan({ table, segment, totalSegments: parts, startKey: null, signal });
    found.items += page.items.length;
    found.units += page.consumedUnits;
    if (page.lastKey !== null) found.isWhole = false;
  }
  return found;
}
