import { onTestFinished } from 'vitest';
import type { Destination } from '../../../src/destination/destination.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import type { SnapshotId } from '../../../src/snapshot/snapshot-id.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { rowFile } from '../values/row-file.ts';
import { CHANGED_AT, LABEL } from '../values/rows.ts';
import { SHOP } from '../values/shop.ts';
import { type ShownItem, shownItems } from '../values/shown-items.ts';
import type { TemporaryDestination } from './temporary-destination.ts';

/** A destination that is prepared for {@link SHOP}, with short forms of what contract tests often do. */
export type Stage = {
  readonly place: TemporaryDestination;
  readonly destination: Destination;
  /** The items that the latest view of a table shows, by key. */
  latest(table?: SourceTable): Promise<ReadonlyMap<string, ShownItem>>;
  /** The items of the latest view, by key. */
  items(table?: SourceTable): Promise<Readonly<Record<string, unknown>>>;
  /** Creates, loads and publishes a snapshot over whatever is published. */
  publishSnapshot(id: SnapshotId, rows: readonly SnapshotRow[], published?: Partial<Published>): Promise<Published>;
};

/** Creates a stage for one test; it is removed when the test ends. */
export async function setStage(makePlace: () => Promise<TemporaryDestination>): Promise<Stage> {
  const place = await makePlace();
  onTestFinished(() => place[Symbol.asyncDispose]());
  const destination = await open(place);
  await destination.prepare(SHOP, 1);
  const latest = (table = SHOP) => shownItems(destination, place, objectNames(table.name).latest);
  return {
    place,
    destination,
    latest,
    async items(table) {
      return Object.fromEntries([...(await latest(table))].map(([key, { item }]) => [key, item]));
    },
    async publishSnapshot(id, rows, published = {}) {
      const expected = await destination.published(SHOP);
      if (expected === undefined) throw new Error('The latest view is gone');
      await destination.createSnapshot(SHOP, id);
      await destination.loadSnapshot(SHOP, id, 'chunk-1', rowFile(rows));
      const next = { snapshotId: id, floor: CHANGED_AT, streamLabel: LABEL, generation: 1, ...published };
      await destination.publish(SHOP, next, expected);
      return next;
    },
  };
}

/** Opens a handle for one test. */
export async function open(place: TemporaryDestination): Promise<Destination> {
  const destination = await place.open();
  onTestFinished(() => destination[Symbol.asyncDispose]());
  return destination;
}
