import { expect, test } from 'vitest';
import { type BackfillOptions, runBackfill } from '../../../backfill/backfill.ts';
import { TailraceError } from '../../../src/errors.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { fixedClock } from '../../support/clock/simple-clocks.ts';
import { VirtualClock } from '../../support/clock/virtual-clock.ts';
import { compact } from '../../support/memory/compact.ts';
import { MemoryDeadLetters } from '../../support/memory/dead-letters.ts';
import { RecordingLog } from '../../support/memory/recording-log.ts';
import { MemorySnapshots } from '../../support/memory/snapshots.ts';
import { MemoryTable } from '../../support/memory/table.ts';
import { STREAM_ARN } from '../../support/stream/record.ts';
import { publishedReading } from '../../support/values/published.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';
import { kind } from '../../support/vitest/kind.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

const MINUTE = 60_000;

/** An item of the table Orders. */
function order(id: string, more: Readonly<Record<string, Record<string, unknown>>> = {}) {
  return { id: { S: id }, ...more };
}

function stage(items = ['a', 'b', 'c', 'd', 'e'].map((id) => order(id))) {
  const table = new MemoryTable(items);
  const destination = new MemorySnapshots();
  const deadLetters = new MemoryDeadLetters();
  const log = new RecordingLog();
  const stopping = new AbortController();
  const backfill = (options: Partial<BackfillOptions> = {}) =>
    runBackfill({
      table: 'Orders',
      reader: table,
      streams: table,
      destination,
      deadLetters,
      transform: identity,
      // Far from DynamoDB's clock, so that code which takes it for DynamoDB's fails.
      clock: fixedClock(Date.UTC(2030, 0, 1)),
      random: seededRandom(1),
      log,
      segments: 2,
      minStreamAgeMs: MINUTE,
      actor: 'ann@laptop',
      signal: stopping.signal,
      spool: temporaryFolder(),
      ...options,
    });
  return { table, destination, deadLetters, log, stopping, backfill };
}

test('a snapshot is loaded, counted and published in this order, each step in the ledger', async () => {
  const { backfill, destination, table } = stage();

  const result = await backfill();

  expect(result).toEqual({
    snapshotId: expect.stringMatching(/^20260102t030405z[0-9a-f]{4}$/),
    items: 5,
    repeated: 0,
    setAside: 0,
    units: 1.5,
    durationMs: 0,
    replaced: null,
    difference: { added: 5, removed: 0, different: 0, unchanged: 0 },
    isResumed: false,
    isPublished: true,
    isCapped: false,
  });
  expect(destination.steps.filter((step) => step !== 'published')).toEqual([
    'prepare 1',
    'from',
    'record started',
    'describe',
    'create',
    expect.stringMatching(/^load [0-9a-f]{32}$/),
    'describe',
    'count',
    'make',
    'drop load',
    'record finished',
    'compare',
    'publish',
    'record published',
  ]);
  expect(table.calls.slice(-2)).toEqual(['describe', 'describe stream']);
  expect(destination.events.at(-1)).toEqual({
    at: Date.UTC(2030, 0, 1),
    event: 'published',
    tableName: 'Orders',
    tableArn: table.description.table.arn,
    tableId: table.description.table.tableId,
    snapshotId: result.snapshotId,
    kind: 'scan',
    streamArn: STREAM_ARN,
    startedAt: table.time,
    floor: table.time - 5 * MINUTE,
    from: table.time - 125 * MINUTE,
    reading: result.snapshotId,
    folded: null,
    generation: 1,
    baseSnapshotId: null,
    itemCount: 5,
    actor: 'ann@laptop',
  });
});

test('the changelog counts from five minutes before the reading began, by DynamoDB’s clock', async () => {
  const { backfill, destination, table } = stage();

  const { snapshotId } = await backfill();

  expect(destination.view).toEqual({
    snapshotId,
    floor: table.time - 5 * MINUTE,
    streamLabel: '2026-01-02T03:04:05.678',
    from: table.time - 125 * MINUTE,
    reading: snapshotId,
    folded: null,
    generation: 1,
  });
  expect(table.calls.indexOf('serverTime')).toBeLessThan(table.calls.findIndex((call) => call.startsWith('scan')));
});

