import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runInProcess } from '../../support/process/command-in-process.ts';
import { createWorkplace, type Ended, type Workplace } from '../../support/process/tailrace-process.ts';
import { type Dynoxide, startDynoxide, type TestTable } from '../../support/stream/dynoxide.ts';

/** Part of every item, and of no diagnostic. */
const PLANTED = 'planted-value';

let server: Dynoxide;
let workplace: Workplace;
let table: TestTable;
beforeAll(async () => {
  [server, workplace] = await Promise.all([startDynoxide(), createWorkplace()]);
  table = await server.createTable({ prefix: 'shop' });
});
afterAll(async () => {
  await workplace[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const put = (id: string, price: string) =>
  server.client.send(
    new PutItemCommand({ TableName: table.name, Item: { pk: { S: id }, price: { N: price }, note: { S: PLANTED } } }),
  );

const remove = (id: string) =>
  server.client.send(new DeleteItemCommand({ TableName: table.name, Key: { pk: { S: id } } }));

const options = () => ['--destination', 'duckdb:shop.duckdb', '--endpoint-url', server.endpointUrl];
const latest = () => `${table.name.replaceAll('-', '_')}_latest`;

const tailrace = async (...args: readonly string[]) => {
  const ended = await workplace.tailrace([...args, ...options()]);
  expect(ended.stderr).not.toContain(PLANTED);
  const [command = ''] = args;
  if (args.includes('--json') && command !== 'query') await expectDocumented(command, ended);
  return ended;
};

/** Every object has the names of an example in the command's section of docs/cli.md. */
async function expectDocumented(command: string, ended: Ended): Promise<void> {
  const page = await readFile(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split(`\n### ${command}\n`);
  const examples = [...(section.split('\n### ')[0] ?? '').matchAll(/^\{.*\}$/gm)].map(([line]) =>
    namesIn(JSON.parse(line)),
  );
  for (const object of objects(ended)) expect(examples).toContainEqual(namesIn(object));
}

const namesIn = (object: object) => Object.keys(object).join();

/** From this process: it is asked again and again. */
const query = async (sql: string) =>
  objects(await runInProcess(['query', sql, '--json', ...options()], workplace.directory));
const write = (sql: string) => tailrace('query', sql, '--write');
const objects = ({ stdout }: Ended): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** A tail that has delivered everything written so far. */
const caughtUp = async (items: number) => {
  const tail = workplace.start(['tail', table.name, '--json', ...options()]);
  await expect
    .poll(async () => (await query(`SELECT count(*) AS items FROM ${latest()}`))[0]?.['items'], { timeout: 20_000 })
    .toBe(items);
  return tail;
};

describe('the main job, by the real command', () => {
  test('setup creates what is missing, and nothing the second time', async () => {
    const first = await tailrace('setup', table.name, '--json');
    const second = await tailrace('setup', table.name);

    expect([first.code, second.code, first.stderr, second.stderr]).toEqual([0, 0, '', '']);
    expect(objects(first)[0]).toMatchObject({ table: table.name, stream_enabled: false, dry_run: false });
    expect(second.stdout).toMatch(/^Everything for shop-\w+ is in duckdb:shop\.duckdb\.\n/);
    expect(await workplace.files()).toEqual(['shop.duckdb']);
  });

  test('backfill reads the table and publishes it', async () => {
    for (let index = 0; index < 30; index++) await put(`item-${index}`, `${index}.50`);

    const ended = await tailrace('backfill', table.name, '--json');

    expect(ended.code).toBe(0);
    expect(objects(ended).slice(-1)).toEqual([
      {
        event: 'done',
        table: table.name,
        destination: 'duckdb:shop.duckdb',
        snapshot_id: expect.stringMatching(/^\d{8}t\d{6}z[0-9a-f]{4}$/),
        published: true,
        replaced_snapshot_id: null,
        difference: { added: 30, removed: 0, different: 0, unchanged: 0 },
        resumed: false,
        capped: false,
        items: 30,
        repeated: 0,
        set_aside: 0,
        dead_letters: null,
        read_units: expect.any(Number),
        read_dollars: 0,
        duration_ms: expect.any(Number),
      },
    ]);
    expect(await query(`SELECT item FROM ${latest()} WHERE key = '["item-7"]'`)).toEqual([
      { item: { note: PLANTED, pk: 'item-7', price: 7.5 } },
    ]);
  });

  test('tail follows, while query and status read from other processes, and stops at SIGTERM', async () => {
    await put('item-30', '1');
    const tail = await caughtUp(31);
    await remove('item-0');
    await expect
      .poll(async () => query(`SELECT * FROM ${latest()} WHERE key = '["item-0"]'`), { timeout: 20_000 })
      .toEqual([]);
    const status = await tailrace('status', table.name, '--json');

    const ended = await tail.stop('SIGTERM');

    expect([ended.code, ended.stderr]).toEqual([0, '']);
    await expectDocumented('tail', ended);
    const events = objects(ended);
    expect(events[0]).toMatchObject({ event: 'started', table: table.name, resumed: false });
    expect(events.at(-1)).toEqual({ event: 'stopped', table: table.name, records: 32, set_aside: 0, lost: [] });
    expect(objects(status)[0]).toMatchObject({ items: 30, changes: 32, unproven: null, tail: { lost: [] } });
  });

  test('tail resumes where it stopped', async () => {
    await put('item-31', '2');
    const tail = await caughtUp(31);

    const ended = await tail.stop('SIGINT');

    expect(ended.code).toBe(0);
    expect(objects(ended)[0]).toMatchObject({ event: 'started', resumed: true });
    expect(objects(ended).at(-1)).toMatchObject({ event: 'stopped', records: 1 });
  });

  test('verify proves that both sides agree, while the table is written to', async () => {
    const tail = await caughtUp(31);
    const writing = new AbortController();
    const writes = (async () => {
      for (let index = 0; !writing.signal.aborted; index++) {
        await put(`item-${1 + (index % 29)}`, String(index));
        await sleep(20);
      }
      await put('item-1', '777');
    })();

    const ended = await tailrace('verify', table.name, '--json');
    writing.abort();
    await writes;
    await expect
      .poll(() => query(`SELECT key FROM ${latest()} WHERE item->>'price' = '777'`), { timeout: 20_000 })
      .toHaveLength(1);
    await tail.stop('SIGTERM');

    // On a busy machine some keys may change all the time, and `changing` counts them.
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).not.toContain('warning');
    expect(objects(ended)).toEqual([
      {
        agree: true,
        verdict: 'agree',
        table: table.name,
        items: 31,
        rows: 31,
        missing: 0,
        extra: 0,
        different: 0,
        repeated: 0,
        changing: expect.any(Number),
        unsettled: 0,
        unlisted: 0,
        unexamined: 0,
        compared_whole: expect.any(Number),
        capped: false,
        read_units: expect.any(Number),
        duration_ms: expect.any(Number),
      },
    ]);
  });

  test('verify finds what differs, by key; a backfill repairs what was lost, a tail what is only late', async () => {
    const changelog = latest().replace(/latest$/, 'changelog');
    await write(`DELETE FROM ${changelog} WHERE key IN ('["item-0"]', '["item-30"]', '["item-31"]')`);
    await put('item-2', '999');

    const differing = await tailrace('verify', table.name, '--json', '--max-lag', '1');
    const repair = await tailrace('backfill', table.name, '--json');
    const tail = workplace.start(['tail', table.name, ...options()]);
    await expect
      .poll(() => query(`SELECT key FROM ${latest()} WHERE item->>'price' = '999'`), { timeout: 20_000 })
      .toHaveLength(1);
    await tail.stop('SIGTERM');
    const agreeing = await tailrace('verify', table.name, '--json', '--max-lag', '1');

    expect(differing.code).toBe(1);
    const findings = objects(differing).slice(0, -1);
    expect(findings.map(({ finding, key }) => `${finding} ${key}`).sort()).toEqual([
      'different ["item-2"]',
      'extra ["item-0"]',
      'missing ["item-30"]',
      'missing ["item-31"]',
    ]);
    expect(objects(differing).at(-1)).toMatchObject({ agree: false, missing: 2, extra: 1, different: 1 });
    expect(objects(repair).at(-1)).toMatchObject({ items: 31, replaced_snapshot_id: expect.any(String) });
    expect([repair.code, agreeing.code]).toEqual([0, 0]);
  });

  test('a second replay changes nothing in the latest view', async () => {
    const record = {
      eventID: '1',
      eventName: 'MODIFY',
      eventSource: 'aws:dynamodb',
      eventSourceARN: table.streamArn,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(Date.now() / 1000) - 3_600,
        Keys: { pk: { S: 'item-3' } },
        NewImage: { pk: { S: 'item-3' }, note: { S: PLANTED } },
        SequenceNumber: '1',
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    };
    await writeFile(join(workplace.directory, 'event.json'), JSON.stringify({ Records: [record] }));
    const replay = () => tailrace('replay', table.name, '--file', 'event.json', '--json');
    const before = await query(`SELECT * FROM ${latest()} ORDER BY key`);

    const [first, second] = [await replay(), await replay()];

    expect([first.code, second.code, first.stderr + second.stderr]).toEqual([0, 0, '']);
    expect(await query(`SELECT * FROM ${latest()} ORDER BY key`)).toEqual(before);
  });

  test('verify --sample compares a part of both sides', async () => {
    const sample = await tailrace('verify', table.name, '--sample', '50', '--json', '--max-lag', '1');

    expect([sample.code, sample.stderr]).toEqual([0, '']);
    expect(objects(sample)).toEqual([
      expect.objectContaining({ verdict: 'agree', sample: 50, parts: 32, total_parts: 64 }),
    ]);
  });

  test('verify --repair reports what differs, and makes the latest view stand on what it read', async () => {
    // As if its changes were older than the five minutes before the scan, which still count.
    await write(`DELETE FROM ${latest().replace(/latest$/, 'changelog')} WHERE key = '["item-3"]'`);
    await remove('item-3');

    const repair = await tailrace('verify', table.name, '--repair', '--json', '--max-lag', '1');
    const agreeing = await tailrace('verify', table.name, '--repair', '--max-lag', '1');
    const snapshots = objects(await tailrace('snapshots', 'list', table.name, '--json'));

    const [finding, summary] = objects(repair);
    // On a busy machine its progress is noted, too.
    expect(repair.code, repair.stderr).toBe(1);
    expect(repair.stderr).not.toContain('warning');
    expect(finding).toEqual({ finding: 'extra', key: '["item-3"]' });
    expect(summary).toMatchObject({ verdict: 'differ', extra: 1, repaired: true, left: 0, difference: { removed: 1 } });
    expect([agreeing.code, agreeing.stderr]).toEqual([0, '']);
    expect(agreeing.stdout).toContain('Nothing was repaired.');
    expect(snapshots.at(-2)).toMatchObject({ snapshot_id: summary?.['snapshot_id'], state: 'published', kind: 'scan' });
  });
});
