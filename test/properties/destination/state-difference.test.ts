import fc from 'fast-check';
import { expect, test } from 'vitest';
import { publishedOver, type SnapshotFacts } from '../../../src/snapshot/ledger.ts';
import { type Published, unpublished } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { sharedDuckDb } from '../../support/duckdb/shared-instance.ts';
import { makeScan } from '../../support/stages/made-snapshots.ts';
import { anyChange, anyScan, anySnapshot } from '../../support/values/latest-arbitraries.ts';
import { latestModel } from '../../support/values/latest-model.ts';
import { scannedRow } from '../../support/values/rows.ts';
import { differenceOf } from '../../support/values/state-difference.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const duckdb = sharedDuckDb();

/** A state to be: the facts of its snapshot, if it has one, and that one's rows. */
type State = { readonly facts: SnapshotFacts | null; readonly rows: readonly SnapshotRow[] };

function publishedOf({ facts }: State): Published {
  return facts === null ? unpublished(1) : publishedOver(facts);
}

/** Items as a scan saw them at one time or another; each may stand there twice. */
const scanned = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      version: fc.nat(1),
      times: fc.integer({ min: 1, max: 2 }),
    }),
    {
      selector: ({ id }) => id,
    },
  )
  .map((items) =>
    items.flatMap(({ id, version, times }) =>
      Array.from({ length: times }, () => scannedRow(id, JSON.stringify({ id, version }))),
    ),
  );

const stateOver = (n: number): fc.Arbitrary<State> =>
  fc
    .record({ facts: fc.oneof(fc.constant(null), anyScan(n)), rows: fc.oneof(scanned, anySnapshot) })
    .map(({ facts, rows }) => ({ facts, rows: facts === null ? [] : rows }));

async function load(table: SourceTable, { facts, rows }: State): Promise<void> {
  if (facts !== null) await makeScan(duckdb.destination, rows, { ...facts, table });
}

test('what a snapshot changes is the difference of the two states, whatever rows there are', async () => {
  await fc.assert(
    fc.asyncProperty(
      stateOver(1),
      stateOver(2),
      fc.array(anyChange, { maxLength: 15 }),
      async (before, after, changes) => {
        const table = duckdb.nextTable();
        await duckdb.destination.prepare(table, 1);
        for (const state of [before, after]) await load(table, state);
        await duckdb.destination.append(table, changes);

        const difference = await duckdb.destination.compareStates(table, publishedOf(before), publishedOf(after));

        const [old, next] = [before, after].map((state) => latestModel(publishedOf(state), state.rows, changes));
        expect(difference).toEqual(differenceOf(old ?? new Map(), next ?? new Map()));
      },
    ),
    RUNS,
  );
});
