import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as timeout } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compareSequenceNumbers } from '../../src/order/position.ts';
import { sequenceNumberOf } from '../../src/record/decode.ts';
import { decodeCheckpoint } from '../../src/stream/checkpoint-format.ts';
import { createWorkplace, type Workplace } from '../support/process/tailrace-process.ts';
import { type Dynoxide, startDynoxide, type TestTable } from '../support/stream/dynoxide.ts';
import { failureRecord } from '../support/stream/failure-record.ts';
import { type Fauxqs, startFauxqs } from '../support/stream/fauxqs.ts';
import { type StreamContent, streamContent } from '../support/stream/stream-content.ts';
import { fillTable, keepWriting } from '../support/stream/table-writer.ts';
import { KILLS } from '../support/vitest/budget.ts';

const ITEMS = 1_500;
/** Large enough that the stream takes many pages. */
const PADDING = 3_000;
/** Records to a failed batch. */
const BATCH = 100;

let server: Dynoxide;
let places: Fauxqs;
let table: TestTable;
let stream: StreamContent;
let workplace: Workplace;
/** How long an undisturbed run takes here and now, in milliseconds. */
let runMs: number;
beforeAll(async () => {
  [server, places] = await Promise.all([startDynoxide(), startFauxqs()]);
  table = await server.createTable();
  await fillTable(server.client, table.name, ITEMS, PADDING);
  stream = await streamContent(server, table);
  await using scratch = await createWorkplace();
  const began = performance.now();
  await scratch.tailrace(command('replay', '--stream'));
  runMs = performance.now() - began;
});
beforeEach(async () => {
  workplace = await createWorkplace({ inProcess: true });
});
afterEach(() => workplace[Symbol.asyncDispose]());
afterAll(() => Promise.all([server[Symbol.asyncDispose](), places[Symbol.asyncDispose]()]));

const command = (name: string, ...args: readonly string[]) => [
  ...[name, table.name, ...args, '--json'],
  ...['--destination', 'duckdb:shop.duckdb', '--endpoint-url', server.endpointUrl],
];

describe('killed at random moments and started again, a replay', () => {
  test('of a whole stream never passes over what is not durable, and brings everything in', async () => {
    const args = command('replay', '--stream');

    await killAgainAndAgain(args, () => expectCheckpointBehind('replay-stream.json'));

    await expectDone(args);
    expect(await workplace.files()).not.toContain('replay-stream.json');
  });

  test('of a directory leaves its files alone, and brings everything in', async () => {
    const directory = join(workplace.directory, 'failures');
    await mkdir(directory);
    const events = batches().map((records) => JSON.stringify({ Records: records }));
    await Promise.all(events.map((text, index) => writeFile(join(directory, `${1_000 + index}.json`), text)));
    const args = command('replay', '--file', 'failures');

    await killAgainAndAgain(args);

    await expectDone(args);
    const kept = events.map((_, index) => readFile(join(directory, `${1_000 + index}.json`), 'utf8'));
    expect(await Promise.all(kept)).toEqual(events);
  });

  test("of Lambda's failure objects leaves them alone, and brings everything in", async () => {
    places.createBucket('failures');
    const objects = batches().map((Records) => failureRecord({ ...rangeOf(Records), payload: { Records } }));
    await Promise.all(objects.map((object, index) => places.put('failures', `aws/lambda/m/${1_000 + index}`, object)));
    const args = command('replay', '--s3', 's3://failures/aws/lambda/');

    await killAgainAndAgain(args);

    await expectDone(args);
    expect(Object.keys(await places.objects('failures'))).toHaveLength(objects.length);
  });

  test('of a queue deletes no message whose records are not durable, and brings everything in', async () => {
    const queue = await places.createQueue('failures');
    for (const records of batches()) await places.send(queue, failureRecord(rangeOf(records)));
    const args = command('replay', '--queue', queue);

    await killAgainAndAgain(args, async () => {
      const waiting = places.bodies(queue);
      const durable = await numbersInChangelog();
      for (const records of batches()) {
        if (waiting.includes(JSON.stringify(failureRecord(rangeOf(records))))) continue;
        const numbers = records.map((record) => sequenceNumberOf(record));
        expect(numbers.filter((number) => number === null || !durable.has(number))).toEqual([]);
      }
      // The dead process's messages become visible again ten minutes later.
      await places.show(queue);
    });

    await expectDone(args);
    expect(places.bodies(queue)).toEqual([]);
  });
});

