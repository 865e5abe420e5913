import { describe, expect, onTestFinished, test } from 'vitest';
import type { ChangelogRow } from '../../../../src/changelog/row.ts';
import type { Clock } from '../../../../src/clock.ts';
import { BigQueryDestination } from '../../../../src/destination/bigquery/bigquery-destination.ts';
import type { NewChangelogMode } from '../../../../src/destination/bigquery/changelog-writer.ts';
import { createApi } from '../../../../src/destination/bigquery/client.ts';
import { POLICIES } from '../../../../src/error-policy.ts';
import { startForgetfulBigQuery } from '../../../support/bigquery/forgetful-bigquery.ts';
import { DATASET } from '../../../support/bigquery/scripted-bigquery.ts';
import { changeRow } from '../../../support/values/rows.ts';
import { seededRandom } from '../../../support/values/seeded-random.ts';

const TABLE = { name: 'orders', arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders', tableId: null };
const MINUTE = 60_000;

/** A clock that a test moves; a sleep moves it too. */
function movedClock() {
  let now = Date.parse('2026-03-04T05:06:07.500Z');
  const pass = (ms: number): void => {
    now += ms;
  };
  const clock: Clock = { now: () => now, sleep: async (ms) => pass(ms) };
  return { clock, pass };
}

/** A server whose changelog was just created, and destinations on it whose own clock is `skewMs` ahead of the server's. */
async function stage(skewMs = 0) {
  const time = movedClock();
  const server = await startForgetfulBigQuery(time.clock);
  onTestFinished(() => server[Symbol.asyncDispose]());
  server.createAgain(10 * MINUTE);
  const clock: Clock = { now: () => time.clock.now() + skewMs, sleep: time.clock.sleep };
  const settings = { endpoint: server.endpoint, location: null, labels: {}, kmsKey: null, maxBytesBilled: 2 ** 40 };
  const open = (newChangelogs: NewChangelogMode) =>
    new BigQueryDestination(DATASET, settings, {
      api: createApi(DATASET.project, server.endpoint),
      clock,
      random: seededRandom(1),
      newChangelogs,
    });
  return { server, open, pass: time.pass, clock: time.clock };
}

let next = 0;
function row(): ChangelogRow {
  return changeRow('a', { sequenceNumber: String(next++) });
}

const idOf = ({ eventId }: ChangelogRow) => eventId ?? '';

const SKEWS: readonly [string, number][] = [
  ['right', 0],
  ['half an hour ahead', 30 * MINUTE - 1_000],
  ['half an hour behind', -30 * MINUTE + 1_000],
];

describe.each(SKEWS)('on a machine whose clock is %s', (_name, skewMs) => {
  test('a function takes no rows for a new changelog, reports for how long, and streams when it is old enough', async () => {
    const { server, open, pass } = await stage(skewMs);
    const destination = open('refuse');
    pass(4 * MINUTE);

    await expect(destination.append(TABLE, [row()])).rejects.toMatchObject({
      kind: 'destination-not-ready',
      message: expect.stringMatching(/^my-project\.shop\.orders_changelog was created (4|5) minutes ago: /),
      remedy: expect.stringMatching(/^None: Lambda keeps the records and tries again\. Ready in 1[12] minutes\.$/),
      context: { table: 'orders_changelog' },
    });
    pass(10 * MINUTE);
    await expect(destination.append(TABLE, [row()])).rejects.toMatchObject({ kind: 'destination-not-ready' });
    expect([server.asked.inserts, server.asked.jobs]).toEqual([0, 0]);

    pass(2 * MINUTE);
    const late = row();
    expect(await destination.append(TABLE, [late])).toEqual([]);
    expect([...server.stored]).toEqual([[idOf(late), 'streamed']]);
  });

  test('a command loads into a new changelog, and streams when it is old enough', async () => {
    const { server, open, pass } = await stage(skewMs);
    const destination = open('load');
    const [early, late] = [row(), row()];

    expect(await destination.append(TABLE, [early])).toEqual([]);
    expect([...server.stored]).toEqual([[idOf(early), 'loaded']]);
    pass(16 * MINUTE);
    expect(await destination.append(TABLE, [late])).toEqual([]);

    expect(server.stored.get(idOf(late))).toBe('streamed');
  });
});

test.each<[string, number, NewChangelogMode]>([
  ['31 minutes ahead of', 31 * MINUTE, 'refuse'],
  ['31 minutes ahead of', 31 * MINUTE, 'load'],
  ['31 minutes behind', -31 * MINUTE, 'load'],
])('a machine whose clock is %s BigQuery’s writes nothing, and the error names it', async (words, skewMs, mode) => {
  const { server, open, pass } = await stage(skewMs);
  if (mode === 'refuse') pass(20 * MINUTE);

  await expect(open(mode).append(TABLE, [row()])).rejects.toMatchObject({
    kind: 'clock-wrong',
    message: `This machine's clock is ${words} BigQuery's`,
  });
  expect([server.asked.inserts, server.asked.jobs]).toEqual([0, 0]);
  expect(POLICIES['clock-wrong'].action).toBe('retry');
});

test.each([
  ['streamed', 20],
  ['loaded', 1],
])('rows that are %s have BigQuery’s own time, whatever the machine’s clock says', async (how, minutes) => {
  const { server, open, pass, clock } = await stage(-25 * MINUTE);
  pass(minutes * MINUTE);
  const one = row();

  await open('load').append(TABLE, [one]);

  expect(server.stored.get(idOf(one))).toBe(how);
  const [stamp = ''] = server.stamps.get(idOf(one)) ?? [];
  expect(clock.now() - Date.parse(stamp)).toBeGreaterThanOrEqual(0);
  expect(clock.now() - Date.parse(stamp)).toBeLessThan(1_000);
});

test('rows of a load job that ended over an hour after their stamp are loaded again, under a later one', async () => {
  const { server, open, pass, clock } = await stage();
  const one = row();
  const waits = [61, 0];
  server.whileLoading = () => pass((waits.shift() ?? 0) * MINUTE);

  expect(await open('load').append(TABLE, [one])).toEqual([]);

  const [late = '', ...others] = server.stamps.get(idOf(one)) ?? [];
  expect(others).toHaveLength(1);
  expect(clock.now() - Date.parse(late)).toBeGreaterThan(60 * MINUTE);
  expect(clock.now() - Date.parse(others[0] ?? '')).toBeLessThan(10_000);
});

test('rows of a load job that ended within the hour count', async () => {
  const { server, open, pass } = await stage();
  const one = row();
  server.whileLoading = () => pass(45 * MINUTE);

  await open('load').append(TABLE, [one]);

  expect(server.stamps.get(idOf(one))).toHaveLength(1);
});

test('a load job whose answer was lost is found again, by another process too, and ten minutes later it is another', async () => {
  const { server, open, pass } = await stage();
  const one = row();
  server.losesAnswer = true;
  await open('load').append(TABLE, [one]);
  await open('load').append(TABLE, [one]);
  expect(server.stamps.get(idOf(one))).toHaveLength(1);

  pass(10 * MINUTE);
  await open('load').append(TABLE, [one]);

  expect(server.stamps.get(idOf(one))).toHaveLength(2);
});

test('rows that a function refuses are delivered again, and never set aside', () => {
  expect(POLICIES['destination-not-ready'].action).toBe('retry');
});

test.each<NewChangelogMode>(['refuse', 'load'])(
  'a changelog that was created again is noticed within minutes, and no row that is streamed later is lost: %s',
  async (newChangelogs) => {
    const { server, open, pass } = await stage();
    pass(20 * MINUTE);
    const destination = open(newChangelogs);
    await destination.append(TABLE, [row()]);
    server.createAgain(10 * MINUTE);
    pass(3 * MINUTE);
    const late = row();

    const appended = destination.append(TABLE, [late]);

    if (newChangelogs === 'load') expect([await appended, server.stored.get(idOf(late))]).toEqual([[], 'loaded']);
    else {
      await expect(appended).rejects.toMatchObject({
        message: expect.stringContaining('was created again'),
        remedy: expect.stringContaining('`tailrace gaps orders --fill`'),
      });
    }
  },
);

test.each<NewChangelogMode>(['refuse', 'load'])(
  'a changelog that got another column is noticed within minutes: %s',
  async (newChangelogs) => {
    const { server, open, pass } = await stage();
    pass(20 * MINUTE);
    const destination = open(newChangelogs);
    await destination.append(TABLE, [row()]);
    server.addColumn('mine', 10 * MINUTE);
    pass(3 * MINUTE);

    for (const minutes of [0, 7, 7]) {
      pass(minutes * MINUTE);
      const late = row();
      const appended = destination.append(TABLE, [late]);
      if (newChangelogs === 'load') expect([await appended, server.stored.get(idOf(late))]).toEqual([[], 'loaded']);
      else await expect(appended).rejects.toMatchObject({ message: expect.stringContaining('was changed') });
    }
    pass(2 * MINUTE);
    const last = row();
    expect([await destination.append(TABLE, [last]), server.stored.get(idOf(last))]).toEqual([[], 'streamed']);
  },
);

test('the age is read at the start and every few minutes, not with every batch', async () => {
  const { server, open, pass } = await stage();
  pass(20 * MINUTE);
  const destination = open('refuse');
  for (let batch = 0; batch < 60; batch++) {
    await destination.append(TABLE, [row()]);
    pass(10_000);
  }

  expect(server.asked).toMatchObject({ inserts: 60, looks: 4 });
});

test('rows that come together go into one job, and a quarter of an hour takes less than a third of a day’s jobs', async () => {
  const { server, open, clock } = await stage();
  const destination = open('load');
  const end = clock.now() + 3 * MINUTE;
  while (clock.now() < end) {
    const batches = [[row()], [row(), row()], [row()]];
    await Promise.all(batches.map((batch) => destination.append(TABLE, batch)));
    expect(
      batches
        .flat()
        .map(idOf)
        .every((id) => server.stored.has(id)),
    ).toBe(true);
  }

  expect(server.asked.jobs).toBeGreaterThan(10);
  expect(server.asked.jobs).toBeLessThanOrEqual(100);
});

test('a row that no job takes is rejected alone, by its index among the given rows, without its value', async () => {
  const { server, open } = await stage();
  const destination = open('load');
  const batches = [[row(), row(), row()], [row()], [row(), row(), row(), row(), row()]];
  const badIds = [batches[0]?.[2], batches[2]?.[0], batches[2]?.[4]].map((one) => one?.eventId ?? '');
  for (const id of badIds) server.bad.add(id);

  const rejections = await Promise.all(batches.map((batch) => destination.append(TABLE, batch)));

  const reason = 'orders_changelog refuses the row: invalid';
  expect(rejections).toEqual([
    [{ index: 2, kind: 'row-rejected', reason }],
    [],
    [
      { index: 0, kind: 'row-rejected', reason },
      { index: 4, kind: 'row-rejected', reason },
    ],
  ]);
  expect([...server.stored.keys()].sort()).toEqual(
    batches
      .flat()
      .map(idOf)
      .filter((id) => !badIds.includes(id))
      .sort(),
  );
});

test('the same rows loaded into a changelog that was created again are loaded, though the earlier table had them', async () => {
  const { server, open, pass } = await stage();
  const batch = [row(), row()];
  await open('load').append(TABLE, batch);
  pass(1);
  server.createAgain(10 * MINUTE);
  await open('load').append(TABLE, batch);

  expect([...server.stored.keys()]).toEqual(batch.map(idOf));
});