test('rows hold every item once, encoded as the changelog encodes it', async () => {
  const { backfill, destination } = stage([order('a', { tags: { SS: ['y', 'x'] } })]);

  const { snapshotId } = await backfill();

  expect(destination.snapshots.get(snapshotId)).toEqual([
    {
      key: '["a"]',
      item: '{"id":"a","tags":["x","y"]}',
      digest: expect.stringMatching(/^[0-9a-f]{32}$/),
    },
  ]);
});

test('an empty table makes an empty snapshot', async () => {
  const { backfill, destination } = stage([]);

  expect(await backfill()).toMatchObject({ items: 0 });
  expect(destination.view.snapshotId).not.toBeNull();
});

const FAILURE = new TailraceError('destination-unavailable', 'Injected');

test.each(['record started', 'create', 'load', 'count', 'make', 'drop load', 'record finished', 'publish'])(
  'when "%s" fails, nothing is published and nothing is left behind',
  async (line) => {
    for (const side of ['before', 'after'] as const) {
      const { backfill, destination } = stage();
      const view = destination.view;
      destination[side] = (_, step) => {
        if (
          (step !== line && !step.startsWith(`${line} `)) ||
          destination.events.some(({ event }) => event === 'dropped')
        )
          return;
        // Had the view been swapped, it would be a success whose answer was lost.
        if (side === 'after' && line === 'publish') destination.view = view;
        throw FAILURE;
      };

      await expect(backfill()).rejects.toBe(FAILURE);

      expect(destination.view).toBe(view);
      expect(destination.stored).toEqual([]);
      expect(destination.events.at(-1)?.event).toBe('dropped');
    }
  },
);

test.each([
  ['a page that fails leaves nothing behind', 'source-unavailable', 'Injected'],
  [
    'a table that is deleted meanwhile is named, and leaves nothing behind',
    'source-table-missing',
    'Table Orders was deleted while it was read: what was read is discarded',
  ],
] as const)('%s', async (_, of, message) => {
  const { backfill, destination, table } = stage();
  const failure = new TailraceError(of, 'Injected');
  table.beforePage = (segment, page) => {
    if (segment === 1 && page === 0) throw failure;
  };

  await expect(backfill()).rejects.toMatchObject({ ...kind(of), message });

  expect(destination.stored).toEqual([]);
  expect(destination.view.snapshotId).toBeNull();
});

test('an interruption leaves nothing behind, whenever it comes', async () => {
  for (const line of [
    'prepare 1',
    'from',
    'record started',
    'create',
    'load',
    'count',
    'make',
    'drop load',
    'record finished',
  ]) {
    const { backfill, destination, stopping } = stage();
    destination.after = (_, step) => {
      if (step.startsWith(line)) stopping.abort();
    };

    await expect(backfill({ clock: new VirtualClock() })).rejects.toMatchObject(kind('interrupted'));

    expect(destination.stored).toEqual([]);
    expect(destination.view.snapshotId).toBeNull();
  }
});

test('what was published meanwhile stays, and the snapshot is dropped', async () => {
  const { backfill, destination } = stage();
  const other = publishedReading('20260102t030400zffff', 1);
  destination.after = (_, line) => {
    if (line === 'record finished') destination.view = other;
  };

  await expect(backfill()).rejects.toMatchObject(kind('snapshot-superseded'));

  expect(destination.view).toBe(other);
  expect(destination.stored).toEqual([]);
});

test('a younger snapshot is not replaced', async () => {
  const { backfill, destination, table } = stage();
  destination.view = publishedReading('20270101t000000z0000', table.time);

  await expect(backfill()).rejects.toMatchObject(kind('snapshot-superseded'));

  expect(destination.events).toEqual([]);
});

