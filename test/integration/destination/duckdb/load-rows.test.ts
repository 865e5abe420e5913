import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadName } from '../../../../src/names/object-names.ts';
import { identity } from '../../../../src/privacy/transform.ts';
import { duckdb } from '../../../../src/views/duckdb.ts';
import { temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { rowFile } from '../../../support/values/row-file.ts';
import { scannedRow } from '../../../support/values/rows.ts';
import { SHOP, snapshotId } from '../../../support/values/shop.ts';
import { temporaryFolder } from '../../../support/vitest/temporary-folder.ts';

/** More than are appended one by one. */
const ROWS = 1_500;

const FOLDERS = ['key=1', 'item=7/digest=abc', 's?', 's*', 's[12]', '{s1,s2}', 's\\1', '**', '~', "it's", '--', 'é 👍'];

test.each(FOLDERS)('rows are loaded from their own file, also in a folder called %s', async (name) => {
  const above = temporaryFolder();
  for (const beside of ['s1', 's2', name]) mkdirSync(join(above, beside), { recursive: true });
  for (const beside of ['s1', 's2']) rowFile([scannedRow(beside)], join(above, beside));
  const rows = Array.from({ length: ROWS }, (_, n) => scannedRow(`${n}`));
  const file = rowFile(rows, join(above, name));
  const place = await temporaryDatabase();
  onTestFinished(() => place[Symbol.asyncDispose]());
  await using destination = await place.open();
  await destination.prepare(SHOP, identity.generation);
  const id = snapshotId();
  await destination.createLoad(SHOP, id);

  await destination.loadSnapshot(SHOP, id, 'chunk-1', file);

  expect(await destination.countLoad(SHOP, id)).toEqual({ rows: ROWS, keys: ROWS });
  const stored = await destination.query(
    `SELECT key, item::VARCHAR, digest FROM ${duckdb.table(loadName(id))} ORDER BY key`,
  );
  const byKey = rows.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  expect(stored.rows).toEqual(byKey.map(({ key, item, digest }) => [key, item, digest]));
});
