import { expect, test } from 'vitest';
import type { KnownTable } from '../../../src/destination/known-table.ts';
import { TailraceError } from '../../../src/errors.ts';
import { ownTableOnly } from '../../../src/lambda/own-table.ts';
import { streamArn } from '../../../src/order/stream-arn.ts';
import { MemoryChangelog } from '../../support/memory/changelog.ts';
import { ORDERS, STREAM_ARN, TABLE_ARN } from '../../support/stream/record.ts';
import { changeRow } from '../../support/values/rows.ts';
import { kind } from '../../support/vitest/kind.ts';

const { label } = streamArn(STREAM_ARN);
const SEEN = { createdAt: Date.parse('2026-01-02T00:00:00Z'), streams: [label] };

/** A function on a stream, and a changelog that remembers what is given. */
function functionOn(stream: string, remembered: KnownTable | undefined) {
  const changelog = new MemoryChangelog();
  const world = { remembered, now: 0, looks: 0, failure: null as TailraceError | null };
  const appender = ownTableOnly(changelog, {
    stream: streamArn(stream),
    clock: { now: () => world.now },
    look: async () => {
      world.looks++;
      if (world.failure) throw world.failure;
      return world.remembered;
    },
  });
  return { world, changelog, append: () => appender.append(ORDERS, [changeRow('a')]) };
}

test.each([
  ['of the table that was seen with its stream', { source: ORDERS, seen: SEEN }],
  ['of a table that no command has asked DynamoDB for', { source: ORDERS, seen: null }],
  ['that says nothing, or is not there', undefined],
])('a function writes into a changelog %s', async (_, remembered) => {
  const { append, changelog } = functionOn(STREAM_ARN, remembered);

  await append();

  expect(changelog.rows).toHaveLength(1);
});

test.each([
  [
    'the same name in another account',
    STREAM_ARN,
    { source: { ...ORDERS, arn: TABLE_ARN.replace('1', '9') }, seen: null },
  ],
  [
    'a table that was created behind its stream',
    `${TABLE_ARN}/stream/2025-12-31T00:00:00.000`,
    { source: ORDERS, seen: SEEN },
  ],
  [
    'a table that no command has seen with its stream',
    `${TABLE_ARN}/stream/2026-02-02T00:00:00.000`,
    { source: ORDERS, seen: SEEN },
  ],
])(
  'a function writes nothing into a changelog of %s, and names the command that ends it',
  async (_, stream, remembered) => {
    const { append, changelog } = functionOn(stream, remembered);

    await expect(append()).rejects.toMatchObject({
      kind: 'destination-conflict',
      remedy: expect.stringContaining('`tailrace setup Orders`'),
    });

    expect(changelog.rows).toEqual([]);
  },
);

test('it resumes by itself once a command has seen the table with its stream', async () => {
  const { world, append, changelog } = functionOn(`${TABLE_ARN}/stream/2026-02-02T00:00:00.000`, {
    source: ORDERS,
    seen: SEEN,
  });
  await expect(append()).rejects.toMatchObject(kind('destination-conflict'));

  world.remembered = { source: ORDERS, seen: { ...SEEN, streams: [label, '2026-02-02T00:00:00.000'] } };
  await append();

  expect(changelog.rows).toHaveLength(1);
});

test('it looks again after minutes: a table may be removed and set up again meanwhile', async () => {
  const { world, append, changelog } = functionOn(STREAM_ARN, { source: ORDERS, seen: SEEN });
  await append();
  await append();
  expect(world.looks).toBe(1);

  world.now += 180_000;
  world.remembered = { source: ORDERS, seen: { createdAt: Date.parse('2026-03-01T00:00:00Z'), streams: [] } };
  await expect(append()).rejects.toMatchObject(kind('destination-conflict'));

  expect(changelog.rows).toHaveLength(2);
});

test('it does not write into a changelog that it can not look at', async () => {
  const { world, append, changelog } = functionOn(STREAM_ARN, { source: ORDERS, seen: SEEN });
  world.failure = new TailraceError('destination-unavailable', 'Injected: away');

  await expect(append()).rejects.toMatchObject(kind('destination-unavailable'));

  expect(changelog.rows).toEqual([]);
});
