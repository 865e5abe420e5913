import { expect, test } from 'vitest';
import { CHANGELOG_COLUMNS } from '../../../../src/changelog/columns.ts';
import type { ChangelogRow } from '../../../../src/changelog/row.ts';
import { ApiFailure, type ApiRequest, type BigQueryApi } from '../../../../src/destination/bigquery/api.ts';
import { BigQueryDestination } from '../../../../src/destination/bigquery/bigquery-destination.ts';
import {
  DATASET,
  failure,
  type Reply,
  refusals,
  type Script,
  startScriptedBigQuery,
} from '../../../support/bigquery/scripted-bigquery.ts';
import { wholeUploads } from '../../../support/bigquery/whole-uploads.ts';
import { hurriedClock } from '../../../support/clock/simple-clocks.ts';
import { changeRow } from '../../../support/values/rows.ts';
import { seededRandom } from '../../../support/values/seeded-random.ts';
import { kind } from '../../../support/vitest/kind.ts';

const TABLE = { name: 'orders', arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders', tableId: null };
const CHANGELOG = `datasets/${DATASET.dataset}/tables/orders_changelog`;
const INSERT = `POST ${CHANGELOG}/insertAll`;
const GET_TABLE = `GET ${CHANGELOG}`;
const GET_DATASET = `GET datasets/${DATASET.dataset}`;
const DONE: Reply = { json: { kind: 'bigquery#tableDataInsertAllResponse' } };
const THERE: Reply = { json: { type: 'TABLE', schema: { fields: CHANGELOG_COLUMNS.map(({ name }) => ({ name })) } } };
const MINUTE = 60_000;

function rows(count: number): ChangelogRow[] {
  return Array.from({ length: count }, (_, index) => changeRow(`id-${index}`, { sequenceNumber: String(index) }));
}

/** The keys in a request's body, in order. */
function keysIn(body: unknown): readonly string[] {
  const { rows } = body as { rows: { json: { key: string } }[] };
  return rows.map(({ json }) => json.key);
}

test('rows answered "stopped" are sent again without the bad row, which is named', async () => {
  await using server = await startScriptedBigQuery({
    [INSERT]: [
      refusals({ 0: { reason: 'stopped' }, 1: { reason: 'invalid', location: 'new_image' }, 2: { reason: 'stopped' } }),
      DONE,
    ],
  });

  const rejections = await server.destination().append(TABLE, rows(3));

  expect(rejections).toEqual([
    { index: 1, kind: 'row-rejected', reason: 'orders_changelog refuses the row: invalid in "new_image"' },
  ]);
  expect(server.bodies(INSERT).map(keysIn)).toEqual([
    ['["id-0"]', '["id-1"]', '["id-2"]'],
    ['["id-0"]', '["id-2"]'],
  ]);
});

test('bad rows that are reported one after the other are all named, by their index among the given rows', async () => {
  await using server = await startScriptedBigQuery({
    [INSERT]: [
      refusals({ 2: { reason: 'invalid' }, 0: { reason: 'stopped' } }),
      refusals({ 2: { reason: 'invalid' }, 0: { reason: 'stopped' } }),
      DONE,
    ],
  });

  const rejections = await server.destination().append(TABLE, rows(4));

  expect(rejections.map(({ index }) => index)).toEqual([2, 3]);
  expect(server.bodies(INSERT).map((body) => keysIn(body).length)).toEqual([4, 3, 2]);
});

test('a field that BigQuery does not know is named with its table and row', async () => {
  const unknown = { reason: 'invalid', location: 'foo', message: 'no such field: foo.' };
  await using server = await startScriptedBigQuery({ [INSERT]: [refusals({ 1: unknown }), DONE] });

  expect(await server.destination().append(TABLE, rows(2))).toEqual([
    { index: 1, kind: 'row-rejected', reason: 'orders_changelog refuses the row: no such field in "foo"' },
  ]);
});

test('no rejection has BigQuery’s text about a value', async () => {
  await using server = await startScriptedBigQuery({ [INSERT]: refusals({ 0: { reason: 'invalid' } }) });

  expect(JSON.stringify(await server.destination().append(TABLE, rows(1)))).not.toContain('secret');
});

test.each([
  ['stored', {}],
  ['stopped', { 1: { reason: 'stopped' } }],
])('the neighbour of a bad row, %s, is sent again: storing it twice is harmless', async (_name, others) => {
  const bad = refusals({ 0: { reason: 'invalid' }, ...others });
  await using server = await startScriptedBigQuery({ [INSERT]: [bad, DONE] });

  expect(await server.destination().append(TABLE, rows(2))).toMatchObject([{ index: 0 }]);
  expect(server.bodies(INSERT).map(keysIn)).toEqual([['["id-0"]', '["id-1"]'], ['["id-1"]']]);
});

test.each([
  ['accessDenied', 'Access Denied: BigQuery BigQuery: Streaming insert is not allowed in the free tier'],
  [
    'accessDenied',
    'Billing has not been enabled for this project. Enable billing at https://console.cloud.google.com.',
  ],
  ['billingNotEnabled', 'Words'],
])('the sandbox is named as such, without a retry: %s, %s', async (reason, message) => {
  await using server = await startScriptedBigQuery({ [INSERT]: failure(403, reason, message) });

  await expect(server.destination().append(TABLE, rows(1))).rejects.toMatchObject({
    ...kind('destination-denied'),
    message:
      'Could not insert into my-project.shop.orders_changelog: the project has no billing, which makes it ' +
      `BigQuery's sandbox (${reason})`,
    remedy: expect.stringContaining('Link a billing account to the project'),
  });
  expect(server.bodies(INSERT)).toHaveLength(1);
});

test.each<[string, Reply]>([
  ['rows that BigQuery itself failed on', refusals({ 0: { reason: 'backendError' }, 1: { reason: 'stopped' } })],
  ['rows that are all stopped', refusals({ 0: { reason: 'stopped' }, 1: { reason: 'stopped' } })],
  ['408', failure(408, 'requestTimeout')],
  ['429', failure(429, 'unknown')],
  ['500', failure(500, 'internalError')],
  ['502 of a proxy', { status: 502, json: 'bad gateway' }],
  ['503', failure(503, 'backendError')],
  ['504', failure(504, 'unknown')],
  ['403 rateLimitExceeded', failure(403, 'rateLimitExceeded')],
  ['403 quotaExceeded', failure(403, 'quotaExceeded')],
  ['400 backendError', failure(400, 'backendError')],
  ['an answer that breaks off after the rows were stored', { ...DONE, fault: 'cut-response' }],
])('after %s all rows are sent again', async (_name, reply) => {
  await using server = await startScriptedBigQuery({ [INSERT]: [reply, reply, DONE] });

  expect(await server.destination().append(TABLE, rows(2))).toEqual([]);
  expect(server.bodies(INSERT).map((body) => keysIn(body).length)).toEqual([2, 2, 2]);
});

test('the same row always has the same insert id, and another row another', async () => {
  await using server = await startScriptedBigQuery({ [INSERT]: DONE });
  const batch = [changeRow('a', { sequenceNumber: '7' }), changeRow('b', { sequenceNumber: '7' })];

  await server.destination().append(TABLE, batch);
  await server.destination().append(TABLE, batch);

  const [first, second] = server
    .bodies(INSERT)
    .map((body) => (body as { rows: { insertId: string }[] }).rows.map(({ insertId }) => insertId));
  expect(first).toEqual(second);
  expect(new Set(first).size).toBe(2);
});

test.each<[string, Reply, string, string]>([
  ['accessDenied', failure(403, 'accessDenied'), 'destination-denied', 'bigquery.tables.updateData is not granted'],
  ['billingNotEnabled', failure(403, 'billingNotEnabled'), 'destination-denied', 'billingNotEnabled'],
  ['no credentials', failure(401, 'authError'), 'destination-denied', 'authError'],
  ['a bad request', failure(400, 'badRequest'), 'destination-invalid', 'badRequest'],
])('%s stops at once, by name and without a value', async (_name, reply, expected, words) => {
  await using server = await startScriptedBigQuery({ [INSERT]: reply });

  const error = await server
    .destination()
    .append(TABLE, rows(1))
    .catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ kind: expected, message: expect.stringContaining(words) });
  expect(error).toMatchObject({ message: expect.stringContaining('my-project.shop.orders_changelog') });
  expect(String(error)).not.toContain('secret');
  expect(server.requests).toHaveLength(1);
});

