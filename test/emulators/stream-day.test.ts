import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { runVerify } from '../../backfill/verify.ts';
import { systemClock } from '../../src/clock.ts';
import { createStreamHandler } from '../../src/delivery/stream-handler.ts';
import type { Destination } from '../../src/destination/destination.ts';
import { silentLog } from '../../src/log.ts';
import { identity } from '../../src/privacy/transform.ts';
import { systemRandom } from '../../src/random.ts';
import { deliver } from '../../src/replay/deliver.ts';
import { findGaps } from '../../src/replay/gaps.ts';
import { type RangePage, readRange } from '../../src/replay/read-range.ts';
import { streamSource } from '../../src/replay/stream-source.ts';
import { type AwsClients, createAwsClients } from '../../src/source/aws-clients.ts';
import { AwsTableReader } from '../../src/source/aws-table-reader.ts';
import type { SourceTable } from '../../src/source/source-table.ts';
import { requireStream } from '../../src/source/usable-stream.ts';
import { AwsStreamClient } from '../../src/stream/aws-stream-client.ts';
import { type Checkpoint, newCheckpoint } from '../../src/stream/checkpoint.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/stream/checkpoint-format.ts';
import { type FollowResult, followStream } from '../../src/stream/follow.ts';
import { duckdbPlace } from '../support/duckdb-place.ts';
import { MemoryDeadLetters } from '../support/memory-dead-letters.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type DynamoDbLocal, startDynamoDbLocal } from './dynamodb-local.ts';

/** Of the server's clock: a shard rolls every 12 seconds, and what is a day old is gone after 72. */
const SPEED = 1_200;

/** In which the server lives through some 30 hours. */
const WRITING_MS = 92_000;

const install = inject('dynamoDbLocal');

