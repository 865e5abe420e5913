import { expect, test } from 'vitest';
import { writeAnnotation } from '../../../../src/destination/annotation.ts';
import type { Dataset } from '../../../../src/destination/bigquery/dataset.ts';
import { stateInForce } from '../../../../src/destination/bigquery/state-view.ts';
import { objectNames } from '../../../../src/names/object-names.ts';
import { columnsOfViews } from '../../../../src/schema/typed-column.ts';
import { OWN_COLUMNS } from '../../../../src/schema/typed-view.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { digestOf } from '../../../../src/value/digest.ts';
import { MemoryBigQuery } from '../../../support/bigquery/memory-bigquery.ts';
import {
  DATASET,
  failure,
  type Reply,
  type Script,
  startScriptedBigQuery,
} from '../../../support/bigquery/scripted-bigquery.ts';
import { Crash } from '../../../support/process/crash.ts';
import { SHOP, sourceTable } from '../../../support/values/shop.ts';
import { kind } from '../../../support/vitest/kind.ts';

const TABLE = sourceTable('Orders');
const TABLES = `datasets/${DATASET.dataset}/tables`;
const VIEW_PATH = `${TABLES}/Orders`;
/** A state without typed columns. */
const STATE_QUERY = 'SELECT 0';
const STATE: Script = {
  [`GET ${TABLES}/Orders_state`]: {
    json: {
      type: 'VIEW',
      description: writeAnnotation({ of: 'state', published: unpublished(1) }),
      view: { query: STATE_QUERY },
      labels: { tailrace_query: digestOf(STATE_QUERY) },
    },
  },
  [`PATCH ${TABLES}/Orders_state`]: { json: {} },
  [`GET ${TABLES}`]: { json: {} },
};
const VIEW = {
  name: 'Orders',
  columns: [
    { name: 'id', type: 'STRING', description: 'The order.', path: ['id'], cluster: false },
    { name: 'total', type: 'NUMERIC', description: null, path: ['total'], cluster: false },
  ],
} as const;

const FIELDS = [
  { name: 'id', type: 'STRING', mode: 'NULLABLE' },
  { name: 'total', type: 'NUMERIC', mode: 'NULLABLE', description: 'Of an earlier schema.' },
];

/** The last change, with which each view ends. */
const OWN_FIELDS = Object.entries(OWN_COLUMNS)
  .filter(([name]) => name !== 'index')
  .map(([name, column]) => ({ name, ...column, mode: 'NULLABLE' }));

/** A typed view of the table as BigQuery may have it. */
function found(changes: object = {}): Reply {
  return {
    json: {
      type: 'VIEW',
      etag: '"before"',
      description: 'Items.\n{"tailrace":"typed","table_name":"Orders"}',
      view: { query: 'SELECT 1' },
      labels: { tailrace_query: digestOf('SELECT 1') },
      schema: { fields: FIELDS },
      ...changes,
    },
  };
}

test('a new view is made first, and its columns are described then, their types as BigQuery gave them', async () => {
  await using server = await startScriptedBigQuery({
    ...STATE,
    [`GET ${VIEW_PATH}`]: [failure(404, 'notFound'), found()],
    [`POST ${TABLES}`]: { json: {} },
    [`PATCH ${VIEW_PATH}`]: { json: {} },
  });

  expect(await server.destination().applyViews(TABLE, [VIEW])).toMatchObject([{ name: 'Orders', action: 'created' }]);

  const [made] = server.bodies(`POST ${TABLES}`);
  expect(made).toMatchObject({
    tableReference: { tableId: 'Orders' },
    view: { query: expect.stringContaining('`my-project.shop.Orders_state`'), useLegacySql: false },
    description: expect.stringContaining('{"tailrace":"typed","table_name":"Orders"}'),
    labels: { tailrace: 'typed' },
  });
  expect(made).not.toHaveProperty('schema');
  expect(server.bodies(`PATCH ${VIEW_PATH}`)).toEqual([
    {
      schema: {
        fields: [
          { name: 'id', type: 'STRING', mode: 'NULLABLE', description: 'The order.' },
          { name: 'total', type: 'NUMERIC', mode: 'NULLABLE', description: '' },
          ...OWN_FIELDS,
        ],
      },
    },
  ]);
});

