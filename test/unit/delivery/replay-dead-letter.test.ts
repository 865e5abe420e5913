import { describe, expect, test } from 'vitest';
import { replayDeadLetter } from '../../../src/delivery/replay-dead-letter.ts';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { identity, type Transform } from '../../../src/privacy/transform.ts';
import { fixedClock } from '../../support/clock/simple-clocks.ts';
import { MemoryChangelog } from '../../support/memory/changelog.ts';
import { MemoryDeadLetters, MemoryLetters } from '../../support/memory/dead-letters.ts';
import { ORDERS, STREAM_ARN, streamRecord } from '../../support/stream/record.ts';
import { deadLetter } from '../../support/values/dead-letter.ts';

type Letters = ConstructorParameters<typeof MemoryLetters>[0];

function setUp(letters: Letters, changelog: ConstructorParameters<typeof MemoryChangelog>[0] = {}) {
  const store = new MemoryLetters(letters);
  const destination = new MemoryChangelog(changelog);
  const replay = (id: string, transform: Transform = identity) =>
    replayDeadLetter(id, { store, source: ORDERS, destination, transform, clock: fixedClock(0) });
  return { store, destination, replay };
}

test('a letter is put away when its record is durable, and its row says that it was replayed', async () => {
  const { store, destination, replay } = setUp({ a: deadLetter(), b: deadLetter() });

  expect(await replay('a')).toEqual({ fate: 'delivered' });

  expect(destination.rows).toMatchObject([{ key: '["a"]', origin: 'replay', sequenceNumber: '42' }]);
  expect(store.archived).toEqual(['a']);
});

test.each(['refuse', 'lose-response'] as const)(
  'a destination that fails (%s) leaves the letter where it is',
  async (fault) => {
    const { store, replay } = setUp({ a: deadLetter() }, { faults: [fault] });

    await expect(replay('a')).rejects.toMatchObject({ kind: 'destination-unavailable' });
    expect(store.archived).toEqual([]);

    expect(await replay('a')).toEqual({ fate: 'delivered' });
  },
);

/** The letter that a handler writes of the second record of a batch, as its file holds it. */
async function letterOfSecond(
  records: readonly unknown[],
  changelog: ConstructorParameters<typeof MemoryChangelog>[0],
) {
  const deadLetters = new MemoryDeadLetters();
  const destination = new MemoryChangelog(changelog);
  const handle = createStreamHandler({ source: ORDERS, destination, deadLetters, clock: fixedClock(0) });
  await handle({ Records: records });
  const [letter, ...others] = deadLetters.letters;
  if (letter === undefined || others.length > 0) throw new Error('One letter was expected');
  return letter;
}

test('a record without a time that was refused beside others is replayed at the time that their batch gave it', async () => {
  const records = [streamRecord({ time: 1_700_000_003 }), streamRecord({ time: null, keys: { id: { S: 'b' } } })];
  const letter = await letterOfSecond(records, { rejects: ({ key }) => key === '["b"]' });
  const { store, destination, replay } = setUp({ a: letter });

  expect(await replay('a')).toEqual({ fate: 'delivered' });

  expect(destination.rows).toMatchObject([{ key: '["b"]', changedAt: 1_700_000_003_000 }]);
  expect(store.archived).toEqual(['a']);
});

test('a record whose stream could not be read is replayed once it is mended in its letter', async () => {
  const broken = streamRecord({ envelope: { eventSourceARN: 'broken' }, sequenceNumber: '42' });
  const letter = await letterOfSecond([streamRecord(), broken], {});
  const { store, destination, replay } = setUp({
    a: { ...letter, record: { ...broken, eventSourceARN: STREAM_ARN } },
  });

  expect(await replay('a')).toEqual({ fate: 'delivered' });

  expect(destination.rows).toMatchObject([{ sequenceNumber: '42' }]);
  expect(store.archived).toEqual(['a']);
});

