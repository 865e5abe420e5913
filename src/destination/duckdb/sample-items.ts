import { objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { itemSampleSelect, type KeySample } from '../../views/sample.ts';
import type { SampledItem } from '../item-sampler.ts';
import { sampledItemOf } from '../sql-row.ts';
import { boundedRows } from './bounded-rows.ts';
import type { Database } from './database-file.ts';

/** Items of a sample that are in memory at once: each has 400 KB at most. */
const ITEMS_AT_ONCE = 1_000;

/** Implements `ItemSampler`. The file is free for others between two pages. */
export async function* sampleItems(
  file: Pick<Database, 'use'>,
  table: SourceTable,
  sample: KeySample,
  limit: number,
): AsyncGenerator<readonly SampledItem[]> {
  let after: string | null = null;
  for (let left = limit; left > 0; left -= ITEMS_AT_ONCE) {
    const page = { limit: Math.min(left, ITEMS_AT_ONCE), after };
    const select = itemSampleSelect(duckdb, objectNames(table.name), sample, page);
    const items = (await file.use((session) => boundedRows(session, select))).map(sampledItemOf);
    yield items;
    after = items.at(-1)?.key ?? null;
    if (items.length < page.limit) return;
  }
}