test('a view is replaced under the etag that was read', async () => {
  const described = [{ ...FIELDS[0], description: 'The order.' }, { ...FIELDS[1], description: '' }, ...OWN_FIELDS];
  await using server = await startScriptedBigQuery({
    ...STATE,
    [`GET ${VIEW_PATH}`]: [found(), found({ schema: { fields: described } })],
    [`PATCH ${VIEW_PATH}`]: { json: {} },
  });

  expect(await server.destination().applyViews(TABLE, [VIEW])).toMatchObject([{ name: 'Orders', action: 'replaced' }]);

  const patches = server.requests.filter(({ method, path }) => method === 'PATCH' && path === VIEW_PATH);
  expect(patches).toHaveLength(1);
  expect(patches[0]?.headers['if-match']).toBe('"before"');
});

test.each([
  ['its statement was edited', { view: { query: 'SELECT 2' } }, 'was edited by hand'],
  ['its description was edited', { description: 'Ask Bob' }, "isn't Tailrace's"],
  ['it is a table', { type: 'TABLE' }, 'is a table, and only views are replaced'],
  ['it is a materialized view', { type: 'MATERIALIZED_VIEW' }, 'is a table, and only views are replaced'],
  ["it is another table's", { description: '{"tailrace":"typed","table_name":"Bikes"}' }, 'of the table Bikes'],
])('an object that has the name is left as it is: %s', async (_name, changes, words) => {
  await using server = await startScriptedBigQuery({ ...STATE, [`GET ${VIEW_PATH}`]: found(changes) });
  const destination = server.destination();

  for (const dryRun of [true, false]) {
    await expect(destination.applyViews(TABLE, [VIEW], { dryRun })).rejects.toMatchObject({
      ...kind('destination-conflict'),
      message: expect.stringMatching(`^my-project\\.shop\\.Orders .*${words}`),
      remedy: 'Name the view otherwise in the schema file, or rename or drop my-project.shop.Orders.',
    });
  }
});

