import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dashboardsOf } from '../../../demo/dashboards.ts';
import { SHOP } from '../../../demo/shop.ts';
import { applyTypedViews, viewName } from '../../../demo/typed-views.ts';
import { temporaryDatabase } from '../../support/duckdb/temporary-database.ts';
import { sourceTable } from '../../support/values/shop.ts';
import { kind } from '../../support/vitest/kind.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

const SCHEMAS = resolve(import.meta.dirname, '../../../schemas');
const OTHER = JSON.stringify({ columns: [{ name: 'id', type: 'STRING' }] });

/** Makes the views of tables of these names, after something was done to the schema files. */
async function applied(ending: string, spoil: (directory: string) => void = () => {}) {
  const directory = temporaryFolder();
  cpSync(SCHEMAS, directory, { recursive: true });
  spoil(directory);
  const place = await temporaryDatabase();
  onTestFinished(() => place[Symbol.asyncDispose]());
  await using destination = await place.open();
  const tables = SHOP.map((shop) => ({ shop, name: `${shop.name}${ending}` }));
  for (const { name } of tables) await destination.prepare(sourceTable(name), 1);
  const dashboards = dashboardsOf((declared) => viewName(declared, tables));
  return (await applyTypedViews(tables, dashboards, destination, directory)).names;
}

test('the views of a table with a name of its own all have it', async () => {
  const names = await applied('-demo-1a');

  expect(names.slice(0, 3)).toEqual(['Orders_demo_1a', 'Orders_demo_1a__lines', 'Tearoom_demo_1a__customers']);
});

test.each([
  ['is missing', (folder: string) => rmSync(join(folder, 'Tearoom.json')), /Tearoom\.json can't be read$/],
  ["is another shop's", (folder: string) => writeFileSync(join(folder, 'Orders.json'), OTHER), /declare other columns/],
  ['declares no view', (folder: string) => writeFileSync(join(folder, 'Orders.json'), '{}'), /declare other columns/],
])('if a schema file %s, the message says so, and how to have them all again', async (_, spoil, message) => {
  await expect(applied('', spoil)).rejects.toMatchObject({
    ...kind('config-invalid'),
    message: expect.stringMatching(message),
    remedy: expect.stringContaining('git stash push --include-untracked -- schemas'),
  });
});
