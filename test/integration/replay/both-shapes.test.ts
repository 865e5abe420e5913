import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { openDestination } from '../../../src/destinations.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { VirtualClock } from '../../support/clock/virtual-clock.ts';
import { loudFake } from '../../support/memory/loud-fake.ts';
import { createWorkplace } from '../../support/process/tailrace-process.ts';
import { ORDERS, streamRecord } from '../../support/stream/record.ts';
import { ScriptedStreams } from '../../support/stream/scripted-streams.ts';
import { startStreamServer } from '../../support/stream/stream-server.ts';
import { HOSTILE_ITEMS } from '../../support/values/hostile-items.ts';

/** A record as both send it: what differs are the identity's spelling, and that of numbers. */
type Spelling = { readonly price: string; readonly ttl: object };
const LAMBDA: Spelling = { price: '1.5', ttl: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } };
const GET_RECORDS: Spelling = { price: '1.50', ttl: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } };

const hostile = HOSTILE_ITEMS.filter(([what]) => !what.startsWith('400 KB'));
const image = (price: string) => Object.fromEntries([...hostile, ['price', { N: price }], ['photo', { B: 'AP8=' }]]);

const records = ({ price, ttl }: Spelling) => [
  streamRecord({ operation: 'INSERT', sequenceNumber: '9', newImage: image(price) }),
  streamRecord({ sequenceNumber: '10', newImage: image('2'), oldImage: image(price) }),
  streamRecord({ operation: 'REMOVE', sequenceNumber: '11', oldImage: image('2'), envelope: { userIdentity: ttl } }),
];

test('a change gives the same row by Lambda, by a tail and by a replay, but for its origin and time of arrival', async () => {
  const workplace = await createWorkplace();
  onTestFinished(() => workplace[Symbol.asyncDispose]());
  const streams = new ScriptedStreams(new VirtualClock(Date.now() - 60_000));
  const wire = new Map(records(GET_RECORDS).map((record) => [record.dynamodb.SequenceNumber, record]));
  streams.recordOf = ({ sequenceNumber }) => {
    const { eventSourceARN: _, ...record } = wire.get(sequenceNumber) ?? streamRecord();
    return record;
  };
  streams.shard('shard-1', { records: [...wire.keys()].map((number) => [number, 'a'] as const) });
  streams.status = 'DISABLED';
  const server = await startStreamServer(streams);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const rowsOf = async (origin: string, run: (place: string) => Promise<unknown>) => {
    const place = `duckdb:${join(workplace.directory, `${origin}.duckdb`)}`;
    await run(place);
    await using destination = await openDestination(place);
    const { columns, rows } = await destination.query('SELECT * FROM "Orders_changelog" ORDER BY position');
    return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
  };
  const tailrace =
    (...args: readonly string[]) =>
    async (place: string) => {
      const where = ['--destination', place, '--endpoint-url', server.endpointUrl];
      const ended = await workplace.tailrace([...args, ...where]);
      expect(ended.code, ended.stderr).toBe(0);
    };

  const [stream, tail, replay] = await Promise.all([
    rowsOf('stream', async (place) => {
      await using destination = await openDestination(place);
      await destination.prepare(ORDERS, identity.generation);
      const handler = createStreamHandler({ source: ORDERS, destination, deadLetters: loudFake('dead letters', {}) });
      // As Lambda parses it.
      await handler(JSON.parse(JSON.stringify({ Records: records(LAMBDA) })));
    }),
    rowsOf('tail', tailrace('tail', 'Orders')),
    rowsOf('replay', tailrace('replay', 'Orders', '--stream')),
  ]);

  expect(stream).toHaveLength(3);
  expect(stream.map(({ origin, expired }) => [origin, expired])).toEqual([
    ['stream', false],
    ['stream', false],
    ['stream', true],
  ]);
  for (const [origin, rows] of [
    ['tail', tail],
    ['replay', replay],
  ] as const) {
    const same = rows.map(({ ingested_at: _, ...row }) => ({ ...row, origin: 'stream' }));
    expect(same).toEqual(stream.map(({ ingested_at: _, ...row }) => row));
    expect(rows.every((row) => row['origin'] === origin)).toBe(true);
  }
});
