import { expect, test } from 'vitest';
import { BigQueryDestination } from '../../../../src/destination/bigquery/bigquery-destination.ts';
import { DATASET, failure, type Reply, startScriptedBigQuery } from '../../../support/bigquery/scripted-bigquery.ts';
import { wholeUploads } from '../../../support/bigquery/whole-uploads.ts';
import { hurriedClock } from '../../../support/clock/simple-clocks.ts';
import { rowFile } from '../../../support/values/row-file.ts';
import { scannedRow } from '../../../support/values/rows.ts';
import { seededRandom } from '../../../support/values/seeded-random.ts';
import { kind } from '../../../support/vitest/kind.ts';

const TABLE = { name: 'orders', arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders', tableId: null };
const ID = '20260304t050607z1f3a';
const IN_EU = { [`GET datasets/${DATASET.dataset}`]: { json: { location: 'EU' } } };
const LOAD = { [`GET datasets/${DATASET.dataset}/tables/tailrace_load_${ID}`]: { json: { type: 'TABLE' } } };
const JOB_ID = 'tailrace_load_89dd9e311c23a02f6bb6a622c9e015f6';

function job(state: string, errorResult?: { reason: string; message?: string }): Reply {
  return { json: { jobReference: { jobId: JOB_ID, location: 'EU' }, status: { state, errorResult } } };
}

const DONE = job('DONE');
const rows = [scannedRow('a'), scannedRow('b {{projectId}}')];

test('rows are loaded by one job, JSON as it stands, under an id made of their name', async () => {
  await using server = await startScriptedBigQuery({ ...IN_EU, 'POST jobs': DONE });

  await server.destination().loadSnapshot(TABLE, ID, '3-0', rowFile(rows));

  const upload = server.requests.at(-1);
  const [, resource = '', file = ''] = upload?.body.split(/--\w+(?:--)?\r\nContent-Type: [^\r]+\r\n\r\n/) ?? [];
  expect(JSON.parse(resource)).toEqual({
    jobReference: { projectId: 'my-project', jobId: JOB_ID, location: 'EU' },
    configuration: {
      labels: {},
      load: {
        destinationTable: { projectId: 'my-project', datasetId: 'shop', tableId: `tailrace_load_${ID}` },
        sourceFormat: 'NEWLINE_DELIMITED_JSON',
        createDisposition: 'CREATE_NEVER',
        writeDisposition: 'WRITE_APPEND',
      },
    },
  });
  expect(
    file
      .replace(/\r\n--\w+--\r\n$/, '')
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(rows.map(({ key, item, digest }) => ({ key, item: JSON.parse(item ?? ''), digest })));
});

test.each<[string, Reply | readonly Reply[]]>([
  ['an answer was lost', [{ ...DONE, fault: 'cut-response' }, failure(409, 'duplicate')]],
  ['an earlier process started it', failure(409, 'duplicate')],
])('a job whose id was used does not run twice, and its outcome counts: %s', async (_name, replies) => {
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': replies,
    [`GET jobs/${JOB_ID}`]: [job('RUNNING'), job('RUNNING'), DONE],
  });

  await server.destination().loadSnapshot(TABLE, ID, '3-0', rowFile(rows));

  expect(server.requests.filter(({ path }) => path === `jobs/${JOB_ID}`)).toHaveLength(3);
  expect(server.requests.at(-1)?.query).toMatchObject({ location: 'EU' });
});

test('an exhausted number of load jobs a day is reported as such', async () => {
  const message = 'Quota exceeded: Your table exceeded quota for imports or query appends per table.';
  await using server = await startScriptedBigQuery({ ...IN_EU, 'POST jobs': failure(403, 'quotaExceeded', message) });

  await expect(server.destination().loadSnapshot(TABLE, ID, '3-0', rowFile(rows))).rejects.toMatchObject({
    ...kind('destination-unavailable'),
    message: expect.stringContaining('the 1,500 load jobs that a table takes a day are used up'),
    remedy: expect.stringMatching(/^Wait: /),
  });
});

test('a load that succeeded with warnings is a success', async () => {
  const errors = [{ reason: 'invalid', message: 'Words with a secret value' }];
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': { json: { jobReference: { jobId: JOB_ID }, status: { state: 'DONE', errors } } },
  });

  await server.destination().loadSnapshot(TABLE, ID, '3-0', rowFile(rows));

  expect(server.requests.filter(({ path }) => path === 'jobs')).toHaveLength(1);
});

test('a job that had failed by BigQuery’s own fault is started again under the next id', async () => {
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': [failure(409, 'duplicate'), DONE],
    [`GET jobs/${JOB_ID}`]: job('DONE', { reason: 'backendError' }),
  });

  await server.destination().loadSnapshot(TABLE, ID, '3-0', rowFile(rows));

  expect(server.requests.at(-1)?.body).toContain(`"jobId":"${JOB_ID}_2"`);
});

