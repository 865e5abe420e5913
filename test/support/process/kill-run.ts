import { expect } from 'vitest';
import type { Destination } from '../../../src/destination/destination.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { toSnapshotRow } from '../../../src/snapshot/row.ts';
import { backfillStage, order } from '../stages/backfill-stage.ts';
import type { TemporaryDestination } from '../stages/temporary-destination.ts';
import { changeRow } from '../values/rows.ts';
import { shownItems } from '../values/shown-items.ts';
import { Crash } from './crash.ts';

/** A temporary destination whose handles a test can stop at any of their waits. */
export interface SteppedDestination extends TemporaryDestination {
  /** @param step Awaited before each request. */
  openStepped(step: () => Promise<void>): Promise<Destination>;
}

const IDS = [...'abcdefgh'];

/**
 * Kills a backfill at its `after`th wait, changes the table, and runs it again: it must publish the table, and the view may
 * never show half of it. Meanwhile one item changes and one is removed, as the stream records.
 *
 * A killed process leaves behind what it did, whether or not it got the answer: so a kill before its next step also covers
 * a kill after the last one.
 *
 * @returns whether there was such a wait.
 */
export async function surviveKill(place: SteppedDestination, after: number): Promise<boolean> {
  const stage = backfillStage(IDS.map((id) => order(id)));
  const { table, checkpoints } = stage;
  const source = table.description.table;
  const crash = new Crash(after);
  const { step } = crash;
  const manner = { segments: 2, maxChunkRows: 3 };
  table.beforePage = step;
  checkpoints.step = step;
  const first = stage.backfill({ ...manner, destination: await place.openStepped(step) });
  const isKilled = (await crash.outcomeOf(first)) === undefined;
  table.beforePage = () => {};
  checkpoints.step = async () => {};

  await using destination = await place.open();
  await destination.prepare(source, 1);
  const seen = await shownItems(destination, place, objectNames(source.name).latest);
  expect([0, IDS.length]).toContain(seen.size);
  if (!isKilled) return false;

  const changed = order('c', { note: { S: 'changed' } });
  table.put(changed);
  table.items.delete('["a"]');
  const row = toSnapshotRow(changed, ['id'], identity);
  await destination.append(source, [
    changeRow('c', { operation: 'MODIFY', newImage: row.item, changedAt: table.time, sequenceNumber: '1' }),
    changeRow('a', { operation: 'REMOVE', changedAt: table.time, sequenceNumber: '2' }),
  ]);
  expect(await stage.backfill({ ...manner, destination })).toMatchObject({ isPublished: true });

  const shown = await shownItems(destination, place, objectNames(source.name).latest);
  const expected = [...table.items.values()].map((item) => toSnapshotRow(item, ['id'], identity));
  expect(new Map([...shown].map(([key, { digest }]) => [key, digest]))).toEqual(
    new Map(expected.map(({ key, digest }) => [key, digest])),
  );
  expect(checkpoints.text).toBeNull();
  return true;
}