test.each<[string, Reply]>([
  ['413', { status: 413, json: 'Request Entity Too Large' }],
  ['400 with the sentence', failure(400, 'invalid', 'Request payload size exceeds the limit: 10485760 bytes.')],
])('a request that is too large is split until it fits: %s', async (_name, reply) => {
  await using server = await startScriptedBigQuery({ [INSERT]: [reply, DONE, reply, DONE, DONE] });

  expect(await server.destination().append(TABLE, rows(5))).toEqual([]);
  expect(server.bodies(INSERT).map((body) => keysIn(body).length)).toEqual([5, 3, 2, 1, 1]);
});

test('a row that is too large even alone is rejected, and the others are stored', async () => {
  const tooLarge: Reply = { status: 413, json: {} };
  await using server = await startScriptedBigQuery({ [INSERT]: [tooLarge, tooLarge, DONE] });

  expect(await server.destination().append(TABLE, rows(2))).toMatchObject([{ index: 0, kind: 'row-too-large' }]);
  expect(keysIn(server.bodies(INSERT).at(-1))).toEqual(['["id-1"]']);
});

test('a row over the limit is never sent', async () => {
  await using server = await startScriptedBigQuery({ [INSERT]: DONE });
  const large = changeRow('large', { newImage: JSON.stringify({ s: 'é'.repeat(4_600_000) }) });

  expect(await server.destination().append(TABLE, [changeRow('a'), large])).toMatchObject([
    { index: 1, kind: 'row-too-large', reason: expect.stringMatching(/ 9\d{6} bytes/) },
  ]);
  expect(server.bodies(INSERT).map(keysIn)).toEqual([['["a"]']]);
});

