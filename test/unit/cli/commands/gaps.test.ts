import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GapsOptions, gaps } from '../../../../cli/commands/gaps.ts';
import type { StreamedChange } from '../../../../src/changelog/streamed-change.ts';
import type { GapCounts, GapRange } from '../../../../src/destination/gap-finder.ts';
import { TailraceError } from '../../../../src/errors.ts';
import type { StreamClient } from '../../../../src/stream/stream-client.ts';
import { hurriedClock } from '../../../support/clock/simple-clocks.ts';
import { MemoryChangelog } from '../../../support/memory/changelog.ts';
import { commandStage, INVOCATION } from '../../../support/stages/command-stage.ts';
import { oneShardStream } from '../../../support/stream/one-shard-stream.ts';
import { STREAM_ARN, streamRecord } from '../../../support/stream/record.ts';
import { tableDescription } from '../../../support/stream/table-description.ts';
import { deadLetter } from '../../../support/values/dead-letter.ts';

const SHARD = 'shardId-00000001';
const NOW = Date.parse('2026-01-02T04:00:00Z');

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'tailrace-gaps-'));
});
afterEach(() => rm(state, { recursive: true }));

const range = (status: GapRange['status'], from: string, to: string, records: number): GapRange => ({
  shardId: SHARD,
  status,
  from,
  to,
  position: to,
  ordinal: 1,
  records,
});

type Found = {
  readonly ranges?: readonly GapRange[];
  readonly counts?: Partial<GapCounts>;
  readonly mappings?: number;
  readonly streams?: Partial<StreamClient>;
};

/** A stream of three records, and a destination whose search finds what is given. */
function stageOf({ ranges = [], counts = {}, mappings, streams = {} }: Found = {}) {
  const records = ['1', '2', '3'].map((sequenceNumber) => streamRecord({ sequenceNumber }));
  const changelog = new MemoryChangelog();
  const held: StreamedChange[] = [];
  const asked: number[] = [];
  const searches: string[] = [];
  const client = oneShardStream(STREAM_ARN, [records], { closed: false });
  const stage = commandStage({
    clock: hurriedClock(NOW),
    ...(mappings !== undefined && { mappings }),
    tables: { describe: async () => tableDescription(), serverTime: async () => NOW },
    streams: {
      ...client,
      iterator: async (_arn, _shard, { at }) => (at === 'TRIM_HORIZON' || at === 'AT_SEQUENCE_NUMBER' ? '0' : '1'),
      ...streams,
    },
    destination: {
      append: (table, rows) => changelog.append(table, rows),
      async findGaps(_table, id) {
        searches.push(`begun ${id}`);
        return {
          add: async (changes) => void held.push(...changes),
          async counts(lagCutoff) {
            asked.push(lagCutoff);
            return { streamed: 3, missing: 0, 'in-flight': 0, parked: 0, ...counts };
          },
          ranges: async (_lagCutoff, _limit, after) => (after === null ? ranges : []),
          [Symbol.asyncDispose]: async () => void searches.push('ended'),
        };
      },
    },
  });
  const run = (options: Partial<GapsOptions> = {}, json = false) =>
    gaps(
      { ...INVOCATION, state, table: 'Orders', fill: false, maxLag: undefined, s3: undefined, ...options },
      stage.dependencies,
      stage.output(json),
    );
  return { ...stage, changelog, held, asked, searches, run };
}

describe('gaps', () => {
  test('looks for everything that the stream holds, and leaves nothing behind', async () => {
    const stage = stageOf();

    expect(await stage.run()).toBe(0);

    expect(stage.held.map(({ sequenceNumber, key, parked }) => [sequenceNumber, key, parked])).toEqual([
      ['1', '["a"]', 0],
      ['2', '["a"]', 0],
      ['3', '["a"]', 0],
    ]);
    expect(stage.searches).toEqual([`begun ${'a'.repeat(16)}`, 'ended']);
    expect(stage.stdout.lines).toEqual([
      'Nothing is missing of 3 changes that the stream of Orders holds; 0 parked, 0 in flight.',
    ]);
  });

  test('prints ranges of every status, and exits 1 only for what is missing', async () => {
    const young = [range('parked', '1', '1', 1), range('in-flight', '2', '3', 2)];
    expect(await stageOf({ ranges: young, counts: { parked: 1, 'in-flight': 2 } }).run()).toBe(0);

    const stage = stageOf({ ranges: [range('missing', '1', '3', 3)], counts: { missing: 3 } });
    expect(await stage.run()).toBe(1);
    expect(stage.stdout.lines).toEqual([
      `missing    shard ${SHARD} from 1 to 3, 3 records`,
      '3 changes missing of 3 changes that the stream of Orders holds; 0 parked, 0 in flight.',
      'Next: `tailrace gaps Orders --fill`.',
    ]);
    expect(stage.changelog.rows).toEqual([]);
  });

  test.each([false, true])(
    'never reassures where the stream dropped what was to be read (--fill: %s)',
    async (fill) => {
      let calls = 0;
      const records = async () => {
        if (++calls > 1) throw new TailraceError('stream-missing', 'Gone');
        return { records: [streamRecord({ sequenceNumber: '1' })], nextIterator: '1' };
      };
      const stage = stageOf({ streams: { records } });

      expect(await stage.run({ fill })).toBe(1);

      expect(stage.stdout.lines).toEqual([
        `Not recoverable, the stream has dropped it: shard ${SHARD} after 1 to its end. Run \`tailrace backfill Orders\`.`,
        'Unproven: 1 range that the stream dropped before it was read.',
        'Nothing else is missing of 3 changes that the stream of Orders holds; 0 parked, 0 in flight.',
      ]);
    },
  );

  test('with --fill appends what is missing and nothing else, as a replay, and exits 1 all the same', async () => {
    const ranges = [range('parked', '1', '1', 1), range('missing', '2', '3', 2)];
    const stage = stageOf({ ranges, counts: { missing: 2, parked: 1 } });

    expect(await stage.run({ fill: true }, true)).toBe(1);

    expect(stage.changelog.rows.map(({ sequenceNumber, origin }) => [sequenceNumber, origin])).toContainEqual([
      '3',
      'replay',
    ]);
    expect(JSON.parse(stage.stdout.lines.at(-1) ?? '')).toMatchObject({ missing: 2 });
  });

  test('knows what is among the dead letters by its sequence number', async () => {
    await mkdir(join(state, 'dead-letters'));
    const letter = (sequence_number: string, stream_arn = STREAM_ARN) =>
      writeFile(
        join(state, 'dead-letters', `${sequence_number}-0123456789abcdef.json`),
        JSON.stringify(deadLetter({ sequence_number, stream_arn })),
      );
    await letter('2');
    // Of an earlier table, whose numbers began alike.
    await letter('3', `${STREAM_ARN}0`);
    const stage = stageOf();

    await stage.run();

    expect(stage.held.map(({ parked }) => parked)).toEqual([0, 1, 0]);
  });

  test.each([
    [undefined, 5_000],
    [0, 0],
    [90, 90_000],
  ])(
    'with --max-lag %s takes what is younger than %s ms, by DynamoDB’s clock, to be on its way',
    async (maxLag, ms) => {
      const stage = stageOf();

      await stage.run({ maxLag });

      expect(stage.asked).toEqual([NOW - ms]);
    },
  );

  test('warns where it is a reader too many', async () => {
    const stage = stageOf({ mappings: 2 });

    await stage.run();

    expect(stage.stderr.text).toContain('2 Lambdas read the stream of Orders');
  });
});
