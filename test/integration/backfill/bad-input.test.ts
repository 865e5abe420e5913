import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as timeout } from 'node:timers/promises';
import { DeleteTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createWorkplace } from '../../support/process/tailrace-process.ts';
import { type Dynoxide, startDynoxide } from '../../support/stream/dynoxide.ts';
import { fillTable } from '../../support/stream/table-writer.ts';

let server: Dynoxide;
beforeAll(async () => {
  server = await startDynoxide();
});
afterAll(() => server[Symbol.asyncDispose]());

/** A table, and the real command that reads it into a file that isn't there yet. */
async function stage(items = 5, padding = 50) {
  const place = await createWorkplace({ inProcess: true });
  onTestFinished(() => place[Symbol.asyncDispose]());
  const { name } = await server.createTable();
  await fillTable(server.client, name, items, padding);
  const to = ['--destination', 'duckdb:shop.duckdb'];
  const command = ['backfill', name, '--segments', '2', '--endpoint-url', server.endpointUrl, ...to];
  const list = async () => {
    const { stdout } = await place.tailrace(['snapshots', 'list', name, '--all', '--json', ...to]);
    const lines = stdout.trimEnd().split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line).state);
  };
  return {
    place,
    name,
    command,
    /** What became of each snapshot, oldest first. */
    list,
    file: join(place.directory, 'shop.duckdb'),
    checkpoint: join(place.directory, '.tailrace', name, 'backfill.json'),
  };
}

/** A backfill of six megabytes under way, slow enough for something to happen to it. */
async function underWay() {
  const found = await stage(60, 100_000);
  const running = found.place.start([...found.command, '--rate', '200']);
  // Both first pages are read, and the others are to come.
  await expect.poll(() => existsSync(found.checkpoint), { timeout: 20_000 }).toBe(true);
  await timeout(300);
  return { ...found, running };
}

describe('what is taken away while a backfill reads', () => {
  test('the table: named, and nothing is published or left behind', async () => {
    const { running, name, list, checkpoint } = await underWay();

    await server.client.send(new DeleteTableCommand({ TableName: name }));
    const ended = await running.ended;

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/Table \S+ was deleted while it was read: what was read is discarded/);
    expect(await list()).toEqual(['dropped']);
    expect(existsSync(checkpoint)).toBe(false);
  });

  test('its stream: named, and nothing is published or left behind', async () => {
    const { running, name, list, checkpoint } = await underWay();

    const StreamSpecification = { StreamEnabled: false };
    await server.client.send(new UpdateTableCommand({ TableName: name, StreamSpecification }));
    const ended = await running.ended;

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/The stream of \S+ was switched off meanwhile: what was read is discarded/);
    expect(await list()).toEqual(['dropped']);
    expect(existsSync(checkpoint)).toBe(false);
  });

  test("the snapshot's table: named, nothing is published, and the next run starts over", async () => {
    const { running, place, command, list, file, checkpoint } = await underWay();

    await dropLoads(file);
    const ended = await running.ended;

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/The table of snapshot \S+ was dropped while \S+ was read into it.*run it again/s);
    expect(existsSync(checkpoint)).toBe(false);
    expect((await place.tailrace(command)).stdout).toMatch(/^60 items of .*\nPublished: /);
    expect(await list()).toEqual(['dropped', 'published']);
  });
});

