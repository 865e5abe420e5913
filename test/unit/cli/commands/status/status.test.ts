import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StatusOptions, status } from '../../../../../cli/commands/status/status.ts';
import { findOtherTable } from '../../../../../cli/warnings/other-table.ts';
import type { Destination } from '../../../../../src/destination/destination.ts';
import { TailraceError } from '../../../../../src/errors.ts';
import { positionOf } from '../../../../../src/order/position.ts';
import type { LedgerEvent } from '../../../../../src/snapshot/ledger.ts';
import { unpublished } from '../../../../../src/snapshot/published.ts';
import type { TableReader } from '../../../../../src/source/table-reader.ts';
import { newCheckpoint } from '../../../../../src/stream/checkpoint.ts';
import { encodeCheckpoint } from '../../../../../src/stream/checkpoint-format.ts';
import { loudFake } from '../../../../support/memory/loud-fake.ts';
import { commandStage, INVOCATION } from '../../../../support/stages/command-stage.ts';
import { ORDERS, STREAM_ARN, TABLE_ARN } from '../../../../support/stream/record.ts';
import { tableDescription } from '../../../../support/stream/table-description.ts';
import { publishedReading } from '../../../../support/values/published.ts';

const LABEL = '2026-01-02T03:04:05.678';
const LATER_LABEL = '2026-02-02T03:04:05.678';
const CHANGED_AT = Date.UTC(2026, 0, 3, 10);
const MINUTE = 60_000;

const PUBLISHED = publishedReading('20260103t090000z0123', Date.UTC(2026, 0, 3, 8, 55));

const LEDGER_EVENT: LedgerEvent = {
  at: CHANGED_AT,
  event: 'started',
  tableName: 'Orders',
  tableArn: TABLE_ARN,
  tableId: null,
  snapshotId: '20260101t090000z0123',
  kind: 'scan',
  streamArn: `${TABLE_ARN}/stream/${LABEL}`,
  startedAt: CHANGED_AT,
  floor: CHANGED_AT,
  from: CHANGED_AT,
  reading: '20260101t090000z0123',
  folded: null,
  generation: 1,
  baseSnapshotId: null,
  itemCount: null,
  actor: 'someone@somewhere',
};

let state: string;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'tailrace-status-'));
});
afterAll(() => rm(state, { recursive: true }));

function stageOf(parts: Partial<Destination> = {}, tables?: Partial<TableReader>) {
  const stage = commandStage({
    ...(tables && { tables, isAsked: true }),
    now: CHANGED_AT + 2 * MINUTE,
    destination: {
      sources: async () => [ORDERS],
      ledger: async () => [],
      published: async () => PUBLISHED,
      countLatest: async () => 40,
      changelogStatus: async () => ({
        rows: 120,
        recentRows: 7,
        newestChangedAt: CHANGED_AT,
        newestIngestedAt: CHANGED_AT + 800,
        newestPosition: positionOf(LABEL, '700'),
      }),
      ...parts,
    },
  });
  const run = (options: Partial<StatusOptions> = {}, json = false) =>
    status(
      {
        ...INVOCATION,
        state: join(state, 'none'),
        table: 'Orders',
        maxLag: undefined,
        watch: false,
        s3: undefined,
        ...options,
      },
      stage.dependencies,
      stage.output(json),
    );
  return { ...stage, run };
}

