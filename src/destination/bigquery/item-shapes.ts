import { objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import type { Dialect } from '../../views/dialect.ts';
import type { ItemSource } from '../../views/item-source.ts';
import type { KeySample } from '../../views/sample.ts';
import { shapeSelect } from '../../views/shapes.ts';
import { itemShape } from '../count-rows.ts';
import { sqlRows } from '../sql-row.ts';
import type { ItemShapes } from '../view-store.ts';
import type { Dataset } from './dataset.ts';
import { hasReason } from './errors.ts';
import { capOf, select } from './query.ts';

/**
 * What reading the shapes may bill: 6 cents at most, on demand. A sample of rows doesn't read fewer bytes.
 *
 * Source: <https://cloud.google.com/bigquery/pricing#on_demand_pricing>
 */
const MAX_BYTES = 10 * 10 ** 9;

/** Implements `ViewStore.itemShapes`, in one statement. */
export async function itemShapes(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  sample: KeySample,
  source?: ItemSource,
): Promise<ItemShapes> {
  const names = objectNames(table.name);
  const statement = { sql: shapeSelect(dialect, names, sample, source), maxBytes: MAX_BYTES };
  try {
    const result = await select(dataset, `read ${dataset.nameOf(names.latest)}`, statement);
    return { isRead: true, shapes: sqlRows(result).map(itemShape) };
  } catch (error) {
    if (hasReason(error, 'bytesBilledLimitExceeded')) return { isRead: false, maxBytes: capOf(dataset, statement) };
    throw error;
  }
}
