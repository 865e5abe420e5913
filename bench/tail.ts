import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchWriteItemCommand, CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startEmbeddedServer } from '../demo/embedded-server.ts';
import { keyOf, newOrder, ordersTable } from '../demo/orders.ts';
import { openDestination } from '../src/destinations.ts';
import { createAwsClients } from '../src/source/aws-clients.ts';
import { AwsTableReader } from '../src/source/aws-table-reader.ts';
import { canonicalKey } from '../src/value/key.ts';
import { seeded } from './events.ts';
import { type Part, whole } from './part.ts';

/** How old changes are when a query sees them first, in milliseconds since their write was acknowledged. */
type Freshness = {
  readonly changes: number;
  /** The writer's actual rate: less than asked for where the machine is too busy. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
};

const TABLE = 'Orders';
const LAUNCHER = join(import.meta.dirname, '..', 'bin', 'tailrace.js');

/** Changes to a write request. */
const BATCH = 10;
/** Write requests under way at once. */
const LANES = 2;

const WARM_UP_SECONDS = 2;

/** Between two looks of the reader, which needs the file to itself, as the tail does. */
const LOOK_EVERY_MS = 25;

/** A change that hasn't come by then won't. */
const GIVE_UP_MS = 30_000;

/** See {@link tailBench}. */
export const tailPart: Part = async () => {
  const { changes, perSecond, p50Ms, p99Ms, maxMs } = await tailBench();
  return {
    paragraphs: [
      `\`tail\` into DuckDB at ${whole(perSecond)} changes a second: of ${whole(changes)}, half are seen by a query of ` +
        `another process within ${whole(p50Ms)} ms of their acknowledgement, 99 % within ${whole(p99Ms)} ms, all within ` +
        `${whole(maxMs)} ms.`,
    ],
    ratios: {
      tail: {
        changes_per_second: Math.round(perSecond),
        freshness_p50_ms: Math.round(p50Ms),
        freshness_p99_ms: Math.round(p99Ms),
        freshness_max_ms: Math.round(maxMs),
      },
    },
  };
};

/**
 * Measures how fresh a DuckDB file is that the real `tailrace tail` fills from a local server, each a process of its own,
 * while this one writes, and polls the file for them.
 */
async function tailBench(perSecond = 1_000, seconds = 20): Promise<Freshness> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-bench-'));
  const database = join(directory, 'dynamodb.sqlite');
  await using server = await startEmbeddedServer(database);
  indexStream(database);
  using clients = await createAwsClients(server);
  await clients.dynamodb.send(new CreateTableCommand(ordersTable(TABLE)));
  await new AwsTableReader(clients.dynamodb, clients.endpoint).enableStream(TABLE);
  const name = `duckdb:${join(directory, 'shop.duckdb')}`;
  const args = [LAUNCHER, 'tail', TABLE, '--destination', name, '--endpoint-url', server.endpointUrl, '--json'];
  const tail = spawn(process.execPath, args, { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(tail, 'close');
  try {
    await once(tail.stdout, 'data');
    tail.stdout.resume();
    const load = { perSecond, count: perSecond * (WARM_UP_SECONDS + seconds) };
    const began = performance.now();
    const [seen, acknowledged] = await Promise.all([watch(name, load.count), write(clients.dynamodb, load)]);
    const counted = [...acknowledged].slice(perSecond * WARM_UP_SECONDS);
    const ages = counted.map(([key, at]) => Math.max(0, (seen.get(key) ?? Number.NaN) - at));
    const took = Math.max(...acknowledged.values()) - began;
    return { ...spreadOf(ages), perSecond: (acknowledged.size * 1_000) / took };
  } finally {
    tail.kill('SIGTERM');
    await ended;
    await rm(directory, { recursive: true });
  }
}

/** The server looks through the table's whole stream at each write; with an index for that it takes 1,000 a second. */
function indexStream(database: string): void {
  const file = new DatabaseSync(database);
  const number = 'CAST(sequence_number AS INTEGER)';
  file.exec(`CREATE INDEX bench_last ON _stream_records (table_name, ${number})`);
  file.exec(`CREATE INDEX bench_page ON _stream_records (table_name, shard_id, ${number})`);
  file.close();
}

type Load = { readonly perSecond: number; readonly count: number };

/** Writes orders by a schedule. Returns when each was acknowledged, by its key. */
async function write(client: DynamoDBClient, { perSecond, count }: Load): Promise<ReadonlyMap<string, number>> {
  const random = seeded();
  const acknowledged = new Map<string, number>();
  const began = performance.now();
  let begun = 0;
  const lane = async () => {
    while (begun < count) {
      const from = begun;
      begun += BATCH;
      await sleep(Math.max(0, began + (from * 1_000) / perSecond - performance.now()));
      const orders = Array.from({ length: BATCH }, (_, index) => newOrder(from + index, random));
      const puts = orders.map((Item) => ({ PutRequest: { Item } }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: puts } }));
      const now = performance.now();
      for (const order of orders) acknowledged.set(canonicalKey(keyOf(order)), now);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return acknowledged;
}

/** Polls until `count` changes are there. Returns when each was first seen, by its key. */
async function watch(name: string, count: number): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>();
  let newsAt = performance.now();
  while (seen.size < count) {
    await sleep(LOOK_EVERY_MS);
    const keys = await keysFrom(name, seen.size);
    const now = performance.now();
    for (const key of keys) seen.set(key, now);
    if (keys.length > 0) newsAt = now;
    if (now - newsAt > GIVE_UP_MS) throw new Error(`Of ${count} changes, ${seen.size} came`);
  }
  return seen;
}

/** Opens the file for one look and releases it, as `tailrace query` does. */
async function keysFrom(name: string, row: number): Promise<readonly string[]> {
  await using destination = await openDestination(name);
  const { rows } = await destination.query(`SELECT key FROM "${TABLE}_changelog" WHERE rowid >= ${row}`);
  return rows.map(([key]) => String(key));
}

function spreadOf(ages: readonly number[]) {
  const sorted = ages.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { changes: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}