describe('status', () => {
  test('shows a complete table, and warns of nothing', async () => {
    const stage = stageOf();

    expect(await stage.run()).toBe(0);

    expect(stage.stdout.lines).toEqual([
      `table          Orders (${TABLE_ARN})`,
      'table id       not known: no command has asked DynamoDB yet',
      'items          40',
      'changes        120, of which 7 ingested since 2026-01-03T06:55:00Z',
      'newest change  2026-01-03T10:00:00Z, 2 min ago',
      'lag            2 min by the newest change (quiet table or stopped reader)',
      'freshness      800 ms (times of changes are whole seconds)',
      'snapshot       20260103t090000z0123, changes count from 2026-01-03T08:55:00Z',
      'tail           no checkpoint here',
      'dead letters   not known from here: name the bucket of the Lambda with --s3',
    ]);
    expect(stage.stderr.text).toBe('');
  });

  test('gives a script one object per table', async () => {
    const stage = stageOf();

    await stage.run({ table: undefined }, true);

    expect(stage.stdout.lines.map((line) => JSON.parse(line))).toEqual([
      {
        table: 'Orders',
        table_arn: TABLE_ARN,
        table_id: null,
        seen_streams: [],
        other_table: null,
        foreign_snapshots: 0,
        ledger_problem: null,
        destination: 'duckdb:test.duckdb',
        changes: 120,
        recent_changes: 7,
        recent_since: '2026-01-03T06:55:00Z',
        items: 40,
        newest_changed_at: '2026-01-03T10:00:00Z',
        newest_change_age_ms: 120_000,
        lag_ms: 120_000,
        lag_by: 'newest change',
        freshness_ms: 800,
        newest_stream_label: LABEL,
        snapshot_id: '20260103t090000z0123',
        snapshot_floor: '2026-01-03T08:55:00Z',
        snapshot_stream_label: LABEL,
        unproven: null,
        tail: null,
        dead_letters: null,
        dead_letter_places: [],
      },
    ]);
  });

  test.each([
    ['before the first snapshot', { published: async () => unpublished(1) }, /No snapshot of Orders is published/],
    [
      'when a change came by a later stream than the snapshot was read under',
      { published: async () => ({ ...PUBLISHED, streamLabel: '2025-12-31T00:00:00.000' }) },
      /Changes of Orders since its stream 2026-01-02T03:04:05.678 began are unproven/,
    ],
    [
      'when the changelog was made again since the snapshot',
      {
        known: async () => ({
          source: ORDERS,
          seen: null,
          changelog: { partition: 'day' as const, historyDays: 400, keptSince: (PUBLISHED.from ?? 0) + 1 },
        }),
      },
      /The state of Orders lacks changes that were ingested before 2026-01-03T/,
    ],
  ])('says %s that a backfill is needed', async (_, parts, message) => {
    const stage = stageOf(parts);

    expect(await stage.run()).toBe(0);

    expect(stage.stderr.text).toMatch(message);
    expect(stage.stderr.text).toContain('Run `tailrace backfill Orders`');
  });

  describe('with a server on this machine', () => {
    const stored = { ...tableDescription().table, tableId: 'of the earlier table' };
    const sources = async () => [stored];

    test('reports that the table was created again, and the way out', async () => {
      const stage = stageOf({ sources }, { describe: async () => tableDescription() });

      expect(await stage.run()).toBe(0);

      expect(stage.stderr.text).toContain('warning: Table Orders was deleted and created again');
      expect(stage.stderr.text).toContain('`tailrace remove Orders`');
      expect(stage.stdout.text).toContain('table id       of the earlier table');

      await stage.run({}, true);
      expect(JSON.parse(stage.stdout.lines.at(-1) ?? '')).toMatchObject({
        table_id: 'of the earlier table',
        other_table: expect.stringContaining('created again'),
      });
    });

    test.for<[string, TableReader['describe']]>([
      ['has the same table', async () => ({ ...tableDescription(), table: stored })],
      ['is away', () => Promise.reject(new TailraceError('source-unavailable', 'Injected: away'))],
      ['has no such table', () => Promise.reject(new TailraceError('source-table-missing', 'Injected: no table'))],
    ])('says nothing of it where the server %s', async ([, describe]) => {
      const stage = stageOf({ sources }, { describe });

      expect(await stage.run()).toBe(0);

      expect(stage.stderr.text).toBe('');
    });

    test('does not wait for one that never answers', async () => {
      const tables = loudFake<TableReader>('tables', { describe: () => new Promise(() => {}) });

      expect(await findOtherTable(stored, { tables }, { sleep: async () => {} })).toBeUndefined();
    });
  });

  test('warns of snapshots of an earlier table that still exist', async () => {
    const begun = { ...LEDGER_EVENT, tableId: 'of the earlier table' };
    const sources = async () => [{ ...ORDERS, tableId: 'of the new table' }];
    const stage = stageOf({ sources, ledger: async () => [begun] });

    await stage.run();

    expect(stage.stderr.text).toContain('1 snapshot of another table named Orders still exists');
    expect(stage.stderr.text).toContain('`tailrace snapshots list Orders`');
  });

  test.each([
    ['since the tail over the published snapshot begins', PUBLISHED, PUBLISHED.from],
    ['all, before the first snapshot', unpublished(1), null],
  ])('asks for the recent rows of the changelog: %s', async (_, published, since) => {
    const asked: unknown[] = [];
    const stage = stageOf({
      published: async () => published,
      changelogStatus: async (_table, from) => {
        asked.push(from);
        return { rows: null, recentRows: 7, newestChangedAt: null, newestIngestedAt: null, newestPosition: null };
      },
    });

    await stage.run();

    expect(asked).toEqual([since]);
    expect(stage.stdout.text).toContain(
      since === null ? 'changes        7\n' : 'changes        7 ingested since 2026-01-03T06:55:00Z\n',
    );
  });

  test('without a change since the snapshot, the lag is by the snapshot', async () => {
    const nothing = { rows: 120, recentRows: 0, newestChangedAt: null, newestIngestedAt: null, newestPosition: null };
    const stage = stageOf({ changelogStatus: async () => nothing });

    expect(await stage.run({ maxLag: 60 * MINUTE })).toBe(1);

    expect(stage.stdout.lines.slice(4, 6)).toEqual([
      'newest change  none since the snapshot',
      'lag            1 h 7 min by the snapshot: no change has come since (quiet table or stopped reader)',
    ]);
    expect(stage.stderr.text).toContain(
      'Orders is 1 h 7 min behind by its snapshot, as no change has come since; a quiet table looks the same',
    );
    expect(await stage.run({ maxLag: 70 * MINUTE })).toBe(0);
  });

  test('shows no times of an empty changelog', async () => {
    const nothing = { rows: 0, recentRows: 0, newestChangedAt: null, newestIngestedAt: null, newestPosition: null };
    const stage = stageOf({ changelogStatus: async () => nothing, published: async () => unpublished(1) });

    await stage.run({}, true);

    expect(JSON.parse(stage.stdout.text)).toMatchObject({ newest_changed_at: null, lag_ms: null, freshness_ms: null });
  });

  test('refuses a table that the destination does not hold', async () => {
    await expect(stageOf().run({ table: 'Customers' })).rejects.toMatchObject({
      kind: 'destination-missing',
      message: 'Nothing of table Customers is in duckdb:test.duckdb',
    });
  });

  test('reports a destination without tables', async () => {
    const stage = stageOf({ sources: async () => [] });

    expect(await stage.run({ table: undefined })).toBe(0);

    expect(stage.stdout.text).toBe('');
    expect(stage.stderr.lines).toEqual(['Nothing is in duckdb:test.duckdb yet.']);
  });

  test('shows the state directory: how far tail has come, what it lost, and the dead letters', async () => {
    const directory = join(state, 'shared');
    const checkpoint = newCheckpoint(STREAM_ARN.replace(LABEL, LATER_LABEL), 'duckdb:test.duckdb');
    checkpoint.shards.set('shard-1', {
      parentId: null,
      resume: { at: 'TRIM_HORIZON' },
      done: true,
      absentAt: null,
      presentAt: null,
    });
    checkpoint.shards.set('shard-2', {
      parentId: null,
      resume: { at: 'TRIM_HORIZON' },
      done: false,
      absentAt: null,
      presentAt: null,
    });
    checkpoint.lost.push({
      shardId: 'shard-1',
      start: { at: 'TRIM_HORIZON' },
      before: '9',
      to: null,
      records: null,
      noticedAt: CHANGED_AT,
    });
    await mkdir(join(directory, 'dead-letters'), { recursive: true });
    await writeFile(join(directory, 'tail.json'), encodeCheckpoint(checkpoint));
    await writeFile(join(directory, 'dead-letters', 'letter.json'), '{}');
    const stage = stageOf();

    await stage.run({ state: directory }, true);

    expect(JSON.parse(stage.stdout.text)).toMatchObject({
      newest_stream_label: LATER_LABEL,
      tail: { shards: 2, open_shards: 1, lost: ['shard shard-1 from its beginning to below 9'] },
      dead_letters: 1,
    });
    expect(stage.stderr.text).toContain(`since its stream ${LATER_LABEL} began are unproven`);
    expect(stage.stderr.text).toContain('shard shard-1');
  });

  test('refuses a file that is no checkpoint, by its path', async () => {
    const directory = join(state, 'broken');
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'tail.json'), '{}');

    await expect(stageOf().run({ state: directory })).rejects.toMatchObject({ kind: 'state-invalid' });
  });
});
