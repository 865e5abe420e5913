import fc from 'fast-check';
import { expect, test } from 'vitest';
import { objectNames } from '../../../src/names/object-names.ts';
import type { SchemaType } from '../../../src/schema/column-type.ts';
import { duckdb as dialect } from '../../../src/views/duckdb.ts';
import { inMemoryDuckDb } from '../../support/duckdb/in-memory.ts';
import { compact, makeScan, publishMade } from '../../support/stages/made-snapshots.ts';
import { overItems } from '../../support/values/over-items.ts';
import { CHANGED_AT, changeRow, scannedRow } from '../../support/values/rows.ts';
import { SHOP } from '../../support/values/shop.ts';
import { anyValues, anyViews, fewTypes } from '../../support/values/typed-histories.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const MINUTE = 60_000;

let now = CHANGED_AT;
const duckdb = inMemoryDuckDb({ now: () => now, sleep: async () => {} });

const id = fc.constantFrom('a', 'b', 'c', 'd');
const anyStep = (types: readonly SchemaType[]) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ views: anyViews(types) }) },
    { weight: 3, arbitrary: fc.record({ changes: fc.array(fc.tuple(id, anyValues, fc.nat(3)), { maxLength: 5 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ scanned: fc.uniqueArray(fc.tuple(id, anyValues), { selector: ([of]) => of }) }),
    },
    { weight: 3, arbitrary: fc.constant({ compact: true } as const) },
  );

const anyHistory = fewTypes.chain((types) =>
  fc.record({
    first: anyViews(types),
    steps: fc.array(anyStep(types), { minLength: 3, maxLength: 9, size: 'max' }),
  }),
);

test('a typed view gives what its items give, before and after every compaction, of every type, whatever the schema was', async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, async ({ first, steps }) => {
      const destination = await duckdb.next();
      await destination.prepare(SHOP, 1);
      const names = objectNames(SHOP.name);
      await destination.applyViews(SHOP, first);
      let views = first;
      let count = 0;
      for (const step of steps) {
        now += 10 * MINUTE;
        if ('views' in step) await destination.applyViews(SHOP, step.views);
        else if ('changes' in step) {
          const rows = step.changes.map(([of, newImage, n]) => {
            const sequenceNumber = String(++count);
            return n === 0
              ? changeRow(of, { sequenceNumber, operation: 'REMOVE' })
              : changeRow(of, { sequenceNumber, newImage });
          });
          await destination.append(SHOP, rows);
        } else if ('scanned' in step) {
          const rows = step.scanned.map(([of, item]) => scannedRow(of, item));
          const snapshotId = `20260304t0506${String(10 + ++count).slice(-2)}zab00`;
          await publishMade(destination, await makeScan(destination, rows, { snapshotId }));
        } else {
          await compact(destination, { now: () => now });
        }
        if ('views' in step) views = step.views;
        const rowsOf = async (select: string) =>
          (await destination.query(select)).rows.map((row) => JSON.stringify(row)).sort();

        for (const view of views) {
          const shown = `SELECT * EXCLUDE (changed_at, position) FROM ${dialect.table(view.name)}`;
          expect(await rowsOf(shown)).toEqual(await rowsOf(overItems(dialect, view, names)));
        }
      }
    }),
    // Each history takes many queries of up to three views.
    { numRuns: Math.ceil(RUNS.numRuns / 2) },
  );
});
