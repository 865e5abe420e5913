import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { startEmbeddedServer } from '../demo/embedded-server.ts';
import { ordersTable } from '../demo/shop.ts';
import { ShopWriter } from '../demo/shop-writer.ts';
import { systemClock } from '../src/clock.ts';
import { createAwsClients } from '../src/source/aws-clients.ts';
import { AwsTableReader } from '../src/source/aws-table-reader.ts';
import { requireStream } from '../src/source/usable-stream.ts';
import { seeded } from './events.ts';
import { median } from './measure.ts';
import type { StreamReading } from './replay-reader.ts';

/** A replay of a whole stream against a bare GetRecords loop by the SDK, which throws the records away. */
export type ReplayBench = { readonly ours: StreamReading; readonly bare: StreamReading };

const ROUNDS = 3;
const READER = join(import.meta.dirname, 'replay-reader.ts');

/** Measures replays of a stream of so many records, each in a process of its own, of the same server. */
export async function replayBench(records = 10_000): Promise<ReplayBench> {
  await using server = await startEmbeddedServer();
  using clients = await createAwsClients(server);
  await clients.dynamodb.send(new CreateTableCommand(ordersTable('Orders')));
  const tables = new AwsTableReader(clients.dynamodb, clients.place);
  await tables.enableStream('Orders');
  await new ShopWriter(clients.dynamodb, 'Orders', systemClock, seeded()).fill(records);
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