test('all objects in the way are named at once, those that the schema no longer declares with what helps there', async () => {
  await using server = await startScriptedBigQuery({
    ...STATE,
    [`GET ${TABLES}`]: {
      json: {
        tables: [
          {
            tableReference: { projectId: 'my-project', datasetId: 'shop', tableId: 'Orders_old' },
            type: 'VIEW',
            labels: { tailrace: 'typed' },
          },
        ],
      },
    },
    [`GET ${VIEW_PATH}`]: found({ type: 'TABLE' }),
    [`GET ${VIEW_PATH}_b`]: found({ description: '{"tailrace":"typed","table_name":"Bikes"}' }),
    [`GET ${VIEW_PATH}_c`]: failure(404, 'notFound'),
    [`GET ${VIEW_PATH}_old`]: found({ view: { query: 'SELECT 2' } }),
  });
  const views = ['Orders', 'Orders_c', 'Orders_b'].map((name) => ({ ...VIEW, name }));

  await expect(server.destination().applyViews(TABLE, views)).rejects.toMatchObject({
    message:
      'my-project.shop.Orders is a table, and only views are replaced; ' +
      'my-project.shop.Orders_b is a view of the table Bikes; my-project.shop.Orders_old was edited by hand',
    remedy:
      'Name the views otherwise in the schema file, or rename or drop what has their names: ' +
      'my-project.shop.Orders, my-project.shop.Orders_b. ' +
      'Rename or drop my-project.shop.Orders_old, which the schema does not declare.',
  });
  expect(server.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test.each([700, 3_000])(
  'a view of more columns than a view can hold is refused before any request: %i',
  async (length) => {
    await using server = await startScriptedBigQuery({});
    const columns = Array.from({ length }, (_, index) => ({
      name: `attribute_${index}`,
      type: 'NUMERIC' as const,
      description: null,
      cluster: false,
      path: [`attribute_${index}`],
    }));

    for (const dryRun of [true, false]) {
      await expect(
        server.destination().applyViews(TABLE, [{ name: 'Orders', columns }], { dryRun }),
      ).rejects.toMatchObject({
        ...kind('config-invalid'),
        message: expect.stringMatching(
          `^The ${length} columns of Orders make the view Orders_state of \\d+ characters; BigQuery takes 262144$`,
        ),
      });
    }
  },
);

test('no view is made, and none is asked for, where a later one is longer than a view can be', async () => {
  await using server = await startScriptedBigQuery({});
  const columns = Array.from({ length: 3_000 }, (_, index) => ({
    ...VIEW.columns[0],
    name: `attribute_${index}`,
    path: [`attribute_${index}`],
  }));

  await expect(server.destination().applyViews(TABLE, [VIEW, { name: 'Orders_wide', columns }])).rejects.toMatchObject({
    ...kind('config-invalid'),
    message: expect.stringContaining('columns of Orders_wide make'),
  });
});

test('a view that someone changed in between is left as it is', async () => {
  await using server = await startScriptedBigQuery({
    ...STATE,
    [`GET ${VIEW_PATH}`]: [found(), found({ view: { query: 'SELECT 2' }, etag: '"other"' })],
    [`PATCH ${VIEW_PATH}`]: failure(412, 'conditionNotMet'),
  });

  await expect(server.destination().applyViews(TABLE, [VIEW])).rejects.toMatchObject({
    ...kind('destination-conflict'),
    message: expect.stringContaining('changed at the same moment'),
  });
});

test('a view that someone else made in between is not replaced unchecked', async () => {
  await using server = await startScriptedBigQuery({
    ...STATE,
    [`GET ${VIEW_PATH}`]: [failure(404, 'notFound'), found({ type: 'TABLE' })],
    [`POST ${TABLES}`]: failure(409, 'duplicate'),
  });

  await expect(server.destination().applyViews(TABLE, [VIEW])).rejects.toMatchObject(kind('destination-conflict'));
});

test('a change whose answer was lost counts as done', async () => {
  const made = { query: '' };
  await using first = await startScriptedBigQuery({
    ...STATE,
    [`GET ${VIEW_PATH}`]: found(),
    [`PATCH ${VIEW_PATH}`]: { json: {} },
  });
  await first.destination().applyViews(TABLE, [VIEW]);
  Object.assign(made, first.bodies(`PATCH ${VIEW_PATH}`)[0]);
  await using server = await startScriptedBigQuery({
    ...STATE,
    [`GET ${VIEW_PATH}`]: [found(), found({ ...made, etag: '"after"' })],
    [`PATCH ${VIEW_PATH}`]: [{ json: {}, fault: 'cut-response' }, failure(412, 'conditionNotMet'), { json: {} }],
  });

  expect(await server.destination().applyViews(TABLE, [VIEW])).toMatchObject([{ name: 'Orders', action: 'replaced' }]);
});

const NAMES = objectNames(SHOP.name);
const viewOf = (...names: readonly string[]) => ({
  name: NAMES.typed,
  columns: names.map((name) => ({ name, type: 'NUMERIC', description: null, cluster: false, path: [name] }) as const),
});

/** The typed columns that a view's statement reads, and those that the state has. */
function columnsOf(bigQuery: MemoryBigQuery) {
  const query = (name: string) => bigQuery.tables.get(name)?.view?.query ?? '';
  const names = (text: string) => new Set(text.match(/\w+_[0-9a-f]{8}(?=` AS `)/g) ?? []);
  const [read] = query(NAMES.typed).split('FROM');
  const [, line = '[]'] = /^-- typed columns: (.*)\n/.exec(query(NAMES.state)) ?? [];
  return {
    read: names(read ?? ''),
    inForce: new Set((JSON.parse(line) as { name: string }[]).map(({ name }) => name)),
  };
}

test.each(['before', 'after'] as const)(
  'a view has its columns at every moment, also if this is killed %s any of its requests',
  async (when) => {
    let kills = 0;
    for (let after = 0; ; after++) {
      const bigQuery = new MemoryBigQuery();
      await bigQuery.destination().prepare(SHOP, 1);
      await bigQuery.destination().applyViews(SHOP, [viewOf('old', 'both')]);
      bigQuery.intercept = () => {
        const { read, inForce } = columnsOf(bigQuery);
        expect([...inForce]).toEqual(expect.arrayContaining([...read]));
      };
      const crash = new Crash(after);
      const run = bigQuery.destination({}, crash, when).applyViews(SHOP, [viewOf('both', 'new')]);
      const outcome = await crash.outcomeOf(run);
      const { read, inForce } = columnsOf(bigQuery);
      expect([...inForce]).toEqual(expect.arrayContaining([...read]));
      if (outcome) break;
      kills++;

      await bigQuery.destination().applyViews(SHOP, [viewOf('both', 'new')]);

      const then = columnsOf(bigQuery);
      expect(then.inForce).toEqual(then.read);
      expect([...then.read].map((name) => name.slice(0, -9))).toEqual(['both', 'new']);
    }
    expect(kills).toBeGreaterThan(5);
  },
);

test('columns stay in force over a publication at the same moment, and the publication stays too', async () => {
  const bigQuery = new MemoryBigQuery();
  await bigQuery.destination().prepare(SHOP, 1);
  let swaps = 0;
  bigQuery.intercept = ({ method, path }) => {
    if (method !== 'PATCH' || !path.endsWith(NAMES.state) || swaps++ > 0) return;
    // Another process replaced the state: its statement is the same, and its etag another.
    bigQuery.put(NAMES.state, bigQuery.tables.get(NAMES.state) ?? {});
  };

  await bigQuery.destination().applyViews(SHOP, [viewOf('total')]);

  expect(swaps).toBe(2);
  expect([...columnsOf(bigQuery).inForce]).toHaveLength(1);
});

test('columns in force are read back from the state, whatever is in their paths', async () => {
  const bigQuery = new MemoryBigQuery();
  await bigQuery.destination().prepare(SHOP, 1);
  const paths = ['\u2028', '\u2029', '\n', '\r', '\u0085', '*/', '--', '"', "'", '\\', '`', 'é 😀', ';'];
  const columns = paths.map(
    (step, index) => ({ name: `c${index}`, type: 'STRING', description: null, cluster: false, path: [step] }) as const,
  );
  const view = { name: NAMES.typed, columns };

  await bigQuery.destination().applyViews(SHOP, [view]);
  const { query = '' } = bigQuery.tables.get(NAMES.state)?.view ?? {};

  expect(query).toMatch(/^-- typed columns: [^\n\r]*\nWITH /);
  expect(
    stateInForce({ nameOf: (name: string) => name } as Dataset, SHOP, bigQuery.tables.get(NAMES.state) ?? {}).columns,
  ).toEqual(columnsOfViews([{ name: 'x', columns: columns }]));
});

test('columns that fit alone, and not beside those in force, are refused with the way there', async () => {
  const bigQuery = new MemoryBigQuery();
  await bigQuery.destination().prepare(SHOP, 1);
  const many = (prefix: string) => ({
    name: NAMES.typed,
    columns: Array.from({ length: 60 }, (_, index) => {
      const name = `${prefix}_${index}_${'x'.repeat(270)}`;
      return { name, type: 'JSON', description: null, cluster: false, path: [name] } as const;
    }),
  });
  await bigQuery.destination().applyViews(SHOP, [many('a')]);
  const before = bigQuery.tables.get(NAMES.state);

  for (const dryRun of [true, false]) {
    await expect(bigQuery.destination().applyViews(SHOP, [many('b')], { dryRun })).rejects.toMatchObject({
      ...kind('config-invalid'),
      message: expect.stringMatching(
        /^The columns of the new schema and the 60 in force, .* make the view my_app_shop_state of \d+ characters/,
      ),
      remedy: 'Apply a schema with fewer columns first, and then this one.',
    });
  }
  expect(bigQuery.tables.get(NAMES.state)).toBe(before);

  await bigQuery.destination().applyViews(SHOP, [viewOf('few')]);
  await bigQuery.destination().applyViews(SHOP, [many('b')]);
});
