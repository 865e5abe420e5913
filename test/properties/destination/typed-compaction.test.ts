import fc from 'fast-check';
import { expect, test } from 'vitest';
import { objectNames } from '../../../src/names/object-names.ts';
import type { SchemaType } from '../../../src/schema/column-type.ts';
import { typedColumns } from '../../../src/schema/typed-column.ts';
import { duckdb as dialect } from '../../../src/views/duckdb.ts';
import { typedRows } from '../../../src/views/typed-rows.ts';
import { inMemoryDuckDb } from '../../support/duckdb/in-memory.ts';
import { compact, makeScan, publishMade } from '../../support/stages/made-snapshots.ts';
import { CHANGED_AT, changeRow, scannedRow } from '../../support/values/rows.ts';
import { SHOP } from '../../support/values/shop.ts';
import { anySchema, anyValues, fewTypes } from '../../support/values/typed-histories.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const MINUTE = 60_000;

let now = CHANGED_AT;
const duckdb = inMemoryDuckDb({ now: () => now, sleep: async () => {} });

const id = fc.constantFrom('a', 'b', 'c', 'd');
const anyStep = (types: readonly SchemaType[]) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ schema: anySchema(types) }) },
    { weight: 3, arbitrary: fc.record({ changes: fc.array(fc.tuple(id, anyValues, fc.nat(3)), { maxLength: 5 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ scanned: fc.uniqueArray(fc.tuple(id, anyValues), { selector: ([of]) => of }) }),
    },
    { weight: 3, arbitrary: fc.constant({ compact: true } as const) },
  );

const anyHistory = fewTypes.chain((types) =>
  fc.record({
    first: anySchema(types),
    steps: fc.array(anyStep(types), { minLength: 3, maxLength: 9, size: 'max' }),
  }),
);

test('a typed view gives what its items give, before and after every compaction, of every type, whatever the schema was', async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, async ({ first, steps }) => {
      const destination = await duckdb.next();
      await destination.prepare(SHOP, 1);
      const { typed, latest } = objectNames(SHOP.name);
      await destination.applyViews(SHOP, [{ name: typed, columns: first }]);
      let columns = first;
      let count = 0;
      for (const step of steps) {
        now += 10 * MINUTE;
        if ('schema' in step) await destination.applyViews(SHOP, [{ name: typed, columns: step.schema }]);
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
        if ('schema' in step) columns = step.schema;
        const rowsOf = async (select: string) =>
          (await destination.query(select)).rows.map((row) => JSON.stringify(row)).sort();

        const item = `${dialect.identifier('latest')}.${dialect.identifier('item')}`;
        const from = `FROM ${dialect.table(latest)} AS ${dialect.identifier('latest')}`;
        const asRead = await rowsOf(typedRows(dialect, typedColumns(columns), { own: [], from, item }));
        expect(await rowsOf(`SELECT * EXCLUDE (changed_at, position) FROM ${dialect.table(typed)}`)).toEqual(asRead);
      }
    }),
    RUNS,
  );
});
