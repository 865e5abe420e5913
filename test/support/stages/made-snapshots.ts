import { runCompaction } from '../../../backfill/compaction.ts';
import type { Destination } from '../../../src/destination/destination.ts';
import type { MadeSnapshot, SnapshotStore } from '../../../src/destination/snapshot-store.ts';
import { systemRandom } from '../../../src/random.ts';
import { publishedOver } from '../../../src/snapshot/ledger.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { RecordingLog } from '../memory/recording-log.ts';
import { rowFile } from '../values/row-file.ts';
import { CHANGED_AT } from '../values/rows.ts';
import { SHOP } from '../values/shop.ts';
import { type FactParts, factsOf } from '../values/snapshot-facts.ts';

type Loader = Pick<SnapshotStore, 'readingFrom' | 'createLoad' | 'loadSnapshot' | 'makeSnapshot'>;

/** Makes a snapshot of some rows, as a backfill that begins now does. It isn't published. */
export async function makeScan(
  destination: Loader,
  rows: readonly SnapshotRow[],
  parts: FactParts = {},
): Promise<MadeSnapshot> {
  const { table = SHOP } = parts;
  const from = parts.from ?? (await destination.readingFrom(table, parts.floor ?? CHANGED_AT));
  const facts = factsOf({ ...parts, from });
  await destination.createLoad(table, facts.snapshotId);
  await destination.loadSnapshot(table, facts.snapshotId, 'chunk-1', rowFile(rows));
  const isRepeated = new Set(rows.map(({ key }) => key)).size < rows.length;
  return destination.makeSnapshot(table, facts, isRepeated);
}

/** Publishes a snapshot over whatever is published, as a person may. */
export async function publishMade(
  destination: Pick<SnapshotStore, 'published' | 'publish'>,
  made: MadeSnapshot,
  table: SourceTable = SHOP,
): Promise<Published> {
  const startedFrom = await destination.published(table);
  if (startedFrom === undefined) throw new Error('The state is gone');
  const next = publishedOver(made);
  await destination.publish(table, { next, startedFrom, by: 'choice' });
  return next;
}

/** Compacts a table. */
export function compact(
  destination: Destination,
  {
    table = SHOP,
    now = () => Date.now(),
    horizonMs = null,
  }: { readonly table?: SourceTable; readonly now?: () => number; readonly horizonMs?: number | null } = {},
) {
  return runCompaction({
    table,
    destination,
    clock: { now, sleep: async () => {} },
    random: systemRandom,
    log: new RecordingLog(),
    actor: 'somebody',
    signal: new AbortController().signal,
    horizonMs,
  });
}
