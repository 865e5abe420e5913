import { expect, test } from 'vitest';
import { objectNames } from '../../../../src/names/object-names.ts';
import { declaredViews } from '../../../../src/schema/declared-views.ts';
import { readSchema } from '../../../../src/schema/read-schema.ts';
import type { TypedView } from '../../../../src/schema/typed-view.ts';
import { MemoryBigQuery } from '../../../support/bigquery/memory-bigquery.ts';
import { SHOP, sourceTable } from '../../../support/values/shop.ts';
import { kind } from '../../../support/vitest/kind.ts';

const NAMES = objectNames(SHOP.name);

/** The views that a schema of the shop declares, whose key is `PK`. */
function viewsOf(schema: object): readonly TypedView[] {
  return declaredViews(readSchema(JSON.stringify(schema), 'schemas/my-app.shop.json'), SHOP.name, [
    { name: 'PK', type: 'S' },
  ]);
}

const COLUMNS = [
  { name: 'count', type: 'INT64', description: 'How many.' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
];
const KIND = { name: 'customers', where: { path: 'PK', prefix: 'C#' }, columns: [{ name: 'email', type: 'STRING' }] };
const LINES = {
  name: 'lines',
  unnest: 'lines',
  columns: [{ name: 'n', type: 'INT64', path: ['lines', { each: true }, 'n'] }],
};

async function prepared(): Promise<MemoryBigQuery> {
  const bigQuery = new MemoryBigQuery();
  await bigQuery.destination().prepare(SHOP, 1);
  return bigQuery;
}

const apply = (bigQuery: MemoryBigQuery, views: readonly TypedView[], dryRun = false) =>
  bigQuery.destination().applyViews(SHOP, views, { dryRun });

/** What was done, by the names of the views. */
const doneIn = (applied: Awaited<ReturnType<typeof apply>>) =>
  Object.fromEntries(applied.map(({ name, action }) => [name, action]));

test('views of all items, of kinds and of elements are made with their columns and descriptions, the key first', async () => {
  const bigQuery = await prepared();

  const applied = await apply(bigQuery, viewsOf({ columns: COLUMNS, views: [KIND, LINES] }));

  expect(
    applied.map(({ name, after }) => [name, after?.columns.map((column) => `${column.name} ${column.type}`)]),
  ).toEqual([
    [NAMES.typed, ['PK STRING', 'count INT64', 'tags ARRAY<STRING>', 'changed_at TIMESTAMP', 'position STRING']],
    ['customers', ['PK STRING', 'email STRING', 'changed_at TIMESTAMP', 'position STRING']],
    ['lines', ['PK STRING', 'n INT64', 'index INT64', 'changed_at TIMESTAMP', 'position STRING']],
  ]);
  const fields = bigQuery.tables.get(NAMES.typed)?.schema?.fields ?? [];
  expect(fields.map(({ name, mode, description }) => [name, mode, description])).toEqual([
    ['PK', 'NULLABLE', 'A part of the key.'],
    ['count', 'NULLABLE', 'How many.'],
    ['tags', 'REPEATED', ''],
    ['changed_at', 'NULLABLE', expect.stringContaining('UTC')],
    ['position', 'NULLABLE', expect.stringContaining('order of changes')],
  ]);
});

test('what BigQuery calls INTEGER, FLOAT and BOOLEAN is what the schema calls INT64, FLOAT64 and BOOL', async () => {
  const bigQuery = await prepared();
  const views = viewsOf({
    columns: [...COLUMNS, { name: 'rate', type: 'FLOAT64', mode: 'REPEATED' }, { name: 'paid', type: 'BOOL' }],
  });
  await apply(bigQuery, views);
  const view = bigQuery.tables.get(NAMES.typed) ?? {};
  const words: Readonly<Record<string, string>> = { INT64: 'INTEGER', FLOAT64: 'FLOAT', BOOL: 'BOOLEAN' };
  const fields = (view.schema?.fields ?? []).map((field) => ({
    ...field,
    type: words[field.type ?? ''] ?? field.type ?? '',
  }));
  bigQuery.put(NAMES.typed, { ...view, schema: { fields } });

  expect(doneIn(await apply(bigQuery, views))).toEqual({ [NAMES.typed]: 'unchanged' });
});

test('a view whose column has another type or description is replaced, and shows both', async () => {
  const bigQuery = await prepared();
  await apply(bigQuery, viewsOf({ columns: COLUMNS }));

  const [described] = await apply(
    bigQuery,
    viewsOf({ columns: [{ ...COLUMNS[0], description: 'Pieces.' }, COLUMNS[1]] }),
  );
  const [retyped] = await apply(bigQuery, viewsOf({ columns: [{ ...COLUMNS[0], type: 'NUMERIC' }, COLUMNS[1]] }));

  const countOf = (text: NonNullable<typeof described>['before']) => text?.columns.find(({ name }) => name === 'count');
  expect(described?.action).toBe('replaced');
  expect(described?.before?.sql).toBe(described?.after?.sql);
  expect([countOf(described?.before ?? null), countOf(described?.after ?? null)]).toEqual([
    { name: 'count', type: 'INT64', description: 'How many.' },
    { name: 'count', type: 'INT64', description: 'Pieces.' },
  ]);
  expect(countOf(retyped?.after ?? null)).toMatchObject({ type: 'NUMERIC' });
});

test("a view has the schema's labels, and Tailrace's own beside them", async () => {
  const bigQuery = await prepared();

  await apply(bigQuery, viewsOf({ labels: { team: 'shop' }, columns: COLUMNS, views: [KIND] }));

  for (const name of [NAMES.typed, 'customers']) {
    expect(bigQuery.tables.get(name)?.labels).toMatchObject({ team: 'shop', tailrace: 'typed' });
  }
  expect(bigQuery.tables.get(NAMES.latest)?.labels).not.toHaveProperty('team');
  const [same, other] = ['shop', 'sales'].map((team) => viewsOf({ labels: { team }, columns: COLUMNS }));
  expect(doneIn(await apply(bigQuery, same ?? []))).toMatchObject({ [NAMES.typed]: 'unchanged' });
  expect(doneIn(await apply(bigQuery, other ?? []))).toMatchObject({ [NAMES.typed]: 'replaced' });
});

test('views that are declared no more are dropped after the others are made; a dry run drops none', async () => {
  const bigQuery = await prepared();
  await apply(bigQuery, viewsOf({ columns: COLUMNS, views: [KIND] }));

  const dry = await apply(bigQuery, viewsOf({ views: [LINES] }), true);
  expect([...bigQuery.tables.keys()]).toEqual(expect.arrayContaining([NAMES.typed, 'customers']));
  bigQuery.requests.length = 0;
  const applied = await apply(bigQuery, viewsOf({ views: [LINES] }));

  expect(doneIn(applied)).toEqual({ lines: 'created', [NAMES.typed]: 'dropped', customers: 'dropped' });
  expect(doneIn(dry)).toEqual(doneIn(applied));
  expect(applied.slice(1).map(({ before, after }) => [before?.columns.length, after])).toEqual([
    [5, null],
    [4, null],
  ]);
  const changes = bigQuery.requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith('_state'));
  expect(changes.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'DELETE', 'DELETE']);
  expect(bigQuery.tables.has('customers')).toBe(false);
});