test('killed at random moments while the table is written to, a tail never passes over what is not durable, and nothing is missing', async () => {
  const before = table;
  table = await server.createTable();
  try {
    await fillTable(server.client, table.name, 300);
    const writing = keepWriting(server.client, table.name, 300);
    const tail = command('tail');

    await killAgainAndAgain(tail, () => expectCheckpointBehind('tail.json'));
    await writing.stop();

    const running = workplace.start(tail);
    await expect
      .poll(async () => (await workplace.tailrace(command('gaps', '--max-lag', '0'))).code, { timeout: 30_000 })
      .toBe(0);
    expect((await running.stop('SIGTERM')).code).toBe(0);
    const verify = await workplace.tailrace(command('verify', '--max-lag', '1'));
    expect(verify.code, verify.stdout).toBe(0);
  } finally {
    table = before;
  }
});

/**
 * Starts a command and kills it at a random moment of its run, time after time. Every other time the
 * destination is locked for the last second: whatever it takes for durable by then would be acknowledged too early.
 */
async function killAgainAndAgain(
  args: readonly string[],
  afterEachKill: () => Promise<void> = async () => {},
): Promise<void> {
  let spanMs = runMs;
  let kills = 0;
  for (let round = 0; kills < KILLS && round < KILLS * 10; round++) {
    const began = performance.now();
    const running = workplace.start(args, { env: places.env });
    await Promise.race([timeout(spanMs * (0.2 + 0.8 * Math.random())), running.ended]);
    const lastedMs = performance.now() - began;
    const release = round % 2 === 0 ? await keepDestination() : () => {};
    const { code, stderr } = await running.stop('SIGKILL');
    release();
    if (code === null) kills++;
    else {
      expect(code, stderr).toBe(0);
      // It was faster than thought.
      spanMs = Math.min(spanMs, lastedMs);
    }
    await afterEachKill();
  }
  expect(kills).toBe(KILLS);
}

/** Holds the destination's file for a second and on, if there is one yet; gives what releases it. */
async function keepDestination(): Promise<() => void> {
  while ((await workplace.files()).includes('shop.duckdb')) {
    const instance = await openFile().catch(() => null);
    if (instance === null) {
      await timeout(5);
      continue;
    }
    await timeout(1_000);
    return () => instance.closeSync();
  }
  return () => {};
}

const openFile = () => DuckDBInstance.create(join(workplace.directory, 'shop.duckdb'));

/** A last run, undisturbed, after which nothing is missing. */
async function expectDone(args: readonly string[]): Promise<void> {
  const done = await workplace.tailrace(args, { env: places.env });
  expect(done.code, done.stderr).toBe(0);
  const gaps = await workplace.tailrace(command('gaps', '--max-lag', '0'));
  expect(JSON.parse(gaps.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ streamed: ITEMS, missing: 0 });
}

/** Everything up to where a checkpoint would go on is in the changelog. */
async function expectCheckpointBehind(name: string): Promise<void> {
  const text = await readFile(join(workplace.directory, '.tailrace', table.name, name), 'utf8').catch(() => null);
  if (text === null) return;
  const checkpoint = decodeCheckpoint(text);
  if ('problem' in checkpoint) throw new Error(`The checkpoint ${checkpoint.problem}`);
  const durable = await numbersInChangelog();
  const { records } = await streamContent(server, table);
  const numbers = records.flatMap((record) => sequenceNumberOf(record) ?? []);
  for (const { resume } of checkpoint.shards.values()) {
    if (resume.at !== 'AFTER_SEQUENCE_NUMBER') continue;
    const passed = numbers.filter((number) => compareSequenceNumbers(number, resume.sequenceNumber) <= 0);
    expect(passed.filter((number) => !durable.has(number))).toEqual([]);
  }
}

/** The sequence numbers of the changelog's rows, as another process sees them after the first one's death. */
async function numbersInChangelog(): Promise<ReadonlySet<string>> {
  if (!(await workplace.files()).includes('shop.duckdb')) return new Set();
  const instance = await openFile();
  const connection = await instance.connect();
  try {
    const name = `${table.name.replaceAll('-', '_')}_changelog`;
    const found = await connection.runAndReadAll(`SELECT 1 FROM duckdb_tables() WHERE table_name = '${name}'`);
    if (found.currentRowCount === 0) return new Set();
    const rows = await connection.runAndReadAll(`SELECT sequence_number FROM "${name}"`);
    return new Set(rows.getRows().map(([number]) => String(number)));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The stream's records in failed batches, as Lambda had them. */
function batches(): readonly (readonly unknown[])[] {
  const { records } = stream;
  const count = Math.ceil(records.length / BATCH);
  return Array.from({ length: count }, (_, index) => records.slice(index * BATCH, (index + 1) * BATCH));
}

function rangeOf(records: readonly unknown[]) {
  const [from, to] = [records[0], records.at(-1)].map((record) => sequenceNumberOf(record));
  return { streamArn: table.streamArn ?? '', shardId: stream.shardId, from, to, batchSize: records.length };
}
