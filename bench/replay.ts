import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { startEmbeddedServer } from '../demo/embedded-server.ts';
import { ORDERS, ordersTable } from '../demo/orders.ts';
import { ShopWriter } from '../demo/shop-writer.ts';
import { systemClock } from '../src/clock.ts';
import { createAwsClients } from '../src/source/aws-clients.ts';
import { AwsTableReader } from '../src/source/aws-table-reader.ts';
import { requireStream } from '../src/source/usable-stream.ts';
import { seeded } from './events.ts';
import { median } from './measure.ts';
import { fixed, type Part, ratio, whole } from './part.ts';
import type { StreamReading } from './replay-reader.ts';

/** A replay of a whole stream against a bare GetRecords loop by the SDK, which throws the records away. */
type ReplayBench = { readonly ours: StreamReading; readonly bare: StreamReading };

const RECORDS = 10_000;
const ROUNDS = 3;
const READER = join(import.meta.dirname, 'replay-reader.ts');

/** Measures replays of a stream, each in a process of its own, of the same server. */
export const replayPart: Part = async () => {
  const { ours, bare } = await replayBench(RECORDS);
  return {
    paragraphs: [
      `Replay of a local stream of ${whole(ours.records)} records: ${fixed(ours.wallMs / 1000)} s and ` +
        `${fixed(ours.cpuMs / 1000)} s of CPU; a bare GetRecords loop by the SDK that throws them away: ` +
        `${fixed(bare.wallMs / 1000)} s and ${fixed(bare.cpuMs / 1000)} s.`,
    ],
    ratios: { replay: { time: ratio(ours.wallMs, bare.wallMs), cpu: ratio(ours.cpuMs, bare.cpuMs) } },
  };
};

async function replayBench(records: number): Promise<ReplayBench> {
  await using server = await startEmbeddedServer();
  using clients = await createAwsClients(server);
  await clients.dynamodb.send(new CreateTableCommand(ordersTable('Orders')));
  const tables = new AwsTableReader(clients.dynamodb, clients.endpoint);
  await tables.enableStream('Orders');
  const writer = new ShopWriter(clients.dynamodb, { shop: ORDERS, name: 'Orders' }, systemClock, seeded());
  await writer.fill(records);
  const { arn } = requireStream(await tables.describe('Orders'));

  const read = async (how: string) => {
    const { stdout } = await promisify(execFile)(process.execPath, [READER, how, server.endpointUrl, arn]);
    return JSON.parse(stdout) as StreamReading;
  };
  const ours: StreamReading[] = [];
  const bare: StreamReading[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await read('bare'));
    ours.push(await read('ours'));
  }
  return { ours: middle(ours), bare: middle(bare) };
}

function middle(readings: readonly StreamReading[]): StreamReading {
  return {
    wallMs: median(readings.map(({ wallMs }) => wallMs)),
    cpuMs: median(readings.map(({ cpuMs }) => cpuMs)),
    records: median(readings.map(({ records }) => records)),
  };
}
