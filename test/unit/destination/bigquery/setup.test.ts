import { expect, test } from 'vitest';
import { CHANGELOG_COLUMNS } from '../../../../src/changelog/columns.ts';
import { writeAnnotation } from '../../../../src/destination/annotation.ts';
import { LEDGER_COLUMNS } from '../../../../src/snapshot/ledger.ts';
import {
  DATASET,
  failure,
  type Reply,
  type Script,
  startScriptedBigQuery,
} from '../../../support/bigquery/scripted-bigquery.ts';
import { STORAGE } from '../../../support/values/shop.ts';
import { kind } from '../../../support/vitest/kind.ts';

const TABLE = { name: 'orders', arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders', tableId: 'id-1' };
const ROOT = `datasets/${DATASET.dataset}`;
const [CHANGELOG, STATE, LATEST, LEDGER] = [
  'orders_changelog',
  'orders_state',
  'orders_latest',
  'tailrace_snapshots',
].map((id) => `GET ${ROOT}/tables/${id}`) as [string, string, string, string];
const CREATE = `POST ${ROOT}/tables`;
const MISSING = failure(404, 'notFound');

/** A dataset that exists and is empty. */
const EMPTY: Script = {
  [`GET ${ROOT}`]: { json: { location: 'EU' } },
  [`GET ${ROOT}/tables`]: { json: {} },
  [CHANGELOG]: MISSING,
  [STATE]: MISSING,
  [LATEST]: MISSING,
  [LEDGER]: MISSING,
  [CREATE]: { json: {} },
};

const fieldsOf = (columns: readonly { name: string; type: string }[]) =>
  columns.map(({ name, type }) => ({ name, type: type === 'INT64' ? 'INTEGER' : type, mode: 'NULLABLE' }));

const OUR_CHANGELOG: Reply = {
  json: {
    type: 'TABLE',
    description: writeAnnotation({ of: 'changelog', source: TABLE, seen: null, changelog: STORAGE }),
    schema: { fields: fieldsOf(CHANGELOG_COLUMNS) },
  },
};
const OUR_LEDGER: Reply = {
  json: { type: 'TABLE', description: writeAnnotation({ of: 'ledger' }), schema: { fields: fieldsOf(LEDGER_COLUMNS) } },
};

test('missing objects are created as designed: partitions, clusters, descriptions, labels, key', async () => {
  await using server = await startScriptedBigQuery(EMPTY);
  const kmsKey = 'projects/p/locations/eu/keyRings/r/cryptoKeys/k';
  const destination = server.destination({ settings: { labels: { team: 'data' }, kmsKey } });

  expect(await destination.prepare(TABLE, 1)).toEqual({
    created: ['orders_changelog', 'orders_state', 'orders_latest', 'tailrace_snapshots'],
  });

  const [changelog, state, latest, ledger] = server.bodies(CREATE);
  // Whatever the dataset's is: with another the keys "a" and "A" would be equal.
  expect([changelog, ledger]).toMatchObject([{ defaultCollation: '' }, { defaultCollation: '' }]);
  expect(changelog).toMatchObject({
    tableReference: { projectId: 'my-project', datasetId: 'shop', tableId: 'orders_changelog' },
    timePartitioning: { type: 'DAY', field: 'ingested_at' },
    clustering: { fields: ['key'] },
    labels: { team: 'data', tailrace: 'changelog' },
    encryptionConfiguration: { kmsKeyName: kmsKey },
  });
  expect(changelog).not.toHaveProperty('timePartitioning.expirationMs');
  expect(changelog).toHaveProperty(
    'schema.fields',
    CHANGELOG_COLUMNS.map(({ name, type, required, description }) => ({
      name,
      type,
      mode: required ? 'REQUIRED' : 'NULLABLE',
      description,
    })),
  );
  expect(state).toMatchObject({ view: { useLegacySql: false }, labels: { team: 'data', tailrace: 'state' } });
  expect(latest).toMatchObject({ view: { useLegacySql: false }, labels: { team: 'data', tailrace: 'latest' } });
  expect(ledger).toMatchObject({ labels: { tailrace: 'ledger' } });
});

test('a table that another process creates at the same moment is no error, and not reported as created', async () => {
  await using server = await startScriptedBigQuery({
    ...EMPTY,
    [CHANGELOG]: [MISSING, MISSING, OUR_CHANGELOG],
    [CREATE]: [failure(409, 'duplicate'), { json: {} }],
  });

  expect(await server.destination().prepare(TABLE, 1)).toEqual({
    created: ['orders_state', 'orders_latest', 'tailrace_snapshots'],
  });
});

test.each<[string, Script, string, string]>([
  ['no dataset', { [`GET ${ROOT}`]: MISSING }, 'destination-missing', 'There is no dataset my-project.shop'],
  [
    'no permission',
    { [`GET ${ROOT}`]: failure(403, 'accessDenied') },
    'destination-denied',
    'bigquery.datasets.get is not granted',
  ],
  [
    'no permission to list',
    { ...EMPTY, [`GET ${ROOT}/tables`]: failure(403, 'accessDenied') },
    'destination-denied',
    'bigquery.tables.list is not granted',
  ],
  [
    'a dataset whose tables expire',
    { ...EMPTY, [`GET ${ROOT}`]: { json: { location: 'EU', defaultTableExpirationMs: '5184000000' } } },
    'destination-conflict',
    'lets tables expire',
  ],
  [
    'a dataset whose partitions expire',
    { ...EMPTY, [`GET ${ROOT}`]: { json: { location: 'EU', defaultPartitionExpirationMs: '5184000000' } } },
    'destination-conflict',
    'lets partitions expire',
  ],
  [
    'a dataset whose texts are compared without case',
    { ...EMPTY, [`GET ${ROOT}`]: { json: { location: 'EU', defaultCollation: 'und:ci' } } },
    'destination-conflict',
    'compares texts by the collation und:ci by default',
  ],
  [
    'a changelog whose queries must filter by partition',
    { ...EMPTY, [CHANGELOG]: { json: { ...(OUR_CHANGELOG.json as object), requirePartitionFilter: true } } },
    'destination-conflict',
    'its queries must filter by partition',
  ],
  ...(
    [
      ['the day of another column', { type: 'DAY', field: 'changed_at' }, 'day of changed_at'],
      ['another unit', { type: 'MONTH', field: 'ingested_at' }, 'month of ingested_at'],
      ['the time of loading', { type: 'DAY' }, 'day of the time of loading'],
    ] as const
  ).map(([what, timePartitioning, words]): [string, Script, string, string] => [
    `a changelog that is partitioned by ${what}`,
    { ...EMPTY, [CHANGELOG]: { json: { ...(OUR_CHANGELOG.json as object), timePartitioning } } },
    'destination-conflict',
    `it is partitioned by the ${words}, not by the day of ingested_at`,
  ]),
  [
    'a changelog whose partitions expire',
    { ...EMPTY, [CHANGELOG]: { json: { ...(OUR_CHANGELOG.json as object), timePartitioning: { expirationMs: '1' } } } },
    'destination-conflict',
    'its partitions expire',
  ],
  [
    'a changelog without columns of ours',
    {
      ...EMPTY,
      [CHANGELOG]: { json: { type: 'TABLE', schema: { fields: [{ name: 'key', type: 'INTEGER' }] } } },
    },
    'destination-conflict',
    'column key is INT64, no column operation',
  ],
  [
    'a changelog whose keys are compared without case',
    {
      ...EMPTY,
      [CHANGELOG]: {
        json: {
          type: 'TABLE',
          schema: { fields: fieldsOf(CHANGELOG_COLUMNS).map((field) => ({ ...field, collation: 'und:ci' })) },
        },
      },
    },
    'destination-conflict',
    'column key has the collation und:ci',
  ],
  [
    'a changelog with a column that inserts would have to fill',
    {
      ...EMPTY,
      [CHANGELOG]: {
        json: {
          type: 'TABLE',
          schema: { fields: [...fieldsOf(CHANGELOG_COLUMNS), { name: 'tenant', type: 'STRING', mode: 'REQUIRED' }] },
        },
      },
    },
    'destination-conflict',
    'column tenant is required',
  ],
  [
    'a changelog that is a view',
    { ...EMPTY, [CHANGELOG]: { json: { type: 'VIEW' } } },
    'destination-conflict',
    'a VIEW',
  ],
  [
    "a changelog with our columns that isn't ours",
    { ...EMPTY, [CHANGELOG]: { json: { type: 'TABLE', schema: { fields: fieldsOf(CHANGELOG_COLUMNS) } } } },
    'destination-conflict',
    "isn't Tailrace's",
  ],
  [
    'a state that someone else made',
    { ...EMPTY, [STATE]: { json: { type: 'VIEW', view: { query: 'SELECT 1' } } } },
    'destination-conflict',
    "isn't the view that Tailrace made",
  ],
  [
    'a latest view that someone else made',
    { ...EMPTY, [LATEST]: { json: { type: 'VIEW', view: { query: 'SELECT 1' } } } },
    'destination-conflict',
    "isn't the view that Tailrace made",
  ],
])('%s is named, and nothing is created', async (_name, script, expected, words) => {
  await using server = await startScriptedBigQuery(script);

  await expect(server.destination().prepare(TABLE, 1)).rejects.toMatchObject({
    kind: expected,
    message: expect.stringContaining(words),
    remedy: expect.stringMatching(/./),
  });
  expect(server.bodies(CREATE)).toEqual([]);
});

test('a remedy that recreates a changelog has the time without the mapping, and the proof that nothing is missing', async () => {
  const fields = fieldsOf(CHANGELOG_COLUMNS.slice(1));
  const lacking = { json: { ...(OUR_CHANGELOG.json as object), schema: { fields } } };
  await using server = await startScriptedBigQuery({ ...EMPTY, [CHANGELOG]: lacking });

  await expect(server.destination().prepare(TABLE, 1)).rejects.toMatchObject({
    remedy: expect.stringMatching(
      /switch the mapping off before, on after 15 minutes; then `tailrace gaps orders --fill`/,
    ),
  });
});

test('the remedy for a table that expires lifts the expiry, and does not drop the table', async () => {
  const own = { expirationTime: '1800000000000', timePartitioning: { expirationMs: '1' } };
  await using server = await startScriptedBigQuery({
    ...EMPTY,
    [CHANGELOG]: { json: { ...(OUR_CHANGELOG.json as object), ...own } },
  });

  await expect(server.destination().prepare(TABLE, 1)).rejects.toMatchObject({
    message: expect.stringContaining('its partitions expire, it expires'),
    remedy: 'Run: bq update --time_partitioning_expiration=0 --expiration=0 my-project:shop.orders_changelog',
  });
});

test('a changelog is partitioned by the hour if that is asked for, and its birth is by BigQuery’s clock', async () => {
  await using server = await startScriptedBigQuery({
    ...EMPTY,
    [`GET ${ROOT}`]: { json: { location: 'EU' }, headers: { date: 'Wed, 04 Mar 2026 05:06:07 GMT' } },
  });

  await server.destination().prepare(TABLE, 1, { partition: 'hour', historyDays: 90 });

  // Two hours before: a writer's clock may be behind.
  const changelog = { partition: 'hour', historyDays: 90, keptSince: Date.parse('2026-03-04T03:06:07Z') } as const;
  expect(server.bodies(CREATE)[0]).toMatchObject({
    timePartitioning: { type: 'HOUR', field: 'ingested_at' },
    description: writeAnnotation({ of: 'changelog', source: TABLE, seen: null, changelog }),
  });
});

test('a changelog by another column is of another version of Tailrace, whatever its description says', async () => {
  const timePartitioning = { type: 'DAY', field: 'changed_at' };
  const older = { json: { ...(OUR_CHANGELOG.json as object), timePartitioning } };
  await using server = await startScriptedBigQuery({
    ...EMPTY,
    [`GET ${ROOT}/tables`]: { json: { tables: [{ tableReference: { tableId: 'orders_changelog' } }] } },
    [CHANGELOG]: older,
  });

  for (const attempt of [server.destination().known('orders'), server.destination().prepare(TABLE, 1)]) {
    await expect(attempt).rejects.toMatchObject({
      ...kind('destination-conflict'),
      message: expect.stringContaining('has table orders in the form of another version'),
      remedy: expect.stringContaining('`tailrace remove orders`'),
    });
  }
  expect(server.bodies(CREATE)).toEqual([]);
});

test('a ledger of another version is refused, with the command that drops it', async () => {
  const older: Reply = {
    json: { ...(OUR_LEDGER.json as object), description: writeAnnotation({ of: 'ledger', isOther: true }) },
  };
  await using server = await startScriptedBigQuery({ ...EMPTY, [LEDGER]: older });

  await expect(server.destination().prepare(TABLE, 1)).rejects.toMatchObject({
    ...kind('destination-conflict'),
    message: 'tailrace_snapshots has the form of another version of Tailrace',
    remedy: expect.stringContaining('`bq rm --table my-project:shop.tailrace_snapshots`'),
  });
  expect(server.bodies(CREATE)).toEqual([]);
});

test('an annotation is written over the one that was read: what another process wrote meanwhile is not lost', async () => {
  const PATCH = `PATCH ${ROOT}/tables/orders_changelog`;
  const described = (etag: string, keptSince: number): Reply => ({
    json: {
      ...(OUR_CHANGELOG.json as object),
      etag,
      description: writeAnnotation({
        of: 'changelog',
        source: TABLE,
        seen: null,
        changelog: { ...STORAGE, keptSince },
      }),
    },
  });
  const [first, second] = [described('one', 1_000), described('two', 2_000)];
  await using server = await startScriptedBigQuery({
    ...EMPTY,
    [`GET ${ROOT}/tables`]: { json: { tables: [{ tableReference: { tableId: 'orders_changelog' } }] } },
    // Read twice for a plan.
    [CHANGELOG]: [first, first, second],
    [LEDGER]: OUR_LEDGER,
    [PATCH]: [failure(412, 'conditionNotMet'), { json: {} }],
  });

  await server.destination().prepare(TABLE, 1, { historyDays: 500 });

  expect(server.requests.filter(({ method }) => method === 'PATCH').map(({ headers }) => headers['if-match'])).toEqual([
    'one',
    'two',
  ]);
  expect(server.bodies(PATCH)[1]).toEqual({
    description: writeAnnotation({
      of: 'changelog',
      source: TABLE,
      seen: null,
      changelog: { ...STORAGE, historyDays: 500, keptSince: 2_000 },
    }),
  });
});

test('an annotation that other processes change again and again is left, by name', async () => {
  const PATCH = `PATCH ${ROOT}/tables/orders_changelog`;
  await using server = await startScriptedBigQuery({
    ...EMPTY,
    [`GET ${ROOT}/tables`]: { json: { tables: [{ tableReference: { tableId: 'orders_changelog' } }] } },
    [CHANGELOG]: { json: { ...(OUR_CHANGELOG.json as object), etag: 'one' } },
    [LEDGER]: OUR_LEDGER,
    [PATCH]: failure(412, 'conditionNotMet'),
  });

  await expect(server.destination().prepare(TABLE, 1, { historyDays: 500 })).rejects.toMatchObject({
    ...kind('destination-conflict'),
    message: 'my-project.shop.orders_changelog was changed at the same moment',
  });
  expect(server.bodies(CREATE)).toEqual([]);
});

const DAY = 24 * 60 * 60_000;

test.each([
  [
    60,
    "expire by default, after 60 days, as BigQuery's sandbox does",
    /^If the project has no billing account, link one first /,
  ],
  [7, 'expire by default, after 7 days', /^If the project has no billing account, link one first /],
  [61, 'expire by default, after 61 days', /^Run: bq update --default_table_expiration=0 /],
])(
  'an expiry that may be the sandbox’s, which can not be lifted, needs billing first: %i days',
  async (days, words, remedy) => {
    const dataset = { location: 'EU', defaultTableExpirationMs: String(days * DAY) };
    await using server = await startScriptedBigQuery({ ...EMPTY, [`GET ${ROOT}`]: { json: dataset } });

    await expect(server.destination().prepare(TABLE, 1)).rejects.toMatchObject({
      message: expect.stringContaining(words),
      remedy: expect.stringMatching(remedy),
    });
  },
);

test.each<[string, object, RegExp]>([
  ['an expiry', { expirationTime: '1800000000000' }, /^Dataset my-project\.shop would let orders_changelog expire/],
  [
    'an expiry of partitions',
    { timePartitioning: { type: 'DAY', expirationMs: '5' } },
    /would let orders_changelog expire/,
  ],
  [
    'a collation',
    { schema: { fields: [{ name: 'key', type: 'STRING', collation: 'und:ci' }] } },
    /^Dataset my-project\.shop gives orders_changelog a collation of its own: column key has the collation und:ci$/,
  ],
])('a table that got %s from the dataset’s defaults is dropped again, and named', async (_name, made, message) => {
  const DROP = `DELETE ${ROOT}/tables/orders_changelog`;
  await using server = await startScriptedBigQuery({ ...EMPTY, [CREATE]: { json: made }, [DROP]: { json: {} } });

  await expect(server.destination().prepare(TABLE, 1)).rejects.toMatchObject({
    ...kind('destination-conflict'),
    message: expect.stringMatching(message),
    remedy: expect.stringMatching(/bq update --default_table|ALTER SCHEMA `my-project\.shop` SET DEFAULT COLLATE ""/),
  });
  expect(server.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
});

test('what a backfill loads into is checked against the dataset’s defaults of that moment', async () => {
  const script = {
    [`GET ${ROOT}`]: { json: { location: 'EU', defaultTableExpirationMs: String(90 * DAY) } },
    [`GET ${ROOT}/tables/tailrace_load_20260304t050607z1f3a`]: MISSING,
    [CREATE]: { json: { schema: { fields: [{ name: 'key', type: 'STRING', collation: 'und:ci' }] } } },
    [`DELETE ${ROOT}/tables/tailrace_load_20260304t050607z1f3a`]: { json: {} },
  };
  await using server = await startScriptedBigQuery(script);

  await expect(server.destination().createLoad(TABLE, '20260304t050607z1f3a')).rejects.toMatchObject({
    ...kind('destination-conflict'),
    remedy: expect.stringContaining('ALTER SCHEMA `my-project.shop` SET DEFAULT COLLATE ""'),
  });
});

test('no permission to create is named', async () => {
  await using server = await startScriptedBigQuery({ ...EMPTY, [CREATE]: failure(403, 'accessDenied') });

  await expect(server.destination().prepare(TABLE, 1)).rejects.toMatchObject({
    ...kind('destination-denied'),
    message: 'Could not create my-project.shop.orders_changelog: bigquery.tables.create is not granted (accessDenied)',
  });
});

test('a dataset in another location than the settings say is named with both', async () => {
  await using server = await startScriptedBigQuery(EMPTY);

  await expect(server.destination({ settings: { location: 'us-east1' } }).prepare(TABLE, 1)).rejects.toMatchObject({
    ...kind('destination-conflict'),
    message: 'Dataset my-project.shop is in EU, not in us-east1',
  });
});

test('a dataset in the location of the settings is accepted, in upper or lower case', async () => {
  await using server = await startScriptedBigQuery(EMPTY);

  await server.destination({ settings: { location: 'eu' } }).prepare(TABLE, 1);
});

test('a TableId that becomes known is stored', async () => {
  const unknown = { ...TABLE, tableId: null };
  const described = {
    json: {
      ...(OUR_CHANGELOG.json as object),
      description: writeAnnotation({ of: 'changelog', source: unknown, seen: null, changelog: STORAGE }),
    },
  };
  await using server = await startScriptedBigQuery({
    ...EMPTY,
    [`GET ${ROOT}/tables`]: { json: { tables: [{ tableReference: { tableId: 'orders_changelog' } }] } },
    [CHANGELOG]: described,
    [LEDGER]: OUR_LEDGER,
    [`PATCH ${ROOT}/tables/orders_changelog`]: { json: {} },
  });

  await server.destination().prepare(TABLE, 1);

  expect(server.bodies(`PATCH ${ROOT}/tables/orders_changelog`)).toEqual([
    { description: writeAnnotation({ of: 'changelog', source: TABLE, seen: null, changelog: STORAGE }) },
  ]);
});

test('sources are found on all pages, in order, and only by a changelog’s description', async () => {
  const source = (name: string) => ({
    name,
    arn: `arn:aws:dynamodb:eu-west-1:123456789012:table/${name}`,
    tableId: null,
  });
  const page = (id: string, nextPageToken?: string): Reply => ({
    json: { tables: [{ tableReference: { tableId: id } }], nextPageToken },
  });
  const described = (name: string): Reply => ({
    json: { description: writeAnnotation({ of: 'changelog', source: source(name), seen: null, changelog: STORAGE }) },
  });
  await using server = await startScriptedBigQuery({
    [`GET ${ROOT}/tables`]: [
      page('b_changelog', '1'),
      page('a_changelog', '2'),
      page('foreign_changelog', '3'),
      page('x'),
    ],
    [`GET ${ROOT}/tables/a_changelog`]: described('a'),
    [`GET ${ROOT}/tables/b_changelog`]: described('b'),
    [`GET ${ROOT}/tables/foreign_changelog`]: { json: { description: 'Mine' } },
  });

  expect(await server.destination().sources()).toEqual([source('a'), source('b')]);
  expect(server.requests.slice(0, 4).map(({ query }) => query['pageToken'])).toEqual([undefined, '1', '2', '3']);
});
