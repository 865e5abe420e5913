import { describe, expect, test } from 'vitest';
import { CHANGELOG_COLUMNS } from '../../../src/changelog/columns.ts';
import { type Clock, systemClock } from '../../../src/clock.ts';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { type AnswerPolicy, answerPolicy, REASONS, STATUSES } from '../../../src/destination/bigquery/answers.ts';
import { BigQueryDestination } from '../../../src/destination/bigquery/bigquery-destination.ts';
import { createApi } from '../../../src/destination/bigquery/client.ts';
import type { ChangelogAppender } from '../../../src/destination/destination.ts';
import { POLICIES } from '../../../src/error-policy.ts';
import { TailraceError } from '../../../src/errors.ts';
import {
  DATASET,
  failure,
  type Reply,
  refusals,
  startScriptedBigQuery,
} from '../../support/bigquery/scripted-bigquery.ts';
import { hurriedClock } from '../../support/clock/simple-clocks.ts';
import { startUntrustedHttps } from '../../support/http/untrusted-https.ts';
import { MemoryDeadLetters } from '../../support/memory/dead-letters.ts';
import { ORDERS, streamRecord } from '../../support/stream/record.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';

const CHANGELOG = 'datasets/shop/tables/Orders_changelog';
const INSERT = `POST ${CHANGELOG}/insertAll`;
const COLUMNS = CHANGELOG_COLUMNS.map(({ name }) => ({ name }));
const AROUND = {
  [`GET ${CHANGELOG}`]: { json: { type: 'TABLE', schema: { fields: COLUMNS } } },
  'GET datasets/shop': { json: { location: 'EU' } },
};
const DONE: Reply = { json: {} };
const LAMBDA_MS = 60_000;

/** What came of two records: the answer, or what was thrown, and how much of the function's time was used. */
async function deliver(destination: ChangelogAppender, clock: Clock) {
  const deadLetters = new MemoryDeadLetters();
  // Time is hurried only for the destination: the time limit of a letter that is being stored must not win.
  const patient = { now: () => clock.now(), sleep: systemClock.sleep };
  const handler = createStreamHandler({ source: ORDERS, destination, deadLetters, clock: patient });
  const start = clock.now();
  const remaining = { getRemainingTimeInMillis: () => LAMBDA_MS - (clock.now() - start) };
  const Records = [1, 2].map((number) => streamRecord({ sequenceNumber: String(number) }));
  const outcome = await handler({ Records }, remaining).catch((error: unknown) => error);
  return { outcome, letters: deadLetters.letters, usedMs: clock.now() - start };
}

async function deliverTo(replies: Reply | readonly Reply[]) {
  const clock = hurriedClock();
  await using server = await startScriptedBigQuery({ [INSERT]: replies, ...AROUND });
  const delivered = await deliver(server.destination({ clock, newChangelogs: 'refuse' }), clock);
  return { ...delivered, inserts: server.bodies(INSERT).length };
}

async function deliverToEndpoint(endpoint: string) {
  const clock = hurriedClock();
  const api = createApi(DATASET.project, endpoint);
  const settings = { endpoint, location: null, labels: {}, kmsKey: null, maxBytesBilled: 2 ** 40 };
  return deliver(new BigQueryDestination(DATASET, settings, { api, clock, random: seededRandom(1) }), clock);
}

const NOT_SENT = ['certificate', 'noCredentials', 'staleStamp'];
const answers: [string, Reply, AnswerPolicy][] = [
  ...Object.entries(REASONS)
    .filter(([reason]) => !NOT_SENT.includes(reason))
    .map(([reason, policy]): [string, Reply, AnswerPolicy] => [
      reason,
      failure(reason === 'notFound' ? 404 : 400, reason),
      policy,
    ]),
  ...Object.entries(STATUSES).map(([status, policy]): [string, Reply, AnswerPolicy] => [
    `status ${status} of a proxy`,
    { status: Number(status), json: 'Words with a secret value' },
    policy,
  ]),
];

describe('every answer of BigQuery to an insert ends as its policy says, within the time of the function', () => {
  test.each(answers)('%s', async (_, reply, { kind, first }) => {
    const { outcome, letters, usedMs, inserts } = await deliverTo(reply);

    expect(usedMs).toBeLessThan(LAMBDA_MS);
    expect(JSON.stringify([outcome, letters])).not.toContain('secret');
    if (POLICIES[kind].action === 'set-aside') {
      expect(outcome).toEqual({ batchItemFailures: [] });
      expect(letters.map((letter) => letter.kind)).toEqual([kind, kind]);
      return;
    }
    // The table is there.
    const named = kind === 'destination-missing' ? 'destination-unavailable' : kind;
    expect(outcome).toMatchObject({ name: 'TailraceError', kind: named });
    expect(letters).toEqual([]);
    if (POLICIES[kind].action === 'retry' || first !== undefined) {
      expect(usedMs).toBeGreaterThan(LAMBDA_MS / 4);
      expect(inserts).toBeGreaterThan(5);
    } else {
      expect([usedMs, inserts]).toEqual([0, 1]);
    }
  });

  test.each(answers.filter(([, , { kind }]) => POLICIES[kind].action === 'retry'))(
    '%s that passes is a success',
    async (_, reply) => {
      const { outcome, letters, inserts } = await deliverTo([reply, reply, DONE]);

      expect([outcome, letters, inserts]).toEqual([{ batchItemFailures: [] }, [], 3]);
    },
  );
});

