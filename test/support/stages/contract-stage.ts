import { onTestFinished } from 'vitest';
import type { Destination } from '../../../src/destination/destination.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import type { SnapshotId } from '../../../src/snapshot/snapshot-id.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { SHOP } from '../values/shop.ts';
import { type ShownItem, shownItems } from '../values/shown-items.ts';
import type { FactParts } from '../values/snapshot-facts.ts';
import { makeScan, publishMade } from './made-snapshots.ts';
import type { TemporaryDestination } from './temporary-destination.ts';

/** A destination that is prepared for {@link SHOP}, with short forms of what contract tests often do. */
export type Stage = {
  readonly place: TemporaryDestination;
  readonly destination: Destination;
  /** The items that the latest view of a table shows, by key. */
  latest(table?: SourceTable): Promise<ReadonlyMap<string, ShownItem>>;
  /** The items of the latest view, by key. */
  items(table?: SourceTable): Promise<Readonly<Record<string, unknown>>>;
  /** Makes and publishes a snapshot over whatever is published. */
  publishSnapshot(id: SnapshotId, rows: readonly SnapshotRow[], parts?: FactParts): Promise<Published>;
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
    async publishSnapshot(id, rows, parts = {}) {
      return publishMade(destination, await makeScan(destination, rows, { snapshotId: id, ...parts }));
    },
  };
}

/** Opens a handle for one test. */
export async function open(place: TemporaryDestination): Promise<Destination> {
  const destination = await place.open();
  onTestFinished(() => destination[Symbol.asyncDispose]());
  return destination;
}
