import { objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import type { Dataset } from './dataset.ts';
import { keptSince } from './setup.ts';
import { STAMP_MARGIN_MS } from './stamp-margin.ts';

/**
 * Implements `SnapshotStore.readingFrom`: nothing is ingested before it changed, but for the difference of two clocks. Rows
 * from before `keptSince` aren't there.
 */
export async function readingFrom(dataset: Dataset, table: SourceTable, floor: number): Promise<number> {
  return Math.max(floor - STAMP_MARGIN_MS, await keptSince(dataset, table));
}

/**
 * Implements `SnapshotStore.foldFrom`: by BigQuery's own clock, two hours ago. What the compaction doesn't see was stamped
 * later than that.
 */
export async function foldFrom(dataset: Dataset, table: SourceTable): Promise<number> {
  const { answeredAt } = await dataset.tableVersion(objectNames(table.name).changelog);
  return (answeredAt ?? dataset.caller.clock.now()) - STAMP_MARGIN_MS;
}