test('a job is started again after any number of failures, for any reason, in an earlier process', async () => {
  const used = ['', '_2', '_3', '_4', '_5', '_6'];
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': [...used.map(() => failure(409, 'duplicate')), DONE],
    ...Object.fromEntries(
      used.map((suffix, index) => [
        `GET jobs/${JOB_ID}${suffix}`,
        job('DONE', { reason: index === 5 ? 'accessDenied' : 'quotaExceeded' }),
      ]),
    ),
  });

  await server.destination().loadSnapshot(TABLE, ID, '3-0', rowFile(rows));

  expect(server.requests.at(-1)?.body).toContain(`"jobId":"${JOB_ID}_7"`);
});

test('a job that fails by BigQuery’s own fault again and again is started five times, after longer and longer pauses', async () => {
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': job('DONE', { reason: 'quotaExceeded' }),
  });
  const clock = hurriedClock();
  const began = clock.now();

  await expect(server.destination({ clock }).loadSnapshot(TABLE, ID, '3-0', rowFile(rows))).rejects.toMatchObject(
    kind('destination-unavailable'),
  );

  expect(server.requests.filter(({ path }) => path === 'jobs')).toHaveLength(5);
  expect(clock.now() - began).toBe(15_000);
});

test('a job that fails because of a row is named, without a value', async () => {
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    ...LOAD,
    'POST jobs': job('DONE', { reason: 'invalid', message: 'Could not parse secret' }),
  });

  const error = await server
    .destination()
    .loadSnapshot(TABLE, ID, '3-0', rowFile(rows))
    .catch((thrown: unknown) => thrown);

  expect(error).toMatchObject(kind('destination-invalid'));
  expect(String(error)).toContain(`load rows into my-project.shop.tailrace_load_${ID}`);
  expect(String(error)).not.toContain('secret');
});

test('no permission to start jobs is named', async () => {
  await using server = await startScriptedBigQuery({ ...IN_EU, 'POST jobs': failure(403, 'accessDenied') });

  await expect(server.destination().loadSnapshot(TABLE, ID, '3-0', rowFile(rows))).rejects.toMatchObject({
    ...kind('destination-denied'),
    message: expect.stringContaining('bigquery.jobs.create'),
  });
});

test('no rows need no job', async () => {
  await using server = await startScriptedBigQuery({});

  await server.destination().loadSnapshot(TABLE, ID, '3-0', rowFile([]));
});

test('a file of many parts is sent whole and in its order, whatever its texts hold', async () => {
  const sent: Buffer[] = [];
  const api = wholeUploads(async ({ path, body }) => {
    if (path !== 'jobs') return { location: 'EU' };
    sent.push(Buffer.from(body?.bytes ?? ''));
    return { jobReference: { jobId: 'a' }, status: { state: 'DONE' } };
  });
  const settings = { endpoint: null, location: null, labels: {}, kmsKey: null, maxBytesBilled: 2 ** 40 };
  const destination = new BigQueryDestination(DATASET, settings, {
    api,
    clock: hurriedClock(),
    random: seededRandom(1),
  });
  const texts = ['\u2028\u2029', '\ufeff', 'c:\\home\\n', '"', '茶', '😀', '\u0000\u001f', '{{projectId}}'];
  const many = Array.from({ length: 5_000 }, (_, index) => {
    const text = texts[index % texts.length] ?? '';
    return scannedRow(`${index} ${text}`, JSON.stringify({ text: text.repeat(60) }));
  });

  await destination.loadSnapshot(TABLE, ID, '3-0', rowFile(many));

  const text = Buffer.concat(sent).toString('utf8');
  expect(sent).toHaveLength(1);
  expect(text.length).toBeGreaterThan(2_000_000);
  const [, , file = ''] = text.split(/--\w+(?:--)?\r\nContent-Type: [^\r]+\r\n\r\n/);
  const lines = file.replace(/\r\n--\w+--\r\n$/, '').split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    many.map(({ key, item, digest }) => ({ key, item: JSON.parse(item ?? ''), digest })),
  );
});

test('of concurrent loads, one file at a time is sent, and their ends are awaited together', async () => {
  const seen = { sending: 0, mostSending: 0, waiting: 0, mostWaiting: 0 };
  const api = wholeUploads(async ({ path, upload }) => {
    if (upload) {
      seen.mostSending = Math.max(seen.mostSending, ++seen.sending);
      await new Promise((resolve) => setImmediate(resolve));
      seen.sending--;
      seen.mostWaiting = Math.max(seen.mostWaiting, ++seen.waiting);
      return { jobReference: { jobId: 'a' }, status: { state: 'RUNNING' } };
    }
    if (!path.startsWith('jobs/')) return { location: 'EU' };
    return { status: { state: seen.mostWaiting === 3 ? 'DONE' : 'RUNNING' } };
  });
  const settings = { endpoint: null, location: null, labels: {}, kmsKey: null, maxBytesBilled: 2 ** 40 };
  const clock = { ...hurriedClock(), sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };
  const destination = new BigQueryDestination(DATASET, settings, { api, clock, random: seededRandom(1) });

  await Promise.all(['1', '2', '3'].map((chunk) => destination.loadSnapshot(TABLE, ID, chunk, rowFile(rows))));

  expect(seen).toMatchObject({ mostSending: 1, mostWaiting: 3 });
});