test('inserts into a table that they do not know yet are retried for up to ten minutes', async () => {
  const clock = hurriedClock();
  const started = clock.now();
  await using server = await startScriptedBigQuery({
    [INSERT]: [...Array.from({ length: 20 }, () => failure(404, 'notFound')), DONE],
    [GET_TABLE]: THERE,
  });

  expect(await server.destination({ clock }).append(TABLE, rows(1))).toEqual([]);
  expect(clock.now() - started).toBeGreaterThan(2 * MINUTE);
  expect(clock.now() - started).toBeLessThan(10 * MINUTE);
});

test.each<[string, Reply, Reply]>([
  [
    'a table that turns out to be new',
    failure(404, 'notFound'),
    { json: { creationTime: String(Date.parse('2026-03-04T05:06:00Z')) }, headers: { date: '2026-03-04T05:07:00Z' } },
  ],
  [
    'a column that is there',
    refusals({ 0: { reason: 'invalid', location: 'generation', message: 'no such field: generation.' } }),
    THERE,
  ],
])(
  'rows for %s, and unknown to inserts, are loaded, or refused so that they are delivered again',
  async (_, unknown, there) => {
    const old: Reply = { json: { ...(THERE.json as object), creationTime: '0' } };
    const script = { [INSERT]: unknown, [GET_TABLE]: [old, old, there], [GET_DATASET]: { json: { location: 'EU' } } };
    await using refusing = await startScriptedBigQuery(script);
    const appended = refusing.destination({ newChangelogs: 'refuse' }).append(TABLE, rows(1));
    await expect(appended).rejects.toMatchObject(kind('destination-not-ready'));
    expect(refusing.bodies(INSERT)).toHaveLength(1);

    await using loading = await startScriptedBigQuery({
      ...script,
      'POST jobs': { json: { jobReference: { jobId: 'x' }, status: { state: 'DONE' } } },
    });
    expect(await loading.destination({ newChangelogs: 'load' }).append(TABLE, rows(1))).toEqual([]);
    expect(loading.requests.at(-1)).toMatchObject({ method: 'POST', path: 'jobs' });
  },
);

