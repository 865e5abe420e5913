import { expect, test } from 'vitest';
import type { RowChoice } from '../../../../src/views/exported-rows.ts';
import { failure, type Script, startScriptedBigQuery } from '../../../support/bigquery/scripted-bigquery.ts';
import { CSV, fileWriter, NDJSON } from '../../../support/export/written-file.ts';
import { kind } from '../../../support/vitest/kind.ts';

const FIELDS = [
  { name: 'id', type: 'STRING', mode: 'NULLABLE' },
  { name: 'n', type: 'INTEGER', mode: 'NULLABLE' },
  { name: 'share', type: 'FLOAT', mode: 'NULLABLE' },
  { name: 'total', type: 'NUMERIC', mode: 'NULLABLE' },
  { name: 'big', type: 'BIGNUMERIC', mode: 'NULLABLE' },
  { name: 'paid', type: 'BOOLEAN', mode: 'NULLABLE' },
  { name: 'at', type: 'TIMESTAMP', mode: 'NULLABLE' },
  { name: 'local', type: 'DATETIME', mode: 'NULLABLE' },
  { name: 'day', type: 'DATE', mode: 'NULLABLE' },
  { name: 'hour', type: 'TIME', mode: 'NULLABLE' },
  { name: 'seal', type: 'BYTES', mode: 'NULLABLE' },
  { name: 'lines', type: 'JSON', mode: 'NULLABLE' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  {
    name: 'address',
    type: 'RECORD',
    mode: 'NULLABLE',
    fields: [
      { name: 'zip', type: 'STRING', mode: 'NULLABLE' },
      { name: 'floors', type: 'INTEGER', mode: 'REPEATED' },
    ],
  },
  { name: 'place', type: 'GEOGRAPHY', mode: 'NULLABLE' },
];

/** A row as BigQuery's API gives it. */
const FULL = [
  'a"b',
  '9007199254740993',
  '-Infinity',
  '12.5',
  '0.00000000000000000000000000000000000001',
  'true',
  '-1',
  '2026-11-22T09:30:00.125000',
  '2026-11-22',
  '09:30:00',
  'AAECAw==',
  '{"a":[1.10]}',
  [{ v: 'x' }, { v: '' }],
  { f: [{ v: '12' }, { v: [{ v: '3' }] }] },
  'POINT(1 2)',
];
const EMPTY = FIELDS.map(({ mode }) => (mode === 'REPEATED' ? [] : null));

const rowOf = (cells: readonly unknown[]) => ({ f: cells.map((v) => ({ v })) });

const CHOICE: RowChoice = { view: 'orders', columns: FIELDS.map(({ name }) => name), where: null };
const NEVER = new AbortController().signal;

const CHECKED = { json: { jobReference: { jobId: 'JOB' }, statistics: { query: { statementType: 'SELECT' } } } };

async function stage(pages: readonly object[], script: Script = {}) {
  const replies: Script = {
    'GET datasets/shop': { json: { location: 'EU' } },
    'GET datasets/shop/tables/orders': { json: { schema: { fields: FIELDS } } },
    'POST jobs': CHECKED,
    'GET queries/JOB': pages.map((json) => ({ json })),
    ...script,
  };
  const server = await startScriptedBigQuery(replies);
  return { server, destination: server.destination() };
}

test('rows come page by page, every type exact', async () => {
  const { server, destination } = await stage([
    { jobComplete: false },
    { jobComplete: true, totalRows: '2', schema: { fields: FIELDS }, rows: [rowOf(FULL)], pageToken: 'more' },
    { jobComplete: true, totalRows: '2', rows: [rowOf(EMPTY)] },
  ]);
  await using _server = server;
  const shown: unknown[] = [];
  const file = await fileWriter(NDJSON, { onProgress: ({ rows, fraction }) => shown.push([rows, fraction]) });

  const { rows, columns } = await destination.exportRows(CHOICE, file.writer, NEVER);

  expect(rows).toBe(2);
  expect(columns.map(({ name }) => name)).toEqual(CHOICE.columns);
  expect(shown.slice(0, 2)).toEqual([
    [1, 0.5],
    [2, 1],
  ]);
  const lines = (await file.text()).split('\n').sort();
  expect(lines[1]).toBe(
    '{"id":"a\\"b","n":"9007199254740993","share":"-Infinity","total":12.5,' +
      '"big":"0.00000000000000000000000000000000000001","paid":true,"at":"1969-12-31T23:59:59.999999Z",' +
      '"local":"2026-11-22T09:30:00.125000","day":"2026-11-22","hour":"09:30:00.000000","seal":"AAECAw==",' +
      '"lines":{"a":[1.10]},"tags":["x",""],"address":{"zip":"12","floors":[3]},"place":"POINT(1 2)"}',
  );
  expect(lines[2]).toBe(
    `{${FIELDS.map(({ name, mode }) => `"${name}":${mode === 'REPEATED' ? '[]' : 'null'}`).join(',')}}`,
  );
});

test('a result without rows has its columns', async () => {
  const { server, destination } = await stage([{ jobComplete: true, totalRows: '0', schema: { fields: FIELDS } }]);
  await using _server = server;
  const file = await fileWriter(CSV);

  expect(await destination.exportRows(CHOICE, file.writer, NEVER)).toMatchObject({ rows: 0 });

  expect(await file.text()).toBe(
    '"id",n,share,total,big,paid,at,local,day,hour,seal,"lines","tags","address","place"\r\n',
  );
});

test('one query is run, after two free checks of a condition: that it is one, and that it fits', async () => {
  const { server, destination } = await stage([{ jobComplete: true, schema: { fields: FIELDS } }]);
  await using _server = server;
  const file = await fileWriter(CSV);

  await destination.exportRows({ ...CHOICE, columns: ['n', 'id'], where: 'n > 1' }, file.writer, NEVER);

  const table = '`my-project.shop.orders`';
  const select = `SELECT \`n\`, \`id\`\nFROM ${table}\nWHERE (\nn > 1\n)`;
  expect(server.bodies('POST jobs')).toMatchObject([
    { configuration: { dryRun: true, query: { query: `SELECT [(\nn > 1\n)]\nFROM ${table}` } } },
    { configuration: { dryRun: true, query: { query: select } } },
    { configuration: { query: { query: select, maximumBytesBilled: String(2 ** 40) } } },
  ]);
});

test('a condition that BigQuery refuses is named, and nothing is run', async () => {
  const { server, destination } = await stage([], {
    'POST jobs': [failure(400, 'invalidQuery', 'Syntax error: Expected "]" but got keyword UNION at [3:7]'), CHECKED],
  });
  await using _server = server;
  const file = await fileWriter(CSV);

  const attempt = destination.exportRows({ ...CHOICE, where: '1=1) UNION (SELECT 1' }, file.writer, NEVER);

  await expect(attempt).rejects.toMatchObject({
    ...kind('query-invalid'),
    message: '--where is not one condition on orders: Syntax error: Expected "]" but got keyword UNION at [3:7]',
  });
  // The second check is of the view without the condition.
  expect(server.bodies('POST jobs')).toMatchObject([1, 2].map(() => ({ configuration: { dryRun: true } })));
});

test.for([null, 'n > 1'])('a view that stands on nothing is no fault of the condition %j', async (where) => {
  const { server, destination } = await stage([], {
    'POST jobs': failure(404, 'notFound', 'Not found: Table my-project:shop.orders_snapshot_x'),
  });
  await using _server = server;

  await expect(destination.estimateExport({ ...CHOICE, where })).rejects.toMatchObject(kind('destination-invalid'));
});

test('the cap on what it may bill is named', async () => {
  const { server, destination } = await stage([], {
    'POST jobs': failure(
      400,
      'bytesBilledLimitExceeded',
      'Query exceeded limit for bytes billed: 10. 20 or higher required.',
    ),
  });
  await using _server = server;
  const file = await fileWriter(CSV);

  await expect(destination.exportRows(CHOICE, file.writer, NEVER)).rejects.toMatchObject(kind('query-cap-reached'));
});

test('an interruption between two pages cancels the query', async () => {
  const stop = new AbortController();
  const { server, destination } = await stage(
    [{ jobComplete: true, schema: { fields: FIELDS }, rows: [rowOf(FULL)], pageToken: 'more' }],
    { 'POST jobs/JOB/cancel': {} },
  );
  await using _server = server;
  const file = await fileWriter(CSV, { signal: stop.signal, onProgress: () => stop.abort() });

  await expect(destination.exportRows(CHOICE, file.writer, stop.signal)).rejects.toMatchObject(kind('interrupted'));

  expect(server.requests.filter(({ path }) => path === 'jobs/JOB/cancel')).toHaveLength(1);
});
