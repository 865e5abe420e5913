import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanTable } from '../../../backfill/scan/scan.ts';
import { MemoryTable } from '../../support/memory/table.ts';
import { RUNS } from '../../support/vitest/budget.ts';

test('whatever the pages and segments, every item is taken exactly once and in its segment’s order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(40),
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }).filter((sizes) => sizes.some((size) => size > 0)),
      fc.array(fc.nat(3), { minLength: 1, maxLength: 8 }),
      async (count, segments, pageSizes, delays) => {
        const table = new MemoryTable(Array.from({ length: count }, (_, id) => ({ id: { S: `${id}` } })));
        table.pageSizes = pageSizes;
        const taken = new Map<number, number[]>();
        let pages = 0;

        await scanTable(
          { reader: table, table: 'Orders', segments, signal: new AbortController().signal },
          async ({ segment, items }) => {
            for (let wait = delays[pages++ % delays.length] ?? 0; wait > 0; wait--) await Promise.resolve();
            const ids = Array.from(items, (item) => Number(item['id']?.['S']));
            taken.set(segment, [...(taken.get(segment) ?? []), ...ids]);
          },
        );

        const all = [...taken.values()];
        expect(all.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, id) => id));
        for (const ids of all) expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      },
    ),
    RUNS,
  );
});