test('a table that exists and that inserts do not know after ten minutes is named, and may be known later', async () => {
  const clock = hurriedClock();
  const started = clock.now();
  await using server = await startScriptedBigQuery({ [INSERT]: failure(404, 'notFound'), [GET_TABLE]: THERE });

  await expect(server.destination({ clock }).append(TABLE, rows(1))).rejects.toMatchObject({
    ...kind('destination-unavailable'),
    message: "Could not insert into my-project.shop.orders_changelog: it exists, but inserts don't know it yet",
  });
  expect(clock.now() - started).toBeLessThanOrEqual(10 * MINUTE);
});

test('a new table that is not known by the deadline is not reported as missing', async () => {
  const clock = hurriedClock();
  await using server = await startScriptedBigQuery({ [INSERT]: failure(404, 'notFound'), [GET_TABLE]: THERE });

  const appended = server.destination({ clock }).append(TABLE, rows(1), { deadline: clock.now() + MINUTE });

  await expect(appended).rejects.toMatchObject(kind('destination-unavailable'));
});

test('the minute for transient failures begins with the first of them, not with the wait for a new table', async () => {
  const waits = Array.from({ length: 9 }, () => failure(404, 'notFound'));
  await using server = await startScriptedBigQuery({
    [INSERT]: [...waits, failure(503, 'backendError'), DONE],
    [GET_TABLE]: THERE,
  });
  const clock = hurriedClock();
  const started = clock.now();

  expect(await server.destination({ clock }).append(TABLE, rows(1))).toEqual([]);
  expect(clock.now() - started).toBeGreaterThan(MINUTE);
});

test.each<[string, Reply]>([
  ['a web page', { page: '<html>log in</html>' }],
  ['nothing', { status: 200, page: '' }],
  ['a list', { json: [] }],
  ['another server', { json: { status: 'ok' } }],
  ['another answer of BigQuery', { json: { kind: 'bigquery#table' } }],
  ['half an answer', { page: '{"kind":"bigquery#tableDataInsertAllResponse","insertErr' }],
  ['a redirection', { status: 308, page: '<html>moved</html>' }],
])('%s instead of an answer acknowledges no row, and is retried', async (_, reply) => {
  await using server = await startScriptedBigQuery({ [INSERT]: [reply, DONE] });
  expect(await server.destination({ clock: hurriedClock() }).append(TABLE, rows(1))).toEqual([]);
  expect(server.requests).toHaveLength(2);

  await using never = await startScriptedBigQuery({ [INSERT]: reply });
  const appended = never.destination({ clock: hurriedClock() }).append(TABLE, rows(1));
  await expect(appended).rejects.toMatchObject(kind('destination-unavailable'));
});

test('a table that is not there is named at once', async () => {
  await using server = await startScriptedBigQuery({
    [INSERT]: failure(404, 'notFound'),
    [GET_TABLE]: failure(404, 'notFound'),
    [GET_DATASET]: { json: { location: 'EU' } },
  });

  await expect(server.destination().append(TABLE, rows(1))).rejects.toMatchObject({
    ...kind('destination-missing'),
    message: "my-project.shop.orders_changelog doesn't exist",
    remedy: expect.stringMatching(
      /^Run `tailrace setup orders`\. .*switch the mapping off before, on after 15 minutes; then `tailrace gaps orders --fill`/,
    ),
  });
});