describe.skipIf(install === null)('more than a day of a stream that rolls, closes, trims and expires', () => {
  let server: DynamoDbLocal;
  let clients: AwsClients;
  let tables: AwsTableReader;
  let streams: AwsStreamClient;
  beforeAll(async () => {
    if (install === null) throw new Error('There is no DynamoDB Local to test on');
    server = await startDynamoDbLocal(install, SPEED);
    clients = await createAwsClients({ endpointUrl: server.endpointUrl }, {});
    tables = new AwsTableReader(clients.dynamodb, clients.place);
    streams = new AwsStreamClient(clients.streams, clients.place);
  });
  afterAll(async () => {
    clients[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  const parts = { clock: systemClock, random: systemRandom, log: silentLog };
  const destinationOf = async (table: SourceTable): Promise<Destination> => {
    const place = await duckdbPlace();
    onTestFinished(() => place[Symbol.asyncDispose]());
    const destination = await place.open();
    onTestFinished(() => destination[Symbol.asyncDispose]());
    await destination.prepare(table, 1);
    return destination;
  };
  const handlerOf = (source: SourceTable, destination: Destination) =>
    createStreamHandler({ source, destination, deadLetters: new MemoryDeadLetters(), clock: systemClock });
  const reading = async (table: SourceTable, streamArn: string) => ({
    ...parts,
    client: streams,
    streamArn,
    startedAt: await tables.serverTime(table.name),
    quietPages: 3,
  });
  const verdict = async (table: SourceTable, destination: Destination) => {
    const signal = new AbortController().signal;
    const options = {
      ...parts,
      reader: tables,
      destination,
      transform: identity,
      segments: 2,
      lagMs: 0,
      spool: temporaryFolder(),
      signal,
    };
    return (await runVerify({ ...options, table: table.name })).verdict;
  };
  const missing = async (table: SourceTable, destination: Destination, streamArn: string) => {
    const options = await reading(table, streamArn);
    const signal = new AbortController().signal;
    await using gaps = await findGaps(
      {
        ...options,
        table,
        destination,
        transform: identity,
        isParked: () => false,
        settledUntil: options.startedAt,
        events: { lost: () => {} },
        signal,
        onProgress: () => {},
      },
      systemRandom.hex(16),
    );
    return gaps.counts;
  };

  /** A reader that is stopped and started again, with nothing but its checkpoint's text in between. */
  class Tail {
    saved: string;
    readonly #options: { readonly source: SourceTable; readonly destination: Destination };

    constructor(source: SourceTable, streamArn: string, destination: Destination) {
      this.#options = { source, destination };
      this.saved = encodeCheckpoint(newCheckpoint(streamArn, destination.name));
    }

    async follow(ms: number): Promise<FollowResult> {
      const stopping = new AbortController();
      const following = followStream({
        ...parts,
        client: streams,
        checkpoint: checkpointOf(this.saved),
        save: async (checkpoint) => {
          this.saved = encodeCheckpoint(checkpoint);
        },
        handler: handlerOf(this.#options.source, this.#options.destination),
        signal: stopping.signal,
      });
      await sleep(ms);
      stopping.abort();
      return following;
    }
  }

  test('tail and replay, stopped and started again, agree with the table at the end', {
    timeout: 240_000,
  }, async () => {
    const table = await createTable(clients);
    const { arn: streamArn } = requireStream(await tables.describe(table.name));
    const writing = write(clients, table.name, Date.now() + WRITING_MS);
    const [followed, replayed, slept] = [
      await destinationOf(table),
      await destinationOf(table),
      await destinationOf(table),
    ];
    const tail = new Tail(table, streamArn, followed);
    const sleeper = new Tail(table, streamArn, slept);

    const begun = await sleeper.follow(6_000);
    const results = [begun];
    let isWriting = true;
    void writing.then(() => {
      isWriting = false;
    });
    for (let round = 0; isWriting; round++) {
      results.push(await tail.follow(5_000 + (round % 3) * 3_000));
      await sleep(1_500);
    }
    await writing;
    // From here on nothing is lost any more, however long a busy machine takes.
    await server.slowDown();
    const slowFrom = await tables.serverTime(table.name);
    results.push(await tail.follow(10_000));
    expect((await tables.serverTime(table.name)) - slowFrom).toBeLessThan(10 * 60_000);

    expect(results.flatMap(({ lost }) => lost)).toEqual([]);
    const { shards } = await streams.describe(streamArn);
    expect(shards.length).toBeGreaterThan(4);
    expect(await verdict(table, followed)).toBe('agree');
    expect(await missing(table, followed, streamArn)).toMatchObject({ missing: 0, 'in-flight': 0 });

    // What it had begun a day before is gone: it says so, and goes on with what there is.
    const woken = await sleeper.follow(20_000);
    expect(begun.records).toBeGreaterThan(0);
    expect(woken.lost.length).toBeGreaterThan(0);
    expect(await verdict(table, slept)).toBe('agree');

    // A replay that is stopped after its first pages and gone on with.
    let saved = encodeCheckpoint(newCheckpoint(streamArn, replayed.name));
    const losses: unknown[] = [];
    for (const stopAfter of [2, 5, Number.POSITIVE_INFINITY]) {
      const stopping = new AbortController();
      let pages = 0;
      const source = streamSource({
        ...(await reading(table, streamArn)),
        checkpoint: checkpointOf(saved),
        save: async (checkpoint) => {
          saved = encodeCheckpoint(checkpoint);
        },
        events: { lost: (loss) => void losses.push(loss), refused: () => {} },
      });
      const delivering = deliver(source, {
        handlerFor: () => handlerOf(table, replayed),
        signal: stopping.signal,
        onPage: () => {
          if (++pages >= stopAfter) stopping.abort();
        },
      });
      await delivering.catch((error: unknown) => expect(error).toMatchObject({ kind: 'interrupted' }));
    }
    expect(losses).toEqual([]);
    expect(await verdict(table, replayed)).toBe('agree');
    expect(await missing(table, replayed, streamArn)).toMatchObject({ missing: 0 });

    // The batch that a failure record of the first hour would name.
    const [lost] = woken.lost;
    const shardId = lost?.shardId ?? '';
    const from = lost && lost.start.at !== 'TRIM_HORIZON' ? lost.start.sequenceNumber : '000000000000000000001';
    const range = { of: 'range', streamArn, shardId, from, to: from, batchSize: 1, firstArrivalAt: null } as const;
    const signal = new AbortController().signal;
    const pages: RangePage[] = [];
    for await (const page of readRange(range, await reading(table, streamArn), signal)) pages.push(page);
    expect(pages.flatMap(({ records }) => records)).toEqual([]);
    expect(pages.at(-1)?.loss).toMatchObject({ shardId, records: 1 });
  });
});

function checkpointOf(text: string): Checkpoint {
  const checkpoint = decodeCheckpoint(text);
  if ('problem' in checkpoint) throw new Error(`The checkpoint ${checkpoint.problem}`);
  return checkpoint;
}

async function createTable({ dynamodb }: AwsClients): Promise<SourceTable> {
  const { TableDescription } = await dynamodb.send(
    new CreateTableCommand({
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  return { name: 'orders', arn: TableDescription?.TableArn ?? '', tableId: TableDescription?.TableId ?? null };
}

/** Some twenty changes a second of thirty-one items, one in five of them a removal. */
async function write({ dynamodb }: AwsClients, TableName: string, until: number): Promise<void> {
  for (let change = 0; Date.now() < until; change++) {
    const id = { S: `order-${(change * 7) % 31}` };
    const Item = { id, change: { N: String(change) }, nested: { M: { n: { N: '1.50' } } } };
    if (change % 5 === 4) await dynamodb.send(new DeleteItemCommand({ TableName, Key: { id } }));
    else await dynamodb.send(new PutItemCommand({ TableName, Item }));
    await sleep(40);
  }
}
