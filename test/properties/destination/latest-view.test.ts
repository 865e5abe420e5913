import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChangelogRow } from '../../../src/changelog/row.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import { floorOf } from '../../../src/snapshot/floor.ts';
import { publishedOver, type SnapshotFacts } from '../../../src/snapshot/ledger.ts';
import { unpublished } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import { sharedDuckDb } from '../../support/duckdb/shared-instance.ts';
import { makeScan, publishMade } from '../../support/stages/made-snapshots.ts';
import { anyChange, anyScan, anySnapshot } from '../../support/values/latest-arbitraries.ts';
import { latestModel } from '../../support/values/latest-model.ts';
import { CHANGED_AT, changeRow, keyOf, scannedRow } from '../../support/values/rows.ts';
import { shownItems } from '../../support/values/shown-items.ts';
import { factsOf } from '../../support/values/snapshot-facts.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const duckdb = sharedDuckDb();

/** What a fresh table's latest view shows, as JSON text by key, after its changes and its snapshot have come. */
async function shown(
  facts: SnapshotFacts | null,
  snapshot: readonly SnapshotRow[],
  batches: readonly (readonly ChangelogRow[])[],
): Promise<ReadonlyMap<string, string>> {
  const table = duckdb.nextTable();
  await duckdb.destination.prepare(table, 1);
  if (facts !== null) {
    const { from: _from, ...parts } = facts;
    await publishMade(duckdb.destination, await makeScan(duckdb.destination, snapshot, { ...parts, table }), table);
  }
  for (const rows of batches) await duckdb.destination.append(table, rows);
  const view = await shownItems(duckdb.destination, duckdb.place, objectNames(table.name).latest);
  return new Map([...view].map(([key, { item }]) => [key, JSON.stringify(item)]));
}

function sorted(items: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...items].sort(([a], [b]) => (a < b ? -1 : 1));
}

test('the latest view shows what the rule says, whatever rows there are', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.constant(null), anyScan(1)),
      anySnapshot,
      fc.array(anyChange, { maxLength: 15 }),
      async (facts, snapshot, rows) => {
        const published = facts === null ? unpublished(1) : publishedOver(facts);
        const model = latestModel(published, facts === null ? [] : snapshot, rows);

        expect(sorted(await shown(facts, snapshot, [rows]))).toEqual(sorted(model));
      },
    ),
    RUNS,
  );
});

/** One write to the source, this long after the one before. */
const write = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  removes: fc.boolean(),
  after: fc.constantFrom(0, 300, SECOND, MINUTE, 4 * MINUTE, 20 * MINUTE),
});

/** A table's history while it is scanned: what a source does, and what reaches the duckdb.destination. */
const history = fc.record({
  writes: fc.array(write, { maxLength: 20 }),
  /** After how many of the writes the scan began, and how many more it took. */
  scanFrom: fc.nat(20),
  scanFor: fc.nat(8),
  /** For each key, at which of the writes during the scan it was read. */
  readAt: fc.array(fc.nat(8), { minLength: 4, maxLength: 4 }),
  /** Whether what happened before the floor reached the destination at all. */
  isEarlierLost: fc.boolean(),
  order: fc.infiniteStream(fc.nat()),
});

test('the latest view is the source, however the scan and the changes fell together', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ writes, scanFrom, scanFor, readAt, isEarlierLost, order }) => {
      const source = new Map<string, string>();
      const snapshot: SnapshotRow[] = [];
      const changes: ChangelogRow[] = [];
      let now = CHANGED_AT;
      let startedAt = Number.POSITIVE_INFINITY;
      const scan = (step: number) => {
        if (step === scanFrom) startedAt = now;
        for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) {
          const item = source.get(id);
          const turn = scanFrom + Math.min(readAt[index] ?? 0, scanFor);
          if (step === turn && item !== undefined) snapshot.push(scannedRow(id, item));
        }
      };
      for (const [step, { id, removes, after }] of writes.entries()) {
        scan(step);
        now += after;
        if (removes && !source.has(id)) continue;
        const operation = removes ? 'REMOVE' : source.has(id) ? 'MODIFY' : 'INSERT';
        const newImage = JSON.stringify({ step });
        if (removes) source.delete(id);
        else source.set(id, newImage);
        const changedAt = Math.floor(now / SECOND) * SECOND;
        changes.push(changeRow(id, { operation, newImage, changedAt, sequenceNumber: String(9 + step) }));
      }
      for (let step = writes.length; step <= scanFrom + scanFor; step++) scan(step);
      const floor = floorOf(startedAt);

      const arrived = changes.filter(({ changedAt }) => !isEarlierLost || changedAt >= floor);
      // Doubled, and in any order.
      const delivered = [...arrived, ...arrived.filter((_, index) => index % 2 === 0)]
        .map((row) => ({ row, at: order.next().value ?? 0 }))
        .sort((a, b) => a.at - b.at)
        .map(({ row }) => row);
      const half = Math.floor(delivered.length / 2);

      const facts = factsOf({ floor, startedAt: floor });
      const view = await shown(facts, snapshot, [delivered.slice(0, half), delivered.slice(half)]);

      const truth = new Map([...source].map(([id, item]) => [keyOf(id), item]));
      expect(sorted(view)).toEqual(sorted(truth));
    }),
    RUNS,
  );
});
