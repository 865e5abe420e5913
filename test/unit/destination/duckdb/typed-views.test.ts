import { expect, onTestFinished, test } from 'vitest';
import { temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { open } from '../../../support/stages/contract-stage.ts';
import { SHOP } from '../../../support/values/shop.ts';

const column = (name: string, description: string | null) =>
  ({ name, type: 'STRING', description, path: [name], cluster: false }) as const;

test("a typed view carries the columns' descriptions, and only those of its own schema", async () => {
  const place = await temporaryDatabase();
  onTestFinished(() => place[Symbol.asyncDispose]());
  const destination = await open(place);
  await destination.prepare(SHOP, 1);
  const described = async () =>
    (
      await destination.query(
        `SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'my_app_shop' ORDER BY column_index`,
      )
    ).rows;
  const own = [
    ['changed_at', 'When the item changed last (UTC); NULL if it was only read, by a backfill.'],
    ['position', "The last change's place in the order of changes; NULL as for changed_at."],
  ];

  await destination.applyViews(SHOP, [
    { name: 'my_app_shop', columns: [column('id', `It's the "key"`), column('note', 'A note.'), column('x', null)] },
  ]);
  expect(await described()).toEqual([['id', `It's the "key"`], ['note', 'A note.'], ['x', null], ...own]);

  await destination.applyViews(SHOP, [{ name: 'my_app_shop', columns: [column('note', null), column('id', 'Key.')] }]);
  expect(await described()).toEqual([['note', null], ['id', 'Key.'], ...own]);
});