test('a table without one of the columns is named at once, and no row is rejected', async () => {
  const unknown = { reason: 'invalid', location: 'generation', message: 'no such field: generation.' };
  await using server = await startScriptedBigQuery({
    [INSERT]: refusals({ 0: unknown }),
    [GET_TABLE]: { json: { type: 'TABLE', schema: { fields: [{ name: 'key' }] } } },
  });

  await expect(server.destination().append(TABLE, rows(1))).rejects.toMatchObject({
    ...kind('destination-conflict'),
    message: 'my-project.shop.orders_changelog has no column generation',
  });
});

test.each<[string, Script]>([
  ['a failure that passes', { [INSERT]: failure(503, 'backendError') }],
  ['a table that is new', { [INSERT]: failure(404, 'notFound'), [GET_TABLE]: THERE }],
  [
    'a table that can neither be written nor looked at',
    { [INSERT]: failure(404, 'notFound'), [GET_TABLE]: failure(503, 'backendError') },
  ],
])('%s is retried until the deadline and no longer', async (_name, script) => {
  const clock = hurriedClock();
  const deadline = clock.now() + 5000;
  await using server = await startScriptedBigQuery(script);

  await expect(server.destination({ clock }).append(TABLE, rows(1), { deadline })).rejects.toMatchObject({
    name: 'TailraceError',
  });
  expect(clock.now()).toBeLessThanOrEqual(deadline);
  expect(server.requests.length).toBeGreaterThan(2);
});

test('an answer that never comes is given up at the deadline', async () => {
  await using server = await startScriptedBigQuery({ [INSERT]: { fault: 'hang' } });
  const clock = hurriedClock();

  await expect(
    server.destination({ clock }).append(TABLE, rows(1), { deadline: clock.now() + 300 }),
  ).rejects.toMatchObject(kind('destination-unavailable'));
});

test('without a deadline a transient failure is retried for a minute', async () => {
  const clock = hurriedClock();
  const started = clock.now();
  await using server = await startScriptedBigQuery({ [INSERT]: failure(500, 'internalError') });

  await expect(server.destination({ clock }).append(TABLE, rows(1))).rejects.toMatchObject(
    kind('destination-unavailable'),
  );
  expect(clock.now() - started).toBeGreaterThan(MINUTE / 2);
  expect(clock.now() - started).toBeLessThan(2 * MINUTE);
});

/** The stamps in a request's body, in order. */
function stampsIn(body: unknown): readonly number[] {
  const { rows } = body as { rows: { json: { ingested_at: string } }[] };
  return rows.map(({ json }) => Date.parse(json.ingested_at));
}

test('rows that are sent again after an outage of three hours have the time of then, and ids of their own', async () => {
  const HOUR = 60 * MINUTE;
  const start = Date.parse('2026-03-04T05:06:07.089Z');
  let waits = 0;
  const clock = {
    now: () => start + waits * HOUR,
    async sleep() {
      waits++;
    },
  };
  const outage = Array.from({ length: 3 }, () => failure(503, 'backendError'));
  await using server = await startScriptedBigQuery({ [INSERT]: [...outage, DONE] });

  await server.destination({ clock }).append(TABLE, rows(2), { deadline: start + 5 * HOUR });

  const bodies = server.bodies(INSERT);
  expect(bodies.map(stampsIn)).toEqual([0, 1, 2, 3].map((hours) => [start + hours * HOUR, start + hours * HOUR]));
  const ids = bodies.flatMap((body) => (body as { rows: { insertId: string }[] }).rows.map(({ insertId }) => insertId));
  expect(new Set(ids).size).toBe(8);
});

