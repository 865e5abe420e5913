import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ReplayOptions, replay } from '../../../../../cli/commands/replay.ts';
import type { Destination } from '../../../../../src/destination/destination.ts';
import { TailraceError } from '../../../../../src/errors.ts';
import { streamArn } from '../../../../../src/order/stream-arn.ts';
import { type Published, unpublished } from '../../../../../src/snapshot/published.ts';
import type { TableReader } from '../../../../../src/source/table-reader.ts';
import type { StreamClient } from '../../../../../src/stream/stream-client.ts';
import { hurriedClock } from '../../../../support/clock/simple-clocks.ts';
import { MemoryChangelog } from '../../../../support/memory/changelog.ts';
import { commandStage, INVOCATION } from '../../../../support/stages/command-stage.ts';
import { MemoryFailedBatches } from '../../../../support/stages/replay-stage.ts';
import { failureRecord } from '../../../../support/stream/failure-record.ts';
import { oneShardStream } from '../../../../support/stream/one-shard-stream.ts';
import { STREAM_ARN, streamRecord, TABLE_ARN } from '../../../../support/stream/record.ts';
import { tableDescription } from '../../../../support/stream/table-description.ts';
import { STORAGE } from '../../../../support/values/shop.ts';
import { factsOf } from '../../../../support/values/snapshot-facts.ts';

const SHARD = 'shardId-00000001';
const NOW = Date.parse('2026-01-02T04:00:00Z');

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'tailrace-replay-'));
});
afterEach(() => rm(state, { recursive: true }));

type Parts = {
  readonly changelog?: MemoryChangelog;
  readonly destination?: Partial<Destination>;
  readonly failedBatches?: MemoryFailedBatches;
  readonly streamArn?: string;
  readonly mappings?: number;
  readonly signal?: AbortSignal;
  readonly describe?: TableReader['describe'];
  readonly streams?: Partial<StreamClient>;
};

/** A stream of one closed shard with the records 1 to 6 on three pages, read again from each of them. */
function stageOf({
  changelog = new MemoryChangelog(),
  destination = {},
  streamArn = STREAM_ARN,
  describe = async () => tableDescription(),
  streams = {},
  ...rest
}: Parts = {}) {
  const record = (sequenceNumber: string) => streamRecord({ sequenceNumber, envelope: { eventSourceARN: undefined } });
  const pages = [
    ['1', '2'],
    ['3', '4'],
    ['5', '6'],
  ].map((page) => page.map(record));
  const stream = oneShardStream(streamArn, pages, { closed: true });
  const stage = commandStage({
    clock: hurriedClock(NOW),
    ...rest,
    tables: { describe, serverTime: (name) => describe(name).then(() => NOW) },
    streams: {
      ...stream,
      describe: async (arn) => ({ ...(await stream.describe(arn)), arn }),
      iterator: async (_arn, _shard, start) =>
        start.at === 'TRIM_HORIZON' ? '0' : String(Math.floor(Number(start.sequenceNumber) / 2)),
      ...streams,
    },
    destination: {
      append: (table, rows) => changelog.append(table, rows),
      prepare: async () => ({ created: [] }),
      published: async () => undefined,
      sources: async () => [],
      ...destination,
    },
  });
  const run = (options: Partial<ReplayOptions> = {}, json = false) =>
    replay(
      {
        ...INVOCATION,
        state,
        table: 'Orders',
        input: { from: 'stream' },
        streamArn: undefined,
        dryRun: false,
        ...options,
      },
      stage.dependencies,
      stage.output(json),
    );
  return { ...stage, changelog, run };
}

const numbers = ({ rows }: MemoryChangelog) => rows.map(({ sequenceNumber }) => sequenceNumber);
const range = (from: string | null = null, to: string | null = null) =>
  ({ from: 'shard', range: { shardId: SHARD, from, to } }) as const;

