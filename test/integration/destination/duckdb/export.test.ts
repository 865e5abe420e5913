import { expect, test } from 'vitest';
import type { RowChoice } from '../../../../src/views/exported-rows.ts';
import { temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { fileWriter, NDJSON, PARQUET } from '../../../support/export/written-file.ts';
import { setStage } from '../../../support/stages/contract-stage.ts';
import { changeRow } from '../../../support/values/rows.ts';
import { SHOP } from '../../../support/values/shop.ts';
import { kind } from '../../../support/vitest/kind.ts';

const NEVER = new AbortController().signal;

async function stageWithItem() {
  const { destination, place } = await setStage(temporaryDatabase);
  await destination.append(SHOP, [changeRow('planted')]);
  return {
    destination,
    place,
    async exported(where: string | null, form = NDJSON) {
      const choice: RowChoice = { view: 'my_app_shop_latest', columns: ['key'], where };
      const file = await fileWriter(form);
      return destination.exportRows(choice, file.writer, NEVER);
    },
  };
}

test.for(['1=1) /*', '1=1) FOR x IN [1] IF (1=1', '1=1) QUALIFY (1=1', '1=1) USING SAMPLE (1', '*', 'key: 1'])(
  'a condition that leaves its parentheses is refused: %s',
  async (where) => {
    const { exported } = await stageWithItem();

    await expect(exported(where)).rejects.toMatchObject(kind('query-invalid'));
  },
);

test('a condition may have a query of its own', async () => {
  const { exported } = await stageWithItem();

  expect(await exported('(key) IN (SELECT key FROM my_app_shop_changelog)')).toMatchObject({ rows: 1 });
});

test('a condition that fails on a value says nothing of it', async () => {
  const { exported } = await stageWithItem();

  const attempt = exported('CAST(key AS DATE) IS NOT NULL');

  await expect(attempt).rejects.toMatchObject(kind('query-invalid'));
  await expect(attempt).rejects.not.toThrow('planted');
});

test('an export leaves the file with the settings that it had, for whoever comes next', async () => {
  const { destination, exported } = await stageWithItem();
  const settings = `SELECT current_setting('memory_limit'), current_setting('threads'), current_setting('temp_directory'),
    current_setting('preserve_insertion_order')`;
  const before = await destination.query(settings);

  await exported(null, PARQUET);

  expect(await destination.query(settings)).toEqual(before);
});
