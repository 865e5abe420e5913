import { expect, test } from 'vitest';
import { digestOf } from '../../../../src/value/digest.ts';
import {
  DATASET,
  failure,
  type Reply,
  type Script,
  startScriptedBigQuery,
} from '../../../support/bigquery/scripted-bigquery.ts';
import { sourceTable } from '../../../support/values/shop.ts';
import { kind } from '../../../support/vitest/kind.ts';

const TABLE = sourceTable('Orders');
const TABLES = `datasets/${DATASET.dataset}/tables`;
const VIEW_PATH = `${TABLES}/Orders`;
const LATEST: Script = { [`GET ${TABLES}/Orders_latest`]: { json: { type: 'VIEW' } } };
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
    ...LATEST,
    [`GET ${VIEW_PATH}`]: [failure(404, 'notFound'), found()],
    [`POST ${TABLES}`]: { json: {} },
    [`PATCH ${VIEW_PATH}`]: { json: {} },
  });

  expect(await server.destination().applyViews(TABLE, [VIEW])).toEqual([{ name: 'Orders', action: 'created' }]);

  const [made] = server.bodies(`POST ${TABLES}`);
  expect(made).toMatchObject({
    tableReference: { tableId: 'Orders' },
    view: { query: expect.stringContaining('`my-project.shop.Orders_latest`'), useLegacySql: false },
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
        ],
      },
    },
  ]);
});

test('a view is replaced under the etag that was read', async () => {
  const described = [
    { ...FIELDS[0], description: 'The order.' },
    { ...FIELDS[1], description: '' },
  ];
  await using server = await startScriptedBigQuery({
    ...LATEST,
    [`GET ${VIEW_PATH}`]: [found(), found({ schema: { fields: described } })],
    [`PATCH ${VIEW_PATH}`]: { json: {} },
  });

  expect(await server.destination().applyViews(TABLE, [VIEW])).toEqual([{ name: 'Orders', action: 'replaced' }]);

  const patches = server.requests.filter(({ method }) => method === 'PATCH');
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
  await using server = await startScriptedBigQuery({ ...LATEST, [`GET ${VIEW_PATH}`]: found(changes) });
  const destination = server.destination();

  for (const dryRun of [true, false]) {
    await expect(destination.applyViews(TABLE, [VIEW], { dryRun })).rejects.toMatchObject({
      ...kind('destination-conflict'),
      message: expect.stringMatching(`^my-project\\.shop\\.Orders .*${words}`),
      remedy: expect.stringContaining('Rename or drop my-project.shop.Orders'),
    });
  }
});

test.each([1_100, 3_000])(
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
          `^The ${length} columns of Orders make a view of \\d+ characters; BigQuery takes 262144$`,
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
    ...LATEST,
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
    ...LATEST,
    [`GET ${VIEW_PATH}`]: [failure(404, 'notFound'), found({ type: 'TABLE' })],
    [`POST ${TABLES}`]: failure(409, 'duplicate'),
  });

  await expect(server.destination().applyViews(TABLE, [VIEW])).rejects.toMatchObject(kind('destination-conflict'));
});

test('a change whose answer was lost counts as done', async () => {
  const made = { query: '' };
  await using first = await startScriptedBigQuery({
    ...LATEST,
    [`GET ${VIEW_PATH}`]: found(),
    [`PATCH ${VIEW_PATH}`]: { json: {} },
  });
  await first.destination().applyViews(TABLE, [VIEW]);
  Object.assign(made, first.bodies(`PATCH ${VIEW_PATH}`)[0]);
  await using server = await startScriptedBigQuery({
    ...LATEST,
    [`GET ${VIEW_PATH}`]: [found(), found({ ...made, etag: '"after"' })],
    [`PATCH ${VIEW_PATH}`]: [{ json: {}, fault: 'cut-response' }, failure(412, 'conditionNotMet'), { json: {} }],
  });

  expect(await server.destination().applyViews(TABLE, [VIEW])).toEqual([{ name: 'Orders', action: 'replaced' }]);
});
