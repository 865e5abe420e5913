import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { CHANGELOG_COLUMNS } from '../../src/changelog/columns.ts';
import { objectNames } from '../../src/names/object-names.ts';
import { columnsOfViews } from '../../src/schema/typed-column.ts';
import { type Published, unpublished } from '../../src/snapshot/published.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { stateSelect } from '../../src/views/state.ts';
import { CHANGED_AT, changeRow, LABEL, scannedRow } from '../support/values/rows.ts';
import { RUNS } from '../support/vitest/budget.ts';
import { fold, type Stand } from './folds.ts';
import { GoogleSql, type SqlTable } from './google-sql.ts';
import { DATASET, snapshotColumns, tableOf } from './tables.ts';

const address = inject('zetaSql');
const NAMES = objectNames('orders');
const dialect = googlesql(DATASET);
const SCAN = '20260304t050601zab01';
const OVER_SCAN: Published = {
  ...unpublished(1),
  snapshotId: SCAN,
  floor: CHANGED_AT,
  streamLabel: LABEL,
  from: 0,
  reading: SCAN,
};
/** A compaction begins with each but the first. */
const PERIODS = 4;
const COLUMNS = columnsOfViews([
  {
    name: 'x',
    columns: [
      { name: 'n', type: 'INT64', description: null, cluster: false, path: ['n'] },
      { name: 'id', type: 'STRING', description: null, cluster: false, path: ['id'] },
    ],
  },
]);

/** Rows of few keys and positions, ingested in any of four periods, between which compactions begin. */
const change = fc
  .record({
    id: fc.constantFrom('a', 'b'),
    sequence: fc.integer({ min: 1, max: 6 }),
    period: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ id, sequence, period }) => {
    // A key and a position name one change, so its content follows from them.
    const operation = sequence % 3 === 0 ? 'REMOVE' : 'MODIFY';
    return { ...changeRow(id, { sequenceNumber: String(sequence), operation }), ingestedAt: beginning(period) };
  });

/** What was read before, if anything was, and the changes since. */
const histories = fc.record({
  changes: fc.array(change, { maxLength: 8 }),
  scanned: fc.option(fc.subarray(['a', 'b', 'c']), { nil: null }),
});

describe.skipIf(address === null)('a compaction on the reference implementation', () => {
  let google: GoogleSql;
  beforeAll(async () => {
    google = await GoogleSql.connect(address ?? '');
  });
  afterAll(() => google[Symbol.dispose]());

  function shown({ published, stored }: Stand, tables: readonly SqlTable[]) {
    const columns = COLUMNS.map(({ name }) => dialect.identifier(name)).join(', ');
    const state = stateSelect(dialect, NAMES, { published, columns: COLUMNS, stored });
    const sql = `SELECT key, TO_JSON_STRING(item) AS item, position, ${columns} FROM (${state}) AS state ORDER BY key`;
    return google.evaluate(sql, tables);
  }

  test('changes no state, however often, and wherever late changes fall', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ({ changes, scanned }) => {
        const changelog = (period: number) => {
          const seen = changes.filter(({ ingestedAt }) => ingestedAt < beginning(period));
          return tableOf(NAMES.changelog, CHANGELOG_COLUMNS, seen);
        };
        const all = changelog(PERIODS);
        const scan = (scanned ?? []).map((id) => ({
          ...scannedRow(id),
          position: null,
          changed_at: null,
          removed: null,
        }));
        const snapshots: SqlTable[] = [tableOf(NAMES.snapshot(SCAN), snapshotColumns([]), scan)];
        let stand: Stand = { published: scanned === null ? unpublished(1) : OVER_SCAN, stored: new Set() };
        const before = await shown(stand, [all, ...snapshots]);
        for (let period = 1; period < PERIODS; period++) {
          const parts = { names: NAMES, snapshotId: idOf(period), from: beginning(period), columns: COLUMNS };
          const folded = await fold(google, stand, parts, [changelog(period), ...snapshots]);
          snapshots.push(folded.made);
          stand = folded;
          expect(await shown(stand, [all, ...snapshots])).toEqual(before);
        }
      }),
      RUNS,
    );
  });
});

function idOf(period: number): string {
  return `2026030${4 + period}t000000z000${period}`;
}

function beginning(period: number): number {
  return CHANGED_AT + period * 1000;
}
