import { expect, test, vi } from 'vitest';
import { DATASET, failure, type Reply, startScriptedBigQuery } from '../../../support/bigquery/scripted-bigquery.ts';
import { hurriedClock } from '../../../support/clock/simple-clocks.ts';
import { kind } from '../../../support/vitest/kind.ts';

const IN_EU = { [`GET datasets/${DATASET.dataset}`]: { json: { location: 'EU' } } };
const CHECKED: Reply = { json: { status: { state: 'DONE' }, statistics: { query: { statementType: 'SELECT' } } } };
const STARTED: Reply = { json: { jobReference: { jobId: 'q' }, status: { state: 'RUNNING' } } };
const RESULTS = 'GET queries/q';

test('all pages are read, and values are exact', async () => {
  const fields = ['INTEGER', 'FLOAT', 'NUMERIC', 'BOOLEAN', 'TIMESTAMP', 'JSON', 'STRING'].map((type) => ({
    name: type.toLowerCase(),
    type,
  }));
  const row = (...values: unknown[]) => ({ f: values.map((v) => ({ v })) });
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': [CHECKED, STARTED],
    [RESULTS]: [
      { json: { jobComplete: false } },
      {
        json: {
          jobComplete: true,
          schema: { fields },
          rows: [row('9007199254740993', '1.5', '0.1', 'true', '1693997155000001', '{"a":12345678901234567890}', 'x')],
          pageToken: 'next',
        },
      },
      { json: { jobComplete: true, schema: { fields }, rows: [row('-7', 'NaN', null, 'false', '-1', 'null', '')] } },
    ],
  });

  expect(await server.destination().query('SELECT …')).toEqual({
    columns: fields.map(({ name }) => name),
    rows: [
      ['9007199254740993', 1.5, '0.1', true, '2023-09-06T10:45:55.000001Z', { a: '12345678901234567890' }, 'x'],
      [-7, 'NaN', null, false, '1969-12-31T23:59:59.999999Z', null, ''],
    ],
  });
  expect(server.requests.at(-1)?.query).toMatchObject({ pageToken: 'next', 'formatOptions.useInt64Timestamp': 'true' });
});

test('arrays and records are lists and objects', async () => {
  const fields = [
    { name: 'list', type: 'INTEGER', mode: 'REPEATED' },
    { name: 'record', type: 'RECORD', fields: [{ name: '__proto__', type: 'STRING' }] },
  ];
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': [CHECKED, STARTED],
    [RESULTS]: {
      json: {
        jobComplete: true,
        schema: { fields },
        rows: [{ f: [{ v: [{ v: '1' }, { v: '2' }] }, { v: { f: [{ v: 'p' }] } }] }],
      },
    },
  });

  const { rows } = await server.destination().query('SELECT …');

  expect(JSON.stringify(rows)).toBe('[[[1,2],{"__proto__":"p"}]]');
});

test('a fault in a statement is reported before it runs, in BigQuery’s words', async () => {
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': failure(400, 'invalidQuery', 'Unrecognized name: foo at [1:8]'),
  });

  await expect(server.destination().query('SELECT foo')).rejects.toMatchObject({
    ...kind('query-invalid'),
    message: 'Unrecognized name: foo at [1:8]',
  });
  expect(server.bodies('POST jobs')).toMatchObject([{ configuration: { dryRun: true } }]);
});

const DAILY_QUOTA =
  'Custom quota exceeded: Your usage exceeded the custom quota for QueryUsagePerDay, which is set by your administrator.';

