import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ReplayOptions, replay } from '../../../../../cli/commands/replay.ts';
import { MemoryChangelog } from '../../../../support/memory/changelog.ts';
import { commandStage, INVOCATION } from '../../../../support/stages/command-stage.ts';
import { STREAM_ARN, streamRecord, TABLE_ARN } from '../../../../support/stream/record.ts';

let state: string;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'tailrace-replay-'));
});
afterAll(() => rm(state, { recursive: true }));

const SOURCE = { name: 'Orders', arn: TABLE_ARN, tableId: null };

function stageOf(records: readonly unknown[]) {
  const changelog = new MemoryChangelog();
  const prepared: unknown[] = [];
  const stage = commandStage({
    files: { 'event.json': JSON.stringify({ Records: records }) },
    destination: {
      append: (table, rows) => changelog.append(table, rows),
      async prepare(table) {
        prepared.push(table);
        return { created: [] };
      },
      published: async () => undefined,
    },
  });
  const run = (options: Partial<ReplayOptions> = {}, json = false) =>
    replay(
      {
        ...INVOCATION,
        state,
        table: 'Orders',
        input: { from: 'file', path: 'event.json' },
        streamArn: undefined,
        dryRun: false,
        ...options,
      },
      stage.dependencies,
      stage.output(json),
    );
  return { ...stage, changelog, prepared, run };
}

describe('replay', () => {
  test("delivers a file's records through the stream handler, creating what is missing", async () => {
    const stage = stageOf([streamRecord(), streamRecord({ operation: 'REMOVE' })]);

    expect(await stage.run()).toBe(0);

    expect(stage.prepared).toEqual([SOURCE]);
    expect(stage.changelog.rows.map(({ operation, origin }) => [operation, origin])).toEqual([
      ['MODIFY', 'replay'],
      ['REMOVE', 'replay'],
    ]);
    expect(stage.stdout.lines).toEqual(['2 records of Orders delivered, 0 set aside.']);
  });

  test('takes records that do not name their stream, given it', async () => {
    const stage = stageOf([streamRecord({ envelope: { eventSourceARN: undefined } })]);

    expect(await stage.run({ streamArn: STREAM_ARN })).toBe(0);

    expect(stage.changelog.rows).toHaveLength(1);
  });

  test('stores what can never be written as dead letters, says where, and exits 1', async () => {
    const stage = stageOf([streamRecord(), streamRecord({ newImage: { id: { N: 'planted' } } })]);

    expect(await stage.run({}, true)).toBe(1);

    const directory = join(state, 'dead-letters');
    expect(JSON.parse(stage.stdout.text)).toEqual({
      table: 'Orders',
      from: 'file',
      records: 2,
      delivered: 1,
      set_aside: 1,
      dead_letters: directory,
      lost: 0,
      refused: 0,
      below_floor: 0,
      past_horizon: 0,
      dry_run: false,
    });
    expect(await readdir(directory)).toHaveLength(1);
    expect(stage.stderr.text).not.toContain('planted');
    expect(stage.stderr.lines.at(-1)).toMatch(
      /^Next: `tailrace dead-letters list Orders` .*`tailrace dead-letters replay Orders --all`/,
    );
  });

  test('of a file without records writes nothing, and succeeds', async () => {
    const stage = stageOf([]);

    expect(await stage.run()).toBe(0);

    expect(stage.doings).toEqual([]);
    expect(stage.stdout.lines).toEqual(['No records in event.json: nothing was written.']);
  });

  test('with --dry-run says what would be delivered, and opens nothing', async () => {
    const stage = stageOf([streamRecord(), streamRecord({ newImage: { id: { N: 'x' } } })]);

    expect(await stage.run({ dryRun: true })).toBe(1);

    expect(stage.doings).toEqual([]);
    expect(stage.stdout.lines).toEqual(['1 record of Orders would be delivered, 1 would be set aside.']);
  });

  const otherTable = STREAM_ARN.replace('/Orders/', '/Customers/');
  const otherAccount = STREAM_ARN.replace('123456789012', '999999999999');
  test.each([
    ["another table's", [streamRecord({ streamArn: otherTable })], 'record-foreign'],
    ["two tables'", [streamRecord(), streamRecord({ streamArn: otherTable })], 'record-foreign'],
    ["another account's", [streamRecord(), streamRecord({ streamArn: otherAccount })], 'record-foreign'],
    [
      "another service's",
      [streamRecord(), streamRecord({ envelope: { eventSource: 'aws:kinesis' } })],
      'event-invalid',
    ],
    ['of no stream', [streamRecord({ streamArn: 'not an ARN' })], 'event-invalid'],
    ['KEYS_ONLY', [streamRecord(), streamRecord({ body: { StreamViewType: 'KEYS_ONLY' } })], 'stream-view-type'],
  ])('refuses %s records before the destination is opened', async (_, records, kind) => {
    const stage = stageOf(records);

    await expect(stage.run()).rejects.toMatchObject({ kind });

    expect(stage.doings).toEqual([]);
  });

  test.each([
    ['no JSON', 'not JSON {"planted"'],
    ['no event', '{"planted":1}'],
    ['empty', ''],
  ])('refuses a file that is %s, without quoting it', async (_, text) => {
    const stage = commandStage({ files: { '-': text } });
    const options = {
      ...INVOCATION,
      state,
      table: 'Orders',
      input: { from: 'file', path: '-' } as const,
      streamArn: undefined,
      dryRun: false,
    };

    const failure = await replay(options, stage.dependencies, stage.output()).catch((error: unknown) => error);

    expect(failure).toMatchObject({ kind: 'event-invalid' });
    expect(String(failure)).not.toContain('planted');
  });
});