test('a publication whose answer was lost is one', async () => {
  const { backfill, destination } = stage();
  destination.after = (step) => {
    if (step === 'publish') throw FAILURE;
  };

  const { snapshotId } = await backfill();

  expect(destination.view.snapshotId).toBe(snapshotId);
  expect(destination.snapshots.has(snapshotId)).toBe(true);
});

test('a published snapshot is not dropped because the ledger could not be written', async () => {
  const { backfill, destination, log } = stage();
  destination.before = (_, line) => {
    if (line === 'record published') throw FAILURE;
  };

  const { snapshotId } = await backfill();

  expect(destination.view.snapshotId).toBe(snapshotId);
  expect(destination.snapshots.has(snapshotId)).toBe(true);
  expect(log.lines).toMatchObject([{ level: 'warn', message: 'snapshot published, but not in the ledger' }]);
});

test('a snapshot that can’t be dropped is named, and the first failure stays the answer', async () => {
  const { backfill, destination, log } = stage();
  destination.before = (step) => {
    if (step === 'count') throw FAILURE;
    if (step === 'drop') throw new Error('Injected');
  };

  await expect(backfill()).rejects.toBe(FAILURE);

  expect(log.lines).toMatchObject([{ level: 'warn', message: 'unpublished snapshot left behind' }]);
});

test('a snapshot that lost rows is not published', async () => {
  const { backfill, destination } = stage();
  destination.after = (_, line) => {
    if (line.startsWith('load')) for (const rows of destination.loads.values()) rows.pop();
  };

  await expect(backfill()).rejects.toMatchObject(kind('snapshot-incomplete'));

  expect(destination.view.snapshotId).toBeNull();
});

test('a key that the source gives more than once is counted, and the snapshot is published', async () => {
  const { table, backfill } = stage();
  table.items.set('apart', order('b', { n: { N: '2' } }));

  expect(await backfill()).toMatchObject({ items: 5, repeated: 1, isPublished: true });
});

test('a chunk that was loaded twice and a key that came twice: what is doubtful is named, and the next run is none the worse', async () => {
  const { table, backfill, destination } = stage();
  table.items.set('apart', order('b', { n: { N: '2' } }));
  destination.after = (_, line) => {
    if (line.startsWith('load')) for (const rows of destination.loads.values()) rows.push(...rows);
  };
  await expect(backfill()).rejects.toMatchObject({
    ...kind('snapshot-incomplete'),
    message: expect.stringMatching(/may lack rows: some are there twice.* a key more than once$/),
    remedy: expect.stringContaining('run it again'),
  });
  destination.after = () => {};

  expect(await backfill()).toMatchObject({ items: 5, repeated: 1, isPublished: true });
});

test('a chunk that was loaded twice is no loss, and counts once', async () => {
  const { backfill, destination } = stage();
  destination.after = (_, line) => {
    if (line.startsWith('load')) for (const rows of destination.loads.values()) rows.push(...rows);
  };

  expect(await backfill()).toMatchObject({ items: 5 });
});

/** The rows of each load of a backfill, one of a page. */
async function loadsOf(items: number, segments: number): Promise<readonly number[]> {
  const { destination, backfill, table } = stage(Array.from({ length: items }, (_, id) => order(`order-${id}`)));
  table.pageSizes = [1];
  const sizes: number[] = [];
  const loadSnapshot = destination.loadSnapshot.bind(destination);
  destination.loadSnapshot = (...load) => {
    sizes.push(load[3].rows);
    return loadSnapshot(...load);
  };
  expect(await backfill({ segments, maxChunkRows: 10 })).toMatchObject({ items });
  return sizes;
}

test('loads grow with what was loaded', async () => {
  const sizes = await loadsOf(2_000, 1);

  expect([0, 9, 10, 20, 50, 80].map((load) => sizes[load])).toEqual([10, 10, 11, 12, 16, 22]);
});

test('segments share their loads: many make no more of them', async () => {
  const few = await loadsOf(2_000, 1);
  const many = await loadsOf(2_000, 1_000);

  expect(many.length).toBeLessThanOrEqual(few.length);
});

