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
import { type Python, type PythonRoute, preparePython } from './python.ts';

/**
 * A backfill of one size against a bare scan of the same table by the SDK, which throws the items away, and against what
 * one would write in Python; `null` where there is no Python, or the table is too large for that way.
 */
export type BackfillBench = {
  readonly items: number;
  readonly ours: Reading;
  readonly bare: Reading;
  readonly pandas: Reading | null;
  readonly csv: Reading | null;
};

const ROUNDS = 3;
/** The CSV way takes four times as long for twice the items. */
const MOST_FOR_CSV = 100_000;
/** As the launcher, bin/tailrace.js, sets them. */
const LAUNCHER_FLAGS = ['--semi-space-growth-factor=1', '--heap-growing-percent=50'];
const READER = join(import.meta.dirname, 'backfill-reader.ts');

/** Measures backfills into DuckDB, each in a process of its own, against other ways to read the same server. */
export async function backfillBench(sizes: readonly number[]): Promise<readonly BackfillBench[]> {
  const python = await preparePython();
  const results: BackfillBench[] = [];
  for (const items of sizes) results.push(await oneSize(items, python));
  return results;
}

async function oneSize(items: number, python: Python | null): Promise<BackfillBench> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-bench-'));
  await using server = await startEmbeddedServer();
  try {
    using clients = await createAwsClients(server);
    await clients.dynamodb.send(new CreateTableCommand(ordersTable('Orders')));
    await new ShopWriter(clients.dynamodb, 'Orders', systemClock, seeded()).fill(items);
    await new AwsTableReader(clients.dynamodb, clients.place).enableStream('Orders');

    const read = async (how: string, round: number) => {
      const file = join(directory, `${round}.duckdb`);
      const flags = how === 'ours' ? LAUNCHER_FLAGS : [];
      const { stdout } = await promisify(execFile)(process.execPath, [...flags, READER, how, server.endpointUrl, file]);
      return JSON.parse(stdout) as Reading;
    };
    const ours: Reading[] = [];
    const bare: Reading[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await read('bare', round));
      ours.push(await read('ours', round));
    }
    const byPython = (route: PythonRoute) =>
      python?.(route, server.endpointUrl, join(directory, `${route}.csv`)) ?? null;
    const pandas = await byPython('pandas');
    const csv = items > MOST_FOR_CSV ? null : await byPython('csv');
    return { items, ours: middle(ours), bare: middle(bare), pandas, csv };
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