test("another table's views, and views that only look like a typed one, are no views to drop", async () => {
  const bigQuery = await prepared();
  const bikes = sourceTable('Bikes');
  await bigQuery.destination().prepare(bikes, 1);
  await bigQuery
    .destination()
    .applyViews(bikes, [{ ...viewsOf({ columns: COLUMNS })[0], name: 'my_app_shop_of_bikes' } as TypedView]);
  bigQuery.put('labelled', { view: { query: 'SELECT 1' }, labels: { tailrace: 'typed' } });
  const before = [...bigQuery.tables.keys()];

  await apply(bigQuery, viewsOf({ views: [KIND] }));

  expect([...bigQuery.tables.keys()]).toEqual([...before, 'customers']);
});

test('a view to drop that was edited by hand is refused before anything is changed', async () => {
  const bigQuery = await prepared();
  await apply(bigQuery, viewsOf({ views: [KIND] }));
  const view = bigQuery.tables.get('customers') ?? {};
  bigQuery.put('customers', { ...view, view: { query: 'SELECT 5 AS x' } });
  const before = new Map(bigQuery.tables);

  for (const dryRun of [true, false]) {
    await expect(apply(bigQuery, viewsOf({ views: [LINES] }), dryRun)).rejects.toMatchObject({
      ...kind('destination-conflict'),
      message: expect.stringContaining('customers'),
    });
  }
  expect(bigQuery.tables).toEqual(before);
});

test("typed views of any name are among a table's own objects", async () => {
  const bigQuery = await prepared();
  await apply(bigQuery, viewsOf({ name: 'everything', columns: COLUMNS, views: [KIND, LINES] }));

  const { objects } = await bigQuery.destination().ownedObjects(SHOP.name);

  expect(objects.map(({ name }) => name)).toEqual(expect.arrayContaining(['everything', 'customers', 'lines']));
});