describe.each([
  ['the whole stream', { from: 'stream' } as const, 'replay-stream.json'],
  ['a shard', range(), `replay-${SHARD}-start-end.json`],
  ['a range of a shard', range('1', '6'), `replay-${SHARD}-1-6.json`],
])('a replay of %s', (_, input, file) => {
  test('brings everything in and leaves no state behind', async () => {
    const stage = stageOf();

    expect(await stage.run({ input })).toBe(0);

    expect(numbers(stage.changelog)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(await readdir(state)).toEqual([]);
    expect(stage.stdout.lines).toEqual(['6 records of Orders delivered, 0 set aside.']);
  });

  test('that failed half way resumes behind the last durable record', async () => {
    let calls = 0;
    const changelog = new MemoryChangelog();
    const failing = stageOf({
      destination: {
        async append(table, rows) {
          if (++calls === 2) throw new TailraceError('destination-unavailable', 'Injected: away');
          return changelog.append(table, rows);
        },
      },
    });
    await expect(failing.run({ input })).rejects.toMatchObject({ kind: 'destination-unavailable' });
    expect(await readdir(state)).toEqual([file]);

    const stage = stageOf({ changelog });
    expect(await stage.run({ input })).toBe(0);

    expect(stage.stderr.text).toContain('Resuming where the last replay was stopped');
    expect(new Set(numbers(changelog))).toEqual(new Set(['1', '2', '3', '4', '5', '6']));
    expect(numbers(changelog).filter((number) => number === '1')).toHaveLength(1);
    expect(await readdir(state)).toEqual([]);
  });

  test('that was stopped half way of another stream is not passed over in silence', async () => {
    const failing = stageOf({ changelog: new MemoryChangelog({ faults: ['none', 'refuse'] }) });
    await expect(failing.run({ input })).rejects.toMatchObject({ kind: 'destination-unavailable' });

    const earlier = `${TABLE_ARN}/stream/2025-12-01T00:00:00.000`;
    await writeFile(join(state, file), (await readFile(join(state, file), 'utf8')).replaceAll(STREAM_ARN, earlier));

    const stage = stageOf();
    expect(await stage.run({ input })).toBe(0);

    expect(numbers(stage.changelog)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(stage.stderr.text).toContain(`A replay of ${earlier} was stopped half way; its checkpoint is copied to`);
    expect(stage.stderr.text).toContain(`tailrace replay Orders --stream --stream-arn ${earlier}`);
  });

  test('reports again the losses that it found before it was stopped', async () => {
    const failing = stageOf({ changelog: new MemoryChangelog({ faults: ['none', 'refuse'] }) });
    await expect(failing.run({ input })).rejects.toMatchObject({ kind: 'destination-unavailable' });
    const path = join(state, file);
    const loss = {
      shard_id: 'shardId-0',
      at: 'TRIM_HORIZON',
      sequence_number: null,
      before: '1',
      noticed_at: '2026-01-02T00:00:00.000Z',
    };
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), lost: [loss] }));

    const stage = stageOf();
    expect(await stage.run({ input })).toBe(1);

    expect(stage.stdout.text).toContain('the stream has dropped it: shard shardId-0 from its beginning to below 1.');
  });

  test('is refused where its state is for another destination', async () => {
    const failing = stageOf({ changelog: new MemoryChangelog({ faults: ['none', 'refuse'] }) });
    await expect(failing.run({ input })).rejects.toMatchObject({ kind: 'destination-unavailable' });

    await expect(stageOf({ destination: { name: 'duckdb:other' } }).run({ input })).rejects.toMatchObject({
      kind: 'state-invalid',
    });
  });

  test('with --dry-run counts, makes nothing in the destination and saves no state', async () => {
    const stage = stageOf({
      destination: { prepare: () => Promise.reject(new Error('Nothing was expected to be made')) },
    });

    expect(await stage.run({ input, dryRun: true })).toBe(0);

    expect(stage.changelog.rows).toEqual([]);
    expect(stage.stdout.lines).toEqual(['6 records of Orders would be delivered, 0 would be set aside.']);
    expect(await readdir(state)).toEqual([]);
  });

  test.each([false, true])('is refused where the destination has an earlier table, dry run %j', async (dryRun) => {
    const stage = stageOf({
      destination: { sources: async () => [{ ...tableDescription().table, tableId: 'of the earlier table' }] },
    });

    await expect(stage.run({ input, dryRun })).rejects.toMatchObject({
      kind: 'destination-conflict',
      remedy: expect.stringContaining('`tailrace remove TABLE`'),
    });

    expect(stage.changelog.rows).toEqual([]);
  });

  test('is refused where the stream that was named is an earlier table’s', async () => {
    const stage = stageOf();

    // The table was created on 2026-01-02.
    const streamArn = `${TABLE_ARN}/stream/2026-01-01T23:00:00.000`;
    await expect(stage.run({ input, streamArn })).rejects.toMatchObject({ kind: 'record-foreign' });

    expect(stage.changelog.rows).toEqual([]);
  });

  test('stopped by the signal ends as such', async () => {
    const stopping = new AbortController();
    const stage = stageOf({
      signal: stopping.signal,
      destination: {
        async append() {
          stopping.abort();
          return [];
        },
      },
    });

    await expect(stage.run({ input })).rejects.toMatchObject({ kind: 'interrupted' });
  });
});