test('a table that is gone since: what was read is kept, as it may be elsewhere, and dropped where that is asked for', async () => {
  const { place, command, name, list, checkpoint } = await stage(60, 100_000);
  await place.tailrace([...command, '--max-read-units', '400']);
  await server.client.send(new DeleteTableCommand({ TableName: name }));

  const again = await place.tailrace(command);
  expect(again).toMatchObject({ code: 2, stdout: '' });
  expect(again.stderr).toMatch(/What was read is saved .*There is no table .*--restart [^`]*` drops what was read/s);
  expect(await list()).toEqual(['unfinished']);
  expect(existsSync(checkpoint)).toBe(true);

  // As a killed run leaves it.
  const rows = join(dirname(checkpoint), 'backfill-rows');
  await mkdir(rows);
  const restarted = await place.tailrace([...command, '--restart']);
  expect(restarted).toMatchObject({ code: 2, stdout: '' });
  expect(restarted.stderr).toMatch(/There is no table .*: what was read of it is discarded/);
  expect(restarted.stderr).not.toContain('is saved');
  expect(existsSync(rows)).toBe(false);
  expect(await list()).toEqual(['dropped']);
  expect(existsSync(checkpoint)).toBe(false);
});

describe('a disk that is full', () => {
  // A limit on the size of files fails as a full disk does: the write is refused, in the middle of it.
  const fullAt = (blocks: number) => `trap "" XFSZ; ulimit -f ${blocks}`;

  test('as the file is made: named, nothing is left behind, and with room it goes well', async () => {
    const { place, command, file } = await stage();

    const full = await place.tailrace(command, { after: fullAt(4) });

    expect(full).toMatchObject({ code: 2, stdout: '' });
    expect(full.stderr).toMatch(/^tailrace: \S+shop\.duckdb can't be written: IO Error: .*Free space on its disk\.\n$/);
    expect(existsSync(file)).toBe(false);
    expect((await place.tailrace(command)).code).toBe(0);
  });

  test('for the state: named, nothing is left behind, and with room it goes well', async () => {
    const { place, command } = await stage();

    const full = await place.tailrace(command, { after: fullAt(0) });

    expect(full).toMatchObject({ code: 2, stdout: '' });
    expect(full.stderr).toMatch(
      /backfill\.lock can not be written: it is larger than .*\. Make room there, and run it again\.\n$/,
    );
    const left = await readdir(place.directory, { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).toEqual([]);
    expect((await place.tailrace(command)).code).toBe(0);
  });

  test('in the middle of a load: named, and the same command resumes with room', async () => {
    const { place, command, list } = await stage(20, 100_000);

    const full = await place.tailrace(command, { after: fullAt(1_500) });
    const before = await list();
    const done = await place.tailrace(command);

    expect(full).toMatchObject({ code: 2, stdout: '' });
    // Whichever comes first: the rows that wait for their load, or the load.
    expect(full.stderr).toMatch(
      /(?:DuckDB failed in|backfill-rows\S+ can't be written: it is larger).*(?:Make room on|Free (?:disk )?space)/,
    );
    expect(full.stderr).toContain('What was read is saved');
    expect(before).toEqual(['unfinished']);
    expect(done.stdout, done.stderr).toMatch(/^20 items of .*\nPublished: /);
    expect(await list()).toEqual(['published']);
  });
});

describe('a checkpoint', () => {
  test.each([
    ['that was cut off', '{"format":"tailrace-backfill', /is not JSON\. .*--restart/],
    ['of another version', '{"format":"tailrace-backfill-checkpoint/9"}', /has another format than .*--restart/],
    ['that is something else', '[]', /is not a checkpoint\. .*--restart/],
  ])('%s is refused by name, before the destination is made, and --restart starts over', async (_, text, words) => {
    const { place, command, file, checkpoint, name } = await stage();
    await mkdir(join(place.directory, '.tailrace', name), { recursive: true });
    await writeFile(checkpoint, text);

    const refused = await place.tailrace(command);

    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(words);
    expect(existsSync(file)).toBe(false);
    expect((await place.tailrace([...command, '--restart'])).code).toBe(0);
  });

  test('of another table, and one for another destination, are refused by name and stay as they are', async () => {
    const { place, command, name, checkpoint } = await stage(60, 100_000);
    await place.tailrace([...command, '--max-read-units', '400']);
    const { name: other } = await server.createTable();

    const state = join('.tailrace', name);
    const foreign = await place.tailrace(['backfill', other, ...command.slice(2), '--state', state]);
    const elsewhere = await place.tailrace([...command.slice(0, -1), 'duckdb:other.duckdb']);

    expect(foreign).toMatchObject({ code: 2, stdout: '' });
    expect(foreign.stderr).toMatch(new RegExp(`Checkpoint \\S+ is of \\S+/${name}, not of \\S+/${other}`));
    expect(elsewhere).toMatchObject({ code: 2, stdout: '' });
    expect(elsewhere.stderr).toContain('is for duckdb:shop.duckdb, not for duckdb:other.duckdb');
    expect(existsSync(checkpoint)).toBe(true);
    expect(await place.files()).not.toContain('other.duckdb');
  });
});

test('a repair that its cap has stopped names a higher one to resume it, and that does', async () => {
  const { place, command, name } = await stage(60, 100_000);
  await place.tailrace(command);
  const repair = ['verify', name, '--repair', ...command.slice(2), '--max-lag', '1'];

  const capped = await place.tailrace([...repair, '--max-read-units', '400']);
  const higher = await place.tailrace([...repair, '--max-read-units', '5000']);

  expect(capped.code).toBe(1);
  expect(capped.stderr).toMatch(/What was read is saved \(\S+\): a higher --max-read-units resumes it, and so does/);
  expect(higher).toMatchObject({ code: 0, stdout: expect.stringContaining('They agree') });
});

test('a missing permission is named, with the action that it forbids', async () => {
  const { place, file } = await stage();
  const principal = 'arn:aws:iam::123456789012:user/ann';
  const denying = createServer((_, response) => {
    const message = `User: ${principal} is not authorized to perform: dynamodb:DescribeTable on resource: x`;
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(
      JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', Message: message, message }),
    );
  });
  denying.listen(0, '127.0.0.1');
  await once(denying, 'listening');
  onTestFinished(() => void denying.close());
  const address = denying.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;

  const ended = await place.tailrace([
    'backfill',
    'orders',
    '--endpoint-url',
    url,
    '--destination',
    'duckdb:shop.duckdb',
  ]);

  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(`tailrace: ${principal} may not dynamodb:DescribeTable on table orders`);
  expect(ended.stderr).toContain('Allow dynamodb:DescribeTable on table orders');
  expect(existsSync(file)).toBe(false);
});

/** Drops all snapshots' tables, as another program would, once it gets the file. */
async function dropLoads(file: string): Promise<void> {
  for (;;) {
    const instance = await DuckDBInstance.create(file).catch(() => null);
    if (instance === null) {
      await timeout(10);
      continue;
    }
    const connection = await instance.connect();
    const found = await connection.runAndReadAll(
      "SELECT table_name FROM duckdb_tables() WHERE starts_with(table_name, 'tailrace_load_')",
    );
    for (const [table] of found.getRows()) await connection.run(`DROP TABLE "${String(table)}"`);
    connection.closeSync();
    instance.closeSync();
    return;
  }
}