describe('a letter stays as it is', () => {
  const carts = STREAM_ARN.replace('/Orders/', '/Carts/');
  test.each<[string, string | ReturnType<typeof deadLetter>, object]>([
    ['if it can not be read', '{"planted', { kind: 'unreadable', reason: 'is not JSON in UTF-8' }],
    ['if it is of another table', deadLetter({ stream_arn: carts }), { kind: 'record-foreign' }],
    [
      'if neither it nor its record names a stream',
      deadLetter({ stream_arn: null, record: streamRecord({ envelope: { eventSourceARN: 'broken' } }) }),
      { kind: 'record-foreign' },
    ],
    [
      'if its record was mended to be of another table',
      deadLetter({ stream_arn: null, record: streamRecord({ streamArn: carts }) }),
      { kind: 'record-foreign' },
    ],
    [
      'if its record is of another table',
      deadLetter({ record: streamRecord({ streamArn: carts }) }),
      { kind: 'record-foreign' },
    ],
    [
      'if its record is malformed',
      deadLetter({ record: streamRecord({ operation: 'FOOBAR' }) }),
      { kind: 'record-invalid' },
    ],
    ['if its record has no time', deadLetter({ record: streamRecord({ time: null }) }), { kind: 'record-invalid' }],
    ['if there is no record', deadLetter({ record: null }), { kind: 'record-invalid' }],
    [
      'if its record has no images',
      deadLetter({ record: streamRecord({ body: { StreamViewType: 'KEYS_ONLY' } }) }),
      { kind: 'stream-view-type' },
    ],
    [
      "if its record is another service's",
      deadLetter({ record: streamRecord({ envelope: { eventSource: 'aws:sqs' } }) }),
      { kind: 'event-invalid' },
    ],
    [
      'if its record nests without end',
      JSON.stringify(deadLetter({ record: streamRecord({ newImage: { a: 'DEEP' } }) })).replace(
        '"DEEP"',
        `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      ),
      { kind: 'record-invalid' },
    ],
  ])('%s', async (_, letter, expected) => {
    const { store, destination, replay } = setUp({ a: letter });

    const replayed = await replay('a');

    expect(replayed).toMatchObject({ fate: 'left', ...expected });
    expect(JSON.stringify(replayed)).not.toContain('planted');
    expect([store.archived, store.removed, destination.rows]).toEqual([[], [], []]);
  });

  test('if the destination refuses its row again', async () => {
    const { store, replay } = setUp({ a: deadLetter() }, { rejects: () => true });

    expect(await replay('a')).toMatchObject({ fate: 'left', kind: 'row-rejected', reason: 'Injected: rejected' });
    expect(store.archived).toEqual([]);
  });
});

test('a letter that is gone meanwhile is reported as gone', async () => {
  expect(await setUp({}).replay('a')).toMatchObject({ fate: 'left', kind: 'gone' });
});

test('rules are applied to a raw record, and not a second time to one that has been through them', async () => {
  const shout: Transform = {
    rules: 'v2',
    generation: 3,
    keys: (keys) => keys,
    item: (item) => ({ ...item, note: { S: 'masked' } }),
  };
  const { destination, replay } = setUp({ raw: deadLetter(), done: deadLetter({ rules: 'v1' }) });

  await replay('raw', shout);
  await replay('done', shout);

  expect(destination.rows.map(({ newImage, generation }) => [newImage, generation])).toEqual([
    ['{"id":"a","note":"masked"}', 3],
    ['{"id":"a","note":"planted"}', 3],
  ]);
});

test.each([
  ['an earlier table of the name', '2025-12-31T00:00:00.000', 'is of an earlier table'],
  ['a stream that is younger than any that was seen', '2026-12-31T00:00:00.000', "isn't known"],
])('a letter of %s is left, and nothing of it is written', async (_, label, words) => {
  const stream_arn = `${ORDERS.arn}/stream/${label}`;
  const { store, destination } = setUp({
    a: deadLetter({ stream_arn, record: streamRecord({ streamArn: stream_arn }) }),
  });
  const seen = { createdAt: Date.parse('2026-01-02T00:00:00Z'), streams: ['2026-01-02T03:04:05.678'] };

  const replay = { store, source: ORDERS, seen, destination, transform: identity, clock: fixedClock(0) };
  expect(await replayDeadLetter('a', replay)).toMatchObject({
    fate: 'left',
    kind: 'record-foreign',
    reason: expect.stringContaining(words),
  });

  expect(destination.rows).toEqual([]);
  expect(store.archived).toEqual([]);
});
