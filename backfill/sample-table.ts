import type { Random } from '../src/random.ts';
import type { TableDescription, TableReader } from '../src/source/table-reader.ts';

/** What a little reading says of a table. */
export type TableSample = Pick<TableDescription, 'itemCount' | 'sizeBytes'> & {
  /** Read units that the sample cost. */
  readonly units: number;
};

/** Of so many parts of the table, a few are read: their first page each, about 1 MB at most. */
const PARTS = 1_000;
const READ_PARTS = 8;
const BYTES_PER_UNIT = 8192;

/**
 * Counts a table by the beginnings of a few of its parts, taken at random.
 *
 * Where the parts are read to their end, their mean counts the table. Where they aren't, DynamoDB's own count is the
 * best there is, and the sample gives the size of an item.
 */
export async function sampleTable(
  { table, itemCount }: TableDescription,
  reader: Pick<TableReader, 'scan'>,
  random: Random,
  signal: AbortSignal,
): Promise<TableSample> {
  const found = { items: 0, units: 0, whole: 0 };
  for (let part = 0; part < READ_PARTS; part++) {
    const segment = Math.floor(random.next() * PARTS);
    const page = await reader.scan({ table: table.name, segment, totalSegments: PARTS, startKey: null, signal });
    found.items += page.items.length;
    found.units += page.consumedUnits;
    if (page.lastKey === null) found.whole++;
  }
  const reckoned = Math.round((found.items / READ_PARTS) * PARTS);
  const items = found.whole === READ_PARTS ? reckoned : Math.max(reckoned, itemCount);
  const itemBytes = found.items === 0 ? 0 : (found.units * BYTES_PER_UNIT) / found.items;
  return { itemCount: items, sizeBytes: Math.round(items * itemBytes), units: found.units };
}