describe('so does each answer about a single row', () => {
  const noSuchField = { reason: 'invalid', location: 'digest', message: 'no such field: digest.' };

  test('a bad row is set aside, and the neighbour that it stopped is in', async () => {
    const stopped = refusals({ 0: { reason: 'invalid', location: 'new_image' }, 1: { reason: 'stopped' } });

    const { outcome, letters, inserts } = await deliverTo([stopped, DONE]);

    expect([outcome, inserts]).toEqual([{ batchItemFailures: [] }, 2]);
    expect(letters).toMatchObject([{ kind: 'row-rejected', sequence_number: '1' }]);
    expect(letters[0]?.reason).not.toContain('secret');
  });

  test('a column that inserts do not know yet makes the changelog too young, and no row is blamed', async () => {
    const { outcome, letters, inserts } = await deliverTo(refusals({ 0: noSuchField, 1: { reason: 'stopped' } }));

    expect(outcome).toMatchObject({ name: 'TailraceError', kind: 'destination-not-ready' });
    expect([letters, inserts]).toEqual([[], 1]);
  });

  test.each(['backendError', 'timeout', 'stopped'])(
    '%s of every row is retried until the time is over',
    async (reason) => {
      const { outcome, letters, usedMs } = await deliverTo(refusals({ 0: { reason }, 1: { reason } }));

      expect(outcome).toMatchObject({ kind: 'destination-unavailable' });
      expect([letters, usedMs < LAMBDA_MS]).toEqual([[], true]);
    },
  );
});

describe('so does each failure without an answer', () => {
  test.each<[string, Reply]>([
    ['one that breaks off after the rows were stored', { ...DONE, fault: 'cut-response' }],
    [
      'one in the words of the API that the request is too large',
      failure(400, 'badRequest', 'Request payload size exceeds the limit'),
    ],
  ])('%s', async (name, reply) => {
    const { outcome, letters, usedMs } = await deliverTo(reply);

    if (name.includes('too large')) expect(letters.map(({ kind }) => kind)).toEqual(['row-too-large', 'row-too-large']);
    else expect(outcome).toMatchObject({ kind: 'destination-unavailable' });
    expect(usedMs).toBeLessThan(LAMBDA_MS);
  });

  test.each([
    ['no server listens', 'http://127.0.0.1:1'],
    ['the host has no address', 'http://no-such-host.invalid'],
  ])('%s', async (_, endpoint) => {
    const { outcome, letters, usedMs } = await deliverToEndpoint(endpoint);

    expect(outcome).toMatchObject({ kind: 'destination-unavailable' });
    expect(letters).toEqual([]);
    expect(usedMs).toBeGreaterThan(LAMBDA_MS / 4);
    expect(usedMs).toBeLessThan(LAMBDA_MS);
  });

  test('the server does not speak TLS', async () => {
    await using server = await startScriptedBigQuery({});

    const { outcome, usedMs } = await deliverToEndpoint(server.endpoint.replace('http:', 'https:'));

    expect(outcome).toMatchObject({ kind: 'destination-unavailable' });
    expect(usedMs).toBeLessThan(LAMBDA_MS);
  });

  test('the server shows an untrusted certificate: an error at once', async () => {
    await using server = await startUntrustedHttps();

    const { outcome, usedMs } = await deliverToEndpoint(server.endpoint);

    expect(outcome).toMatchObject({
      kind: 'destination-invalid',
      message: 'Could not read my-project.shop.Orders_changelog (certificate)',
      remedy: REASONS.certificate.remedy,
    });
    expect(usedMs).toBe(0);
  });
});

test('an unknown answer is named, not retried, and not taken for success', async () => {
  const { outcome, inserts } = await deliverTo(failure(418, 'teapot'));

  expect(outcome).toBeInstanceOf(TailraceError);
  expect(outcome).toMatchObject({ kind: 'destination-invalid', message: expect.stringContaining('(teapot)') });
  expect(inserts).toBe(1);
});

test('the reason of an answer counts for more than its status', () => {
  expect(answerPolicy({ status: 403, reason: 'rateLimitExceeded' }).kind).toBe('destination-unavailable');
  expect(answerPolicy({ status: 403, reason: 'toString' }).kind).toBe('destination-denied');
  expect(answerPolicy({ status: null, reason: null }).kind).toBe('destination-unavailable');
});

test.each([
  [507, 'retry'],
  [520, 'retry'],
  [529, 'retry'],
  [501, 'halt'],
  [505, 'halt'],
] as const)('a status %i without a reason means: %s', (status, action) => {
  expect(POLICIES[answerPolicy({ status, reason: null }).kind].action).toBe(action);
});
