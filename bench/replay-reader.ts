import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { systemClock } from '../src/clock.ts';
import { createStreamHandler } from '../src/delivery/stream-handler.ts';
import { silentLog } from '../src/log.ts';
import { streamArn } from '../src/order/stream-arn.ts';
import { systemRandom } from '../src/random.ts';
import { deliver } from '../src/replay/deliver.ts';
import { streamSource } from '../src/replay/stream-source.ts';
import { createAwsClients } from '../src/source/aws-clients.ts';
import { AwsStreamClient } from '../src/stream/aws-stream-client.ts';
import { newCheckpoint } from '../src/stream/checkpoint.ts';

/** Time that a process took to read a stream, and the number of records. */
export type StreamReading = { readonly wallMs: number; readonly cpuMs: number; readonly records: number };

const [, , how, endpointUrl = '', arn = ''] = process.argv;
// Clients are made and code is loaded before the clock starts: a replay of any size does that once.
const read = how === 'ours' ? await replay() : await bareLoop();
const cpu = process.cpuUsage();
const began = performance.now();
const records = await read();
const { user, system } = process.cpuUsage(cpu);
const reading: StreamReading = { wallMs: performance.now() - began, cpuMs: (user + system) / 1000, records };
process.stdout.write(`${JSON.stringify(reading)}\n`, () => process.exit());

/** A replay of the whole stream into a destination that takes everything at once. */
async function replay(): Promise<() => Promise<number>> {
  const clients = await createAwsClients({ endpointUrl });
  const { tableArn, tableName } = streamArn(arn);
  const handler = createStreamHandler({
    source: { name: tableName, arn: tableArn, tableId: null },
    destination: { append: async () => [] },
    deadLetters: { put: () => Promise.reject(new Error('Every record can be written')) },
    origin: 'replay',
  });
  return async () => {
    let count = 0;
    const source = streamSource({
      client: new AwsStreamClient(clients.streams, clients.endpoint),
      checkpoint: newCheckpoint(arn, 'bench'),
      save: async () => {},
      events: { lost: () => {}, refused: () => {} },
      startedAt: Date.now(),
      quietPages: 1,
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
    });
    const onPage = (page: { readonly records: readonly unknown[] }) => {
      count += page.records.length;
    };
    await deliver(source, { handlerFor: () => handler, signal: new AbortController().signal, onPage });
    return count;
  };
}

/** The obvious program: the SDK's calls, one after the other, with nothing done to the records. */
async function bareLoop(): Promise<() => Promise<number>> {
  const client = new DynamoDBStreamsClient({
    endpoint: endpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return async () => {
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: arn }));
    let count = 0;
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      const start = { StreamArn: arn, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
      let { ShardIterator } = await client.send(new GetShardIteratorCommand(start));
      while (ShardIterator) {
        const page = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 1_000 }));
        if (!page.Records?.length) break;
        count += page.Records.length;
        ShardIterator = page.NextShardIterator;
      }
    }
    return count;
  };
}
