import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChangelogRow } from '../../../src/changelog/row.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import { publishedOver } from '../../../src/snapshot/ledger.ts';
import { type Published, unpublished } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import { duckdb as dialect } from '../../../src/views/duckdb.ts';
import { inMemoryDuckDb } from '../../support/duckdb/in-memory.ts';
import { compact, makeScan, publishMade } from '../../support/stages/made-snapshots.ts';
import { anyScan, anySnapshot } from '../../support/values/latest-arbitraries.ts';
import { latestModel } from '../../support/values/latest-model.ts';
import { CHANGED_AT, changeRow, LABEL } from '../../support/values/rows.ts';
import { SHOP } from '../../support/values/shop.ts';
import { shownItems } from '../../support/values/shown-items.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const MINUTE = 60_000;

/**
 * The machine's clock, by which rows are stamped: it jumps, mostly forward. While it is behind the file's own clock, all
 * stamps are within one millisecond, and no row leaves the tail.
 */
let now = CHANGED_AT;
const duckdb = inMemoryDuckDb({ now: () => now, sleep: async () => {} });

/** Changes of few positions: several may be of one key and position, and differ. */
const anyVariant = fc
  .record({
    id: fc.constantFrom('a', 'b'),
    sequenceNumber: fc.constantFrom('1', '20', '300'),
    label: fc.constantFrom(LABEL, LABEL, '2026-02-01T00:00:00.000'),
    variant: fc.nat(2),
    offset: fc.integer({ min: -3, max: 3 }),
    generation: fc.constantFrom(1, 1, 1, 1, 2),
  })
  .map(({ id, variant, offset, ...parts }): ChangelogRow => {
    const changedAt = CHANGED_AT + offset * MINUTE;
    return variant === 0
      ? changeRow(id, { ...parts, changedAt, operation: 'REMOVE' })
      : changeRow(id, { ...parts, changedAt, newImage: JSON.stringify({ id, ...parts, variant }) });
  });

const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ rows: fc.array(anyVariant, { minLength: 2, maxLength: 6, size: 'max' }) }) },
  { weight: 3, arbitrary: fc.constant({ compact: true } as const) },
  {
    weight: 1,
    arbitrary: anyScan(1).chain(({ floor, streamArn, generation }) =>
      anySnapshot.map((scanned) => ({ scanned, floor, streamArn, generation })),
    ),
  },
  { weight: 1, arbitrary: fc.record({ backTo: fc.nat() }) },
);

const anyHistory = fc.array(fc.record({ step: anyStep, jump: fc.integer({ min: -20, max: 60 }) }), {
  minLength: 4,
  maxLength: 10,
  size: 'max',
});

type Reading = { readonly published: Published; readonly rows: readonly SnapshotRow[] };

test('after every step the view shows the state over the last reading and the whole log, whatever was folded', async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, async (history) => {
      const destination = await duckdb.next();
      const table = SHOP;
      await destination.prepare(table, 1);
      const log: ChangelogRow[] = [];
      const readings = new Map<string, Reading>();
      const ids: string[] = [];
      for (const { step, jump } of history) {
        now += jump * MINUTE;
        if ('rows' in step) {
          await destination.append(table, step.rows);
          // Rows of one append have one stamp: then the greatest digest decides, and a removal has none.
          log.push(...step.rows.toSorted((a, b) => ((a.digest ?? '') < (b.digest ?? '') ? -1 : 1)));
        } else if ('compact' in step) {
          const { snapshotId } = await compact(destination, { table, now: () => now });
          ids.push(snapshotId);
        } else if ('scanned' in step) {
          const { scanned, ...parts } = step;
          const snapshotId = `20260304t0506${String(10 + ids.length)}zab00`;
          const made = await makeScan(destination, scanned, { ...parts, table, snapshotId });
          await publishMade(destination, made, table);
          readings.set(snapshotId, { published: publishedOver(made), rows: scanned });
          ids.push(snapshotId);
        } else {
          const id = ids[step.backTo % ids.length];
          const made = id === undefined ? undefined : await destination.describeSnapshot(table, id);
          if (made !== undefined) await publishMade(destination, made, table);
        }
        const { reading = null } = (await destination.published(table)) ?? {};
        const { published, rows } = readings.get(reading ?? '') ?? { published: unpublished(1), rows: [] };

        const view = await shownItems(destination, dialect, objectNames(table.name).latest);

        const shown = [...view].map(([key, { item }]) => [key, JSON.stringify(item)]).sort();
        expect(shown).toEqual([...latestModel(published, rows, log)].sort());
      }
    }),
    RUNS,
  );
});