describe('a replay from the stream of a table that was deleted', () => {
  const gone = new TailraceError('source-table-missing', 'There is no table Orders');
  const { table: source, createdAt } = tableDescription();
  const known = { source, seen: { createdAt, streams: [streamArn(STREAM_ARN).label] }, changelog: STORAGE };
  const deleted = (parts: Parts = {}) =>
    stageOf({ describe: () => Promise.reject(gone), destination: { known: async () => known }, ...parts });

  test.each([{ from: 'stream' } as const, range(), range('1', '6')])(
    'brings everything in that the stream has, where the destination knows both: %o',
    async (input) => {
      const stage = deleted();

      expect(await stage.run({ streamArn: STREAM_ARN, input })).toBe(0);

      expect(numbers(stage.changelog)).toEqual(['1', '2', '3', '4', '5', '6']);
    },
  );

  test('names the stream that is to be given', async () => {
    await expect(deleted().run()).rejects.toMatchObject({
      kind: 'source-table-missing',
      remedy: expect.stringContaining(`\`tailrace replay Orders --stream --stream-arn ${STREAM_ARN}\``),
    });
  });

  test("is refused where the stream is an earlier table's, or the destination never saw the table", async () => {
    const earlier = `${TABLE_ARN}/stream/2026-01-01T23:00:00.000`;
    await expect(deleted().run({ streamArn: earlier })).rejects.toMatchObject({ kind: 'record-foreign' });

    const unknown = deleted({ destination: { known: async () => ({ source, seen: null, changelog: STORAGE }) } });
    await expect(unknown.run({ streamArn: STREAM_ARN })).rejects.toBe(gone);
    expect(unknown.changelog.rows).toEqual([]);
  });

  test("reports that a stream is gone with its table, and doesn't suggest setup", async () => {
    const stage = deleted({ streams: { describe: () => Promise.reject(new TailraceError('stream-missing', 'gone')) } });

    await expect(stage.run({ streamArn: STREAM_ARN })).rejects.toMatchObject({
      message: `Stream ${STREAM_ARN} is gone, as its table is`,
      remedy: expect.not.stringContaining('setup'),
    });
  });
});