test('an item that can’t be carried is set aside by name, and the others are published', async () => {
  const { backfill, destination, deadLetters } = stage([order('a'), order('b', { note: { S: 'x\ud800' } })]);

  const { setAside, items, snapshotId } = await backfill();

  expect({ setAside, items }).toEqual({ setAside: 1, items: 1 });
  expect(destination.snapshots.get(snapshotId)?.map(({ key }) => key)).toEqual(['["a"]']);
  expect(deadLetters.letters).toEqual([
    {
      version: 1,
      table: 'Orders',
      stream_arn: STREAM_ARN,
      shard_id: null,
      sequence_number: null,
      kind: 'record-invalid',
      reason: expect.stringContaining('Item.note'),
      at: '2030-01-01T00:00:00.000Z',
      rules: null,
      record: {
        eventSource: 'aws:dynamodb',
        dynamodb: { Keys: { id: { S: 'b' } }, NewImage: { id: { S: 'b' }, note: { S: 'x\ud800' } } },
      },
    },
  ]);
  expect(deadLetters.letters[0]?.reason).not.toContain('\ud800');
});

test('an item that could not be set aside either fails the backfill: it is not forgotten', async () => {
  const { backfill, destination, deadLetters } = stage([order('b', { note: { S: '\ud800' } })]);
  deadLetters.fault = 'refuse';

  await expect(backfill()).rejects.toThrow('no space left');

  expect(destination.view.snapshotId).toBeNull();
});

test.each([
  ['no stream', null, 'stream-missing'],
  ['a stream of keys', { arn: STREAM_ARN, viewType: 'KEYS_ONLY' }, 'stream-view-type'],
  ['a stream of old images', { arn: STREAM_ARN, viewType: 'OLD_IMAGE' }, 'stream-view-type'],
] as const)('with %s nothing is begun', async (_, stream, expected) => {
  const { backfill, destination, table } = stage();
  table.description = { ...table.description, stream };

  await expect(backfill()).rejects.toMatchObject(kind(expected));

  expect(destination.steps).toEqual([]);
});

test('a young stream is waited for, and an old one isn’t', async () => {
  for (const [ageMs, waitMs] of [
    [9 * MINUTE, MINUTE],
    [11 * MINUTE, 0],
  ] as const) {
    const { backfill, table } = stage();
    const clock = new VirtualClock();
    const waits: number[] = [];
    table.streamDescription.createdAt = table.time - ageMs;

    const { durationMs } = await clock.run(
      backfill({ clock, onProgress: (progress) => progress.waitMs > 0 && waits.push(progress.waitMs) }),
    );

    expect(durationMs).toBe(waitMs);
    expect(waits).toEqual(waitMs === 0 ? [] : [waitMs]);
  }
});

test('on a server without delay nothing is waited for', async () => {
  const { backfill, table } = stage();
  table.streamDescription.createdAt = table.time;

  expect(await backfill({ minStreamAgeMs: 0 })).toMatchObject({ items: 5 });
});

test('a stream that is being enabled is waited for first', async () => {
  const { backfill, table } = stage();
  const clock = new VirtualClock();
  table.streamDescription.status = 'ENABLING';
  table.streamDescription.createdAt = table.time;

  const running = backfill({ clock });
  await clock.until(() => clock.now() >= Date.UTC(2026, 0, 2) + 5_000);
  table.streamDescription.status = 'ENABLED';

  expect((await clock.run(running)).durationMs).toBeGreaterThanOrEqual(MINUTE + 5_000);
});

