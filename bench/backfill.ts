import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { startEmbeddedServer } from '../demo/embedded-server.ts';
import { ordersTable } from '../demo/shop.ts';
import { ShopWriter } from '../demo/shop-writer.ts';
import { systemClock } from '../src/clock.ts';
import { createAwsClients } from '../src/source/aws-clients.ts';
import { AwsTableReader } from '../src/source/aws-table-reader.ts';
import type { Reading } from './backfill-reader.ts';
import { seeded } from './events.ts';
import { median } from './measure.ts';

/** A backfill of one size against a bare scan of the same table by the SDK, which throws the items away. */
export type BackfillBench = { readonly items: number; readonly ours: Reading; readonly bare: Reading };

const ROUNDS = 3;
const READER = join(import.meta.dirname, 'backfill-reader.ts');

/** Measures backfills into DuckDB, each in a process of its own, against bare scans of the same server and segments. */
export async function backfillBench(sizes: readonly number[]): Promise<readonly BackfillBench[]> {
  const results: BackfillBench[] = [];
  for (const items of sizes) results.push(await oneSize(items));
  return results;
}

async function oneSize(items: number): Promise<BackfillBench> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-bench-'));
  await using server = await startEmbeddedServer();
  try {
    using clients = await createAwsClients(server);
    await clients.dynamodb.send(new CreateTableCommand(ordersTable('Orders')));
    await new ShopWriter(clients.dynamodb, 'Orders', systemClock, seeded()).fill(items);
    await new AwsTableReader(clients.dynamodb, clients.place).enableStream('Orders');

    const read = async (how: string, round: number) => {
      const file = join(directory, `${round}.duckdb`);
      const { stdout } = await promisify(execFile)(process.execPath, [READER, how, server.endpointUrl, file]);
      return JSON.parse(stdout) as Reading;
    };
    const ours: Reading[] = [];
    const bare: Reading[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await read('bare', round));
      ours.push(await read('ours', round));
    }
    return { items, ours: middle(ours), bare: middle(bare) };
  } finally {
    await rm(directory, { recursive: true });
  }
}

function middle(readings: readonly Reading[]): Reading {
  return {
    wallMs: median(readings.map(({ wallMs }) => wallMs)),
    cpuMs: median(readings.map(({ cpuMs }) => cpuMs)),
    peakMb: median(readings.map(({ peakMb }) => peakMb)),
  };
}