test.each<[string, readonly Reply[]]>([
  ['asked for', [failure(403, 'quotaExceeded', DAILY_QUOTA)]],
  ['run', [CHECKED, failure(403, 'quotaExceeded', DAILY_QUOTA)]],
  [
    'under way',
    [CHECKED, { json: { status: { state: 'DONE', errorResult: { reason: 'quotaExceeded', message: DAILY_QUOTA } } } }],
  ],
  [
    'asked for',
    [failure(403, 'quotaExceeded', 'Quota exceeded: Your project exceeded quota for free query bytes scanned')],
  ],
])('an exhausted daily quota is not retried, once a statement is %s', async (_name, replies) => {
  const clock = hurriedClock();
  const start = clock.now();
  await using server = await startScriptedBigQuery({ ...IN_EU, 'POST jobs': replies });

  await expect(server.destination({ clock }).query('SELECT 1')).rejects.toMatchObject({
    ...kind('destination-denied'),
    message: expect.stringContaining("the project's quota of bytes that queries may read is used up (quotaExceeded)"),
    remedy: expect.stringContaining('raise it'),
  });
  expect([server.bodies('POST jobs').length, clock.now() - start]).toEqual([replies.length, 0]);
});

test('warnings beside the results of a statement that succeeded are no failure', async () => {
  const errors = [{ reason: 'invalid', message: 'Words with a secret value' }];
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': [CHECKED, { json: { jobReference: { jobId: 'q' }, status: { state: 'DONE', errors } } }],
    [RESULTS]: {
      json: {
        jobComplete: true,
        errors,
        schema: { fields: [{ name: 'n', type: 'INTEGER' }] },
        rows: [{ f: [{ v: '1' }] }],
      },
    },
  });

  expect(await server.destination().query('SELECT 1')).toEqual({ columns: ['n'], rows: [[1]] });
});

test('BigQuery’s message about a statement that fails while running may quote a row, and is not repeated', async () => {
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': [CHECKED, STARTED],
    [RESULTS]: failure(400, 'invalidQuery', 'Bad int64 value: secret'),
  });

  const error = await server
    .destination()
    .query('SELECT …')
    .catch((thrown: unknown) => thrown);

  expect(error).toMatchObject(kind('query-invalid'));
  expect(String(error)).not.toContain('secret');
});

test.each<[string, Reply]>([
  ['a web page', { page: '<html>log in</html>' }],
  ['an answer that does not say whether it is done', { json: { schema: { fields: [] } } }],
])('%s instead of results is never read as no rows', async (_, reply) => {
  await using server = await startScriptedBigQuery({ ...IN_EU, 'POST jobs': [CHECKED, STARTED], [RESULTS]: reply });

  await expect(server.destination().query('SELECT …')).rejects.toMatchObject(kind('destination-unavailable'));
});

test('an aborted statement is cancelled in BigQuery too, so that it costs no more', async () => {
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': [CHECKED, STARTED],
    [RESULTS]: { json: { jobComplete: false } },
    'POST jobs/q/cancel': { json: {} },
  });
  const stop = new AbortController();

  const query = server.destination().query('SELECT …', stop.signal);
  await vi.waitUntil(() => server.requests.some(({ path }) => path === 'queries/q'));
  stop.abort();

  await expect(query).rejects.toMatchObject(kind('interrupted'));
  expect(server.requests.filter(({ path }) => path === 'jobs/q/cancel')).toHaveLength(1);
});

test('several statements are refused before any runs', async () => {
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': { json: { statistics: { query: { statementType: 'SCRIPT' } } } },
  });

  const destination = server.destination();
  for (const run of [destination.query.bind(destination), destination.execute.bind(destination)]) {
    await expect(run('SELECT 1; DROP TABLE t')).rejects.toMatchObject(kind('query-invalid'));
  }
  expect(server.bodies('POST jobs').length).toBe(2);
  expect(server.bodies('POST jobs')).toMatchObject([1, 2].map(() => ({ configuration: { dryRun: true } })));
});

const ofType = (statementType?: string): Reply => ({
  json: { status: { state: 'DONE' }, statistics: { query: { ...(statementType && { statementType }) } } },
});