test.each([
  ['the stream was disabled', (table: MemoryTable) => (table.streamDescription.status = 'DISABLED')],
  ['the stream is off', (table: MemoryTable) => (table.description = { ...table.description, stream: null })],
  [
    'the stream was created again',
    (table: MemoryTable) => {
      const stream = { arn: `${STREAM_ARN}9`, viewType: 'NEW_IMAGE' } as const;
      table.description = { ...table.description, stream };
    },
  ],
  [
    'the table was created again',
    (table: MemoryTable) => {
      table.description = { ...table.description, table: { ...table.description.table, tableId: 'another' } };
    },
  ],
  [
    'the table was deleted',
    (table: MemoryTable) => {
      table.describe = () => Promise.reject(new TailraceError('source-table-missing', 'Injected'));
    },
  ],
])('when %s meanwhile, what was read is discarded', async (_, change) => {
  const { backfill, destination, table } = stage();
  destination.after = (_step, line) => {
    if (line === 'record finished') change(table);
  };

  await expect(backfill()).rejects.toMatchObject(kind('stream-changed'));

  expect(destination.view.snapshotId).toBeNull();
  expect(destination.stored).toEqual([]);
});

test('progress counts items, units and segments up to the end', async () => {
  const { backfill } = stage();
  const seen: unknown[] = [];

  await backfill({ onProgress: (progress) => seen.push(progress) });

  expect(seen.at(0)).toMatchObject({ phase: 'scanning', items: 0, aboutItems: 100, segments: 2, segmentsDone: 0 });
  expect(seen.at(-1)).toMatchObject({ phase: 'publishing', items: 5, units: 1.5, segmentsDone: 2 });
});

test('a compaction that is published while it reads is replaced: it shows the same', async () => {
  const { backfill, destination, table } = stage();
  const first = await backfill();
  table.time += 60 * MINUTE;
  table.put(order('new'));
  const folded: string[] = [];
  destination.after = async (step) => {
    if ((step === 'load' || step === 'made') && folded.length < 2) folded.push(await compact(destination));
  };

  const second = await backfill();

  expect(folded).toHaveLength(2);
  expect(destination.view).toMatchObject({ snapshotId: second.snapshotId, reading: second.snapshotId, folded: null });
  expect(second).toMatchObject({
    replaced: folded[1],
    difference: { added: 1, removed: 0, different: 0, unchanged: 5 },
  });
  expect(destination.stored).toContain(first.snapshotId);
});

test('so is a compaction of the changes alone, while the first snapshot is read', async () => {
  const { backfill, destination } = stage();
  let folded: string | undefined;
  destination.after = async (step) => {
    if (step === 'load') folded ??= await compact(destination);
  };

  const { snapshotId, replaced } = await backfill();

  expect(replaced).toBe(folded);
  expect(destination.view).toMatchObject({ snapshotId, reading: snapshotId });
});

test('what it changes is counted where a compaction replaced, and dropped, what it was begun from', async () => {
  const { backfill, destination, table } = stage();
  await backfill();
  table.time += 60 * MINUTE;
  const base = await compact(destination);
  let folded: string | undefined;
  destination.after = async (step) => {
    if (step !== 'load' || folded !== undefined) return;
    folded = await compact(destination);
    for (const rows of [destination.snapshots, destination.made]) rows.delete(base);
  };

  expect(await backfill()).toMatchObject({ replaced: folded, difference: { added: 0, unchanged: 5 } });
});

test('what needs rows that the changelog has dropped is never published, and is dropped', async () => {
  const { backfill, destination, table } = stage();
  destination.after = (_, line) => {
    if (line === 'record finished') destination.keptSince = table.time;
  };

  await expect(backfill()).rejects.toMatchObject(kind('snapshot-outdated'));

  expect(destination.view.snapshotId).toBeNull();
  expect(destination.stored).toEqual([]);
});

test('the tail over it begins where the changelog begins, if that is later than two hours before its floor', async () => {
  const { backfill, destination, table } = stage();
  destination.keptSince = table.time - 10 * MINUTE;

  await backfill();

  expect(destination.view).toMatchObject({ floor: table.time - 5 * MINUTE, from: table.time - 10 * MINUTE });
});

test('a tail that begins within a millisecond begins with it, as annotations hold whole ones', async () => {
  const { backfill, destination, table } = stage();
  destination.readingFrom = async () => table.time - 7 * MINUTE + 0.25;

  await backfill();

  expect(destination.view.from).toBe(table.time - 7 * MINUTE);
});
