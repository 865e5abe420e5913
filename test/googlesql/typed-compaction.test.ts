import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { CHANGELOG_COLUMNS } from '../../src/changelog/columns.ts';
import { objectNames } from '../../src/names/object-names.ts';
import { columnsOfViews, type TypedColumn } from '../../src/schema/typed-column.ts';
import { unpublished } from '../../src/snapshot/published.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { stateSelect } from '../../src/views/state.ts';
import { typedRows } from '../../src/views/typed-rows.ts';
import { CHANGED_AT, changeRow, LABEL, scannedRow } from '../support/values/rows.ts';
import { anyValues, anyViews, fewTypes } from '../support/values/typed-histories.ts';
import { textOf } from '../support/values/typed-texts.ts';
import { RUNS } from '../support/vitest/budget.ts';
import { fold, type Stand } from './folds.ts';
import { GoogleSql, type SqlTable } from './google-sql.ts';
import { DATASET, snapshotColumns, tableOf } from './tables.ts';

const address = inject('zetaSql');
const NAMES = objectNames('orders');
const dialect = googlesql(DATASET);
const q = dialect.identifier;
const SCAN = '20260304t050601zab01';

/** Before each period but the first there is a compaction, and the schema may change. */
const PERIODS = 4;

const change = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  image: fc.option(anyValues, { nil: null }),
  period: fc.nat(PERIODS - 1),
});

const anyHistory = fewTypes.chain((types) =>
  fc.record({
    scanned: fc.option(
      fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'd'), anyValues), { selector: ([id]) => id }),
      {
        nil: null,
      },
    ),
    changes: fc.array(change, { maxLength: 8 }),
    schemas: fc.array(anyViews(types).map(columnsOfViews), { minLength: PERIODS, maxLength: PERIODS }),
  }),
);

describe.skipIf(address === null)('a typed view on the reference implementation', () => {
  let google: GoogleSql;
  beforeAll(async () => {
    google = await GoogleSql.connect(address ?? '');
  });
  afterAll(() => google[Symbol.dispose]());

  /** The typed columns of a state, as texts: as its view gives them, and as they are read from its items. */
  async function shown({ published, stored }: Stand, columns: readonly TypedColumn[], tables: readonly SqlTable[]) {
    const state = `(${stateSelect(dialect, NAMES, { published, columns, stored })}) AS ${q('state')}`;
    const own = [{ name: 'key', expression: `${q('state')}.${q('key')}` }];
    const read = typedRows(dialect, columns, { own, from: `FROM ${state}`, item: `${q('state')}.${q('item')}` });
    const texts = [q('key'), ...columns.map(shownText)].join(', ');
    const rowsOf = (from: string) => google.evaluate(`SELECT ${texts} FROM ${from} ORDER BY ${q('key')}`, tables);
    return { viewed: await rowsOf(state), read: await rowsOf(`(${read}) AS ${q('read')}`) };
  }

  test('gives what its items give, before and after every compaction, of every type, whatever the schema was', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async ({ scanned, changes, schemas }) => {
        const rows = changes.map(({ id, image, period }, index) => {
          const sequenceNumber = String(index);
          const row = changeRow(
            id,
            image === null ? { sequenceNumber, operation: 'REMOVE' } : { sequenceNumber, newImage: image },
          );
          return { ...row, ingestedAt: beginning(period) };
        });
        const changelog = (period: number) =>
          tableOf(
            NAMES.changelog,
            CHANGELOG_COLUMNS,
            rows.filter(({ ingestedAt }) => ingestedAt < beginning(period)),
          );
        const scan = (scanned ?? []).map(([id, item]) => ({
          ...scannedRow(id, item),
          position: null,
          changed_at: null,
          removed: null,
        }));
        const over = { snapshotId: SCAN, floor: CHANGED_AT, streamLabel: LABEL, from: 0, reading: SCAN };
        const tables = [tableOf(NAMES.snapshot(SCAN), snapshotColumns([]), scan)];
        let stand: Stand = {
          published: { ...unpublished(1), ...(scanned === null ? {} : over) },
          stored: new Set(),
        };
        for (const [period, columns] of schemas.entries()) {
          const visible = [changelog(period + 1), ...tables];
          const before = await shown(stand, columns, visible);
          expect(before.viewed).toEqual(before.read);

          const snapshotId = `2026030${5 + period}t000000z000${period}`;
          const parts = { names: NAMES, snapshotId, from: beginning(period + 1), columns };
          const folded = await fold(google, stand, parts, visible);
          tables.push(folded.made);
          stand = folded;
          expect(await shown(stand, columns, [...visible, folded.made])).toEqual(before);
        }
      }),
      RUNS,
    );
  });
});

/** An expression that gives a typed column as text, a list of records as their JSON. */
function shownText(column: TypedColumn): string {
  return column.elements === undefined ? textOf(dialect, column) : `TO_JSON_STRING(${q(column.name)})`;
}

function beginning(period: number): number {
  return CHANGED_AT + period * 1000;
}