describe('a replay from the stream', () => {
  test("of another table's stream is refused before anything is made", async () => {
    const stage = stageOf({ destination: { prepare: () => Promise.reject(new Error('Nothing was to be made')) } });
    const other = STREAM_ARN.replace('/Orders/', '/Customers/');

    await expect(stage.run({ streamArn: other })).rejects.toMatchObject({ kind: 'record-foreign' });
  });

  test('warns where it is a reader too many', async () => {
    const stage = stageOf({ mappings: 2 });

    await stage.run();

    expect(stage.stderr.text).toContain('2 Lambdas read the stream of Orders');
  });

  /** A stage whose records, of 03:04:05, are from before the floor of what is published. */
  const stageOver = (published: Partial<Published>, readingFloor?: string) => {
    const floor = Date.parse('2026-01-02T03:30:00Z');
    const begun = factsOf({ snapshotId: 'reading', floor: Date.parse(readingFloor ?? '') });
    return stageOf({
      destination: {
        published: async () => ({ ...unpublished(1), floor, ...published }),
        ledger: async () =>
          readingFloor === undefined ? [] : [{ ...begun, at: NOW, event: 'started', actor: 'somebody' }],
      },
    });
  };
  const FOLD = { snapshotId: 'fold', reading: 'reading' };

  test('counts what is older than the published reading, which has what these changes left', async () => {
    const stage = stageOver({ snapshotId: 'reading', reading: 'reading' });

    expect(await stage.run({}, true)).toBe(0);
    expect(JSON.parse(stage.stdout.text)).toMatchObject({ records: 6, below_floor: 6, past_horizon: 0 });

    expect(await stage.run()).toBe(0);
    expect(stage.stderr.text).toContain('6 records changed before 2026-01-02T03:30:00Z, the floor');
  });

  test.each<[string, Partial<Published>, string?]>([
    ['a compaction of changes alone', { snapshotId: 'fold' }],
    ['a compaction of an earlier reading', FOLD, '2026-01-02T03:00:00Z'],
    ['a compaction of a reading that is not known', FOLD],
  ])('names what can not count over %s, and the backfill that repairs it, and exits 1', async (_name, ...over) => {
    const stage = stageOver(...over);

    expect(await stage.run({}, true)).toBe(1);
    expect(JSON.parse(stage.stdout.text)).toMatchObject({ records: 6, below_floor: 6, past_horizon: 6 });

    const again = stageOver(...over);
    expect(await again.run()).toBe(1);
    expect(again.stdout.text).toContain('6 records changed before 2026-01-02T03:30:00Z, the horizon of a compaction');
    expect(again.stdout.text).toContain('`tailrace backfill Orders`');
    expect(again.stderr.text).not.toContain('without effect');
  });

  test('counts as past the horizon only what the reading of a compaction does not make up for', async () => {
    const stage = stageOver(FOLD, '2026-01-02T03:20:00Z');

    expect(await stage.run({}, true)).toBe(0);

    expect(JSON.parse(stage.stdout.text)).toMatchObject({ below_floor: 6, past_horizon: 0 });
  });
});

describe('a replay of what failures left behind', () => {
  const event = { Records: [streamRecord({ sequenceNumber: '9' })] };

  test('names what is lost and what was left, and exits 1', async () => {
    const failedBatches = new MemoryFailedBatches({
      'message 1': event,
      'message 2': failureRecord({ shardId: SHARD, from: '1', to: '2', batchSize: 5 }),
      'message 3': 'a note',
    });
    const stage = stageOf({ failedBatches });

    expect(await stage.run({ input: { from: 'queue', url: 'https://queue' } })).toBe(1);

    expect(stage.stdout.lines).toEqual([
      `Not recoverable, the stream has dropped it: shard ${SHARD} from 1 to 2, 3 records. Run \`tailrace backfill Orders\`.`,
      'Left as it was: message 3 is not JSON. What can be replayed: an event, records, the output of get-records, a failure record, or a dead letter.',
      '3 records of Orders delivered, 0 set aside.',
      '1 range not recoverable.',
      '1 left as it was.',
    ]);
    expect([failedBatches.acknowledged, failedBatches.left]).toEqual([['message 1'], ['message 2', 'message 3']]);
    expect(failedBatches.isClosed).toBe(true);
  });

  test('needs no DynamoDB where the destination knows the table and the records are there', async () => {
    const stage = stageOf({
      failedBatches: new MemoryFailedBatches({ object: event }),
      destination: { sources: async () => [{ name: 'Orders', arn: TABLE_ARN, tableId: 'x' }] },
    });

    expect(await stage.run({ input: { from: 's3', bucket: { bucket: 'failures', prefix: '' } } })).toBe(0);

    expect(stage.doings.some((doing) => doing.startsWith('connect'))).toBe(false);
  });

  test('makes nothing where there is nothing', async () => {
    const stage = stageOf({
      failedBatches: new MemoryFailedBatches({}),
      destination: { prepare: () => Promise.reject(new Error('Nothing was to be made')) },
    });

    expect(await stage.run({ input: { from: 'queue', url: 'https://queue' } })).toBe(0);

    expect(stage.stdout.lines).toEqual(['No records in https://queue: nothing was written.']);
  });

  test('with --dry-run acknowledges nothing, and gives all of it back', async () => {
    const failedBatches = new MemoryFailedBatches({ 'message 1': event });
    const stage = stageOf({ failedBatches });

    expect(await stage.run({ input: { from: 'queue', url: 'https://queue' }, dryRun: true })).toBe(0);

    expect([failedBatches.acknowledged, failedBatches.isClosed]).toEqual([[], true]);
    expect(stage.stdout.lines).toEqual(['1 record of Orders would be delivered, 0 would be set aside.']);
  });
});