test('rows are stamped by BigQuery’s clock, as its last answer shows it', async () => {
  const clock = hurriedClock();
  const date = (minutes: number) => ({ date: new Date(clock.now() + minutes * MINUTE).toUTCString() });
  await using server = await startScriptedBigQuery({
    [GET_TABLE]: { json: { creationTime: '0' }, headers: date(20) },
    [INSERT]: [
      { ...DONE, headers: date(20) },
      { ...DONE, headers: date(-20) },
      { ...DONE, headers: date(-20) },
    ],
  });
  const destination = server.destination({ clock });

  for (let batch = 0; batch < 3; batch++) await destination.append(TABLE, rows(1));

  const minutes = server.bodies(INSERT).map((body) => Math.round(((stampsIn(body)[0] ?? 0) - clock.now()) / MINUTE));
  expect(minutes).toEqual([20, 20, -20]);
});

test('rows whose answer shows that they were stored an hour after their stamp are sent again', async () => {
  const clock = { ...hurriedClock() };
  const [start, stamps] = [clock.now(), [] as number[]];
  let sleptMs = 0;
  const now = () => start + sleptMs;
  const exchange: BigQueryApi['exchange'] = async ({ method, body }) => {
    if (method === 'POST') {
      stamps.push(...stampsIn(JSON.parse(String(body?.bytes))));
      // The machine sleeps in the middle of the first request.
      sleptMs = 61 * MINUTE;
    }
    return { status: 200, json: {}, location: null, range: null, answeredAt: now() };
  };
  const settings = { endpoint: null, location: null, labels: {}, kmsKey: null, maxBytesBilled: 2 ** 40 };
  const deps = { api: { exchange }, clock: { ...clock, now }, random: seededRandom(1) };

  await new BigQueryDestination(DATASET, settings, deps).append(TABLE, rows(1), { deadline: start + 90 * MINUTE });

  expect(stamps).toEqual([start, start + 61 * MINUTE]);
});

test('thousands of rows go in several requests, and one that fails fails them all', async () => {
  await using server = await startScriptedBigQuery({ [INSERT]: [DONE, failure(403, 'accessDenied'), DONE] });

  await expect(server.destination().append(TABLE, rows(1200))).rejects.toMatchObject(kind('destination-denied'));
  expect(server.bodies(INSERT).map((body) => keysIn(body).length)).toEqual([500, 500, 200]);
});

test('text that Google’s client would replace arrives unchanged', async () => {
  await using server = await startScriptedBigQuery({ [INSERT]: DONE });

  await server.destination().append(TABLE, [changeRow('{{projectId}}', { newImage: '{"a":"{{projectId}}"}' })]);

  expect(server.requests[0]?.body).toContain('"key":"[\\"{{projectId}}\\"]"');
  expect(server.requests[0]?.body).toContain('"new_image":"{\\"a\\":\\"{{projectId}}\\"}"');
});

test('of any number of rows four requests are in flight, and none is sent after the first failure', async () => {
  const waiting: (() => void)[] = [];
  const send = (request: ApiRequest) =>
    new Promise<object>((resolve, reject) => {
      const isBad = String(request.body?.bytes).includes('id-4500');
      if (request.method === 'GET') return resolve({});
      waiting.push(() => (isBad ? reject(new ApiFailure({ status: 403, reason: 'accessDenied' })) : resolve({})));
    });
  const settings = { endpoint: null, location: null, labels: {}, kmsKey: null, maxBytesBilled: 2 ** 40 };
  const deps = { api: wholeUploads(send), clock: hurriedClock(), random: seededRandom(1) };
  const appended = new BigQueryDestination(DATASET, settings, deps).append(TABLE, rows(10_000));
  let hasEnded = false;
  let sent = 0;
  appended
    .catch(() => {})
    .finally(() => {
      hasEnded = true;
    });

  while (!hasEnded) {
    await new Promise((resolve) => setImmediate(resolve));
    expect(waiting.length).toBeLessThanOrEqual(4);
    sent += waiting.length;
    for (const answer of waiting.splice(0)) answer();
    await new Promise((resolve) => setImmediate(resolve));
  }

  await expect(appended).rejects.toMatchObject(kind('destination-denied'));
  // Of 20 requests the tenth fails, in the third round; its three neighbours may have begun their next.
  expect(sent).toBeLessThanOrEqual(15);
});
