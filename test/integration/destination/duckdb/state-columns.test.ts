import { expect, test } from 'vitest';
import { openInstance } from '../../../../src/destination/duckdb/open-instance.ts';
import { objectNames } from '../../../../src/names/object-names.ts';
import { readSchema } from '../../../../src/schema/read-schema.ts';
import { typedColumn } from '../../../../src/schema/typed-column.ts';
import { temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { setStage } from '../../../support/stages/contract-stage.ts';
import { compact } from '../../../support/stages/made-snapshots.ts';
import { changeRow } from '../../../support/values/rows.ts';
import { SHOP } from '../../../support/values/shop.ts';

const { columns } = readSchema(
  '{ "columns": [{ "name": "n", "type": "NUMERIC" }, { "name": "id", "type": "STRING" }] }',
  '',
);

/** A node of a plan, as DuckDB gives it. */
type PlanNode = {
  readonly extra_info: { readonly Table?: string; readonly Projections?: string | readonly string[] };
  readonly children: readonly PlanNode[];
};

test('a query of a typed view reads neither items nor other typed columns of the snapshot', async () => {
  const place = await temporaryDatabase();
  const { destination } = await setStage(async () => place);
  const names = objectNames(SHOP.name);
  await destination.applyViews(SHOP, [{ name: names.typed, columns }]);
  await destination.append(SHOP, [changeRow('a', { sequenceNumber: '7' }), changeRow('b', { sequenceNumber: '8' })]);
  await compact(destination);
  await destination.append(SHOP, [changeRow('a', { sequenceNumber: '9' }), changeRow('b', { sequenceNumber: '3' })]);
  await destination[Symbol.asyncDispose]();

  const [[, plan] = []] = await rowsOfFile(place.file, `EXPLAIN (FORMAT JSON) SELECT sum(n) FROM "${names.typed}"`);
  const read = (JSON.parse(String(plan)) as readonly PlanNode[]).flatMap(scanned);

  const [n] = columns.slice(0, 1).map((column) => typedColumn(column).name);
  expect([...new Set(read)].toSorted()).toEqual(['key', 'position', n].toSorted());
});

test("a compaction's tombstones lie behind its items: NULLs among these would slow down every query", async () => {
  const place = await temporaryDatabase();
  const { destination } = await setStage(async () => place);
  const ids = Array.from({ length: 20 }, (_, index) => `item ${index}`);
  await destination.append(
    SHOP,
    ids.map((id, index) => changeRow(id, { sequenceNumber: '7', operation: index % 3 === 0 ? 'REMOVE' : 'MODIFY' })),
  );
  await compact(destination);
  await destination.append(SHOP, [changeRow('item 1', { sequenceNumber: '8', operation: 'REMOVE' })]);
  const { snapshotId } = await compact(destination);
  await destination[Symbol.asyncDispose]();

  const snapshot = objectNames(SHOP.name).snapshot(snapshotId);
  const rows = await rowsOfFile(place.file, `SELECT removed IS TRUE FROM "${snapshot}" ORDER BY rowid`);

  expect(rows.map(([isTombstone]) => isTombstone)).toEqual([...Array(12).fill(false), ...Array(8).fill(true)]);
});

/** The columns of snapshots that a part of a plan reads, besides those of which a filter needs no values. */
function scanned({
  extra_info: { Table: table = '', Projections: columns = [] },
  children,
}: PlanNode): readonly string[] {
  const own = table.includes('_snapshot_') ? [columns].flat() : [];
  return [...own, ...children.flatMap(scanned)];
}

/** Asks a file that is opened for it: a view that was stored needn't be the one that was made. */
async function rowsOfFile(path: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  const opened = await openInstance(path, false, 'read');
  if (!('instance' in opened)) throw new Error('The file is in use');
  try {
    return (await opened.connection.runAndReadAll(sql)).getRows();
  } finally {
    opened.connection.closeSync();
    opened.instance.closeSync();
  }
}