test.each([
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'TRUNCATE_TABLE',
  'CREATE_TABLE',
  'CREATE_TABLE_AS_SELECT',
  'CREATE_VIEW',
  'DROP_TABLE',
  'ALTER_TABLE',
  'EXPORT_DATA',
  'LOAD_DATA',
  'CALL',
  'GRANT',
  'ASSERT',
  'BEGIN_TRANSACTION',
  'A_TYPE_OF_NEXT_YEAR',
  undefined,
])('a query checks the type of its statement, and runs none of type %s; execute does', async (type) => {
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': [ofType(type), ofType(type), STARTED],
    [RESULTS]: { json: { jobComplete: true } },
  });
  const destination = server.destination();

  await expect(destination.query('…')).rejects.toMatchObject({
    ...kind('query-writes'),
    message: expect.stringContaining(type?.replaceAll('_', ' ') ?? 'does not say'),
    remedy: expect.stringContaining('--write'),
  });
  expect(server.bodies('POST jobs')).toMatchObject([{ configuration: { dryRun: true } }]);

  expect(await destination.execute('…')).toEqual({ columns: [], rows: [] });
  expect(server.bodies('POST jobs')).toHaveLength(3);
});

test('a look-up gives items as canonical text, whatever text BigQuery has for them', async () => {
  const fields = ['key', 'digest', 'item'].map((name) => ({ name, type: 'STRING' }));
  const item = '{"b":1e-07,"\ue000":[1,{"z":null,"a":"\\u0001"}],"😀":2,"__proto__":1,"10":0,"9":1E21}';
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': STARTED,
    [RESULTS]: {
      json: {
        jobComplete: true,
        schema: { fields },
        rows: [{ f: [{ v: '["{{projectId}}"]' }, { v: 'd' }, { v: item }] }],
      },
    },
  });
  const table = { name: 'orders', arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders', tableId: null };

  const found = await server.destination().lookup(table, ['["{{projectId}}"]']);

  expect(found.get('["{{projectId}}"]')?.item).toBe(
    '{"10":0,"9":1e+21,"__proto__":1,"b":1e-7,"😀":2,"\ue000":[1,{"a":"\\u0001","z":null}]}',
  );
  expect(server.bodies('POST jobs')).toMatchObject([
    {
      configuration: {
        query: { queryParameters: [{ parameterValue: { arrayValues: [{ value: '["{{projectId}}"]' }] } }] },
      },
    },
  ]);
});

test.for(['number', 'integer'])('a statement that takes text for a JSON %s is shown what takes both', async (type) => {
  const errorResult = {
    reason: 'invalidQuery',
    message: `The provided JSON input is not a${type === 'integer' ? 'n' : ''} ${type}`,
  };
  const answers: readonly Reply[] = [{ json: { status: { state: 'DONE', errorResult } } }, STARTED];
  for (const answer of answers) {
    await using server = await startScriptedBigQuery({
      ...IN_EU,
      'POST jobs': [CHECKED, answer],
      [RESULTS]: failure(400, errorResult.reason, errorResult.message),
    });

    await expect(server.destination().query('SELECT FLOAT64(item.price) FROM orders_latest')).rejects.toMatchObject({
      ...kind('query-invalid'),
      remedy: expect.stringMatching(/LAX_FLOAT64.*LAX_INT64.*typed view/),
    });
  }
});

test('a statement that failed by BigQuery’s own fault runs again', async () => {
  const failed: Reply = { json: { status: { state: 'DONE', errorResult: { reason: 'backendError' } } } };
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': [CHECKED, failed, STARTED],
    [RESULTS]: { json: { jobComplete: true, schema: { fields: [] }, rows: [] } },
  });

  expect(await server.destination().query('SELECT …')).toEqual({ columns: [], rows: [] });
});

test('a job that fails by BigQuery’s own fault each time is given up as any call is, after longer and longer pauses', async () => {
  const failed: Reply = { json: { status: { state: 'DONE', errorResult: { reason: 'backendError' } } } };
  const replies = Array.from({ length: 100 }, () => failed);
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': [CHECKED, ...replies, STARTED],
    [RESULTS]: { json: { jobComplete: true, schema: { fields: [] }, rows: [] } },
  });

  await expect(server.destination().query('SELECT …')).rejects.toMatchObject(kind('destination-unavailable'));

  expect(server.bodies('POST jobs').length).toBeLessThan(20);
});
