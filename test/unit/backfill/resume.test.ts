import { expect, test } from 'vitest';
import { isKind, TailraceError } from '../../../src/errors.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { compact } from '../../support/memory/compact.ts';
import type { MemoryTable } from '../../support/memory/table.ts';
import { backfillStage, order } from '../../support/stages/backfill-stage.ts';
import { STREAM_ARN } from '../../support/stream/record.ts';
import { publishedReading } from '../../support/values/published.ts';
import { kind } from '../../support/vitest/kind.ts';

const MINUTE = 60_000;
const FAILURE = new TailraceError('destination-unavailable', 'Injected');

/** A backfill of four thousand items in two segments, that failed with a chunk of each segment durable. */
async function halfDone() {
  const stage = backfillStage(Array.from({ length: 40_000 }, (_, id) => order(`order-${id}`)));
  stage.table.pageSizes = [5_000];
  const failing = { now: true };
  let loads = 0;
  stage.destination.before = (step) => {
    if (step === 'load' && failing.now && ++loads > 2) throw FAILURE;
  };
  await expect(stage.backfill({ segments: 2, maxChunkRows: 9_000 })).rejects.toBe(FAILURE);
  failing.now = false;
  stage.table.calls.length = 0;
  stage.destination.steps.length = 0;
  const [snapshotId = ''] = stage.destination.stored;
  return { ...stage, snapshotId };
}

test('a resumed backfill reads nothing again that is durable, and publishes all of it', async () => {
  const { backfill, table, destination, checkpoints, snapshotId } = await halfDone();

  const result = await backfill();

  expect(result).toMatchObject({ snapshotId, items: 40_000, isResumed: true, isPublished: true });
  expect(table.calls.filter((call) => call.startsWith('scan'))).toEqual([
    'scan 0 from 15000',
    'scan 1 from 5000',
    'scan 1 from 10000',
    'scan 1 from 15000',
  ]);
  expect(destination.snapshots.get(snapshotId)).toHaveLength(40_000);
  expect(checkpoints.text).toBeNull();
  expect(destination.events.map(({ event }) => event)).toEqual(['started', 'finished', 'published']);
});

test('the floor stays that of the first start, however late it resumes', async () => {
  const { backfill, table, destination } = await halfDone();
  const startedAt = table.time;
  table.time += 48 * 60 * MINUTE;

  await backfill();

  expect(destination.view.floor).toBe(startedAt - 5 * MINUTE);
});

test('units and items count all runs', async () => {
  const { backfill } = await halfDone();
  const seen: number[] = [];

  const { units } = await backfill({ onProgress: ({ items }) => seen.push(items) });

  expect(seen[0]).toBe(20_000);
  expect(units).toBeGreaterThanOrEqual(8 * 0.5);
});

test.each([
  ['a number of segments', { segments: 3 }, 'state-invalid'],
  ['rules of its transform', { transform: { ...identity, rules: 'other' } }, 'state-invalid'],
  ['a generation of keys', { transform: { ...identity, generation: 2 } }, 'state-invalid'],
] as const)('another %s changes what it means, and is refused with nothing lost', async (_, options, expected) => {
  const { backfill, checkpoints, destination, snapshotId } = await halfDone();
  const { text } = checkpoints;

  await expect(backfill(options)).rejects.toMatchObject(kind(expected));

  expect(checkpoints.text).toBe(text);
  expect(destination.stored).toContain(snapshotId);
});

test('the same number of segments may be said again', async () => {
  const { backfill } = await halfDone();

  expect(await backfill({ segments: 2 })).toMatchObject({ items: 40_000 });
});

test.each<[string, ((table: MemoryTable) => unknown) | undefined]>([
  [
    'table',
    (table: MemoryTable) =>
      (table.description = { ...table.description, table: { name: 'Orders', arn: 'arn:other', tableId: null } }),
  ],
  ['destination', undefined],
])('a checkpoint of another %s is refused by name, also with --restart', async (_, change) => {
  const { backfill, table, checkpoints, destination, snapshotId } = await halfDone();
  if (change) change(table);
  else checkpoints.text = checkpoints.text?.replace('"destination": "memory"', '"destination": "elsewhere"') ?? null;
  const { text } = checkpoints;

  for (const restart of [false, true]) {
    await expect(backfill({ restart })).rejects.toMatchObject(kind('state-invalid'));
  }

  expect(checkpoints.text).toBe(text);
  expect(destination.stored).toContain(snapshotId);
});

test('a corrupt checkpoint is refused by name, and --restart starts over', async () => {
  const { backfill, checkpoints, log } = await halfDone();
  checkpoints.text = checkpoints.text?.slice(0, 200) ?? null;

  await expect(backfill()).rejects.toMatchObject(kind('state-invalid'));
  const result = await backfill({ restart: true });

  expect(result).toMatchObject({ isResumed: false, items: 40_000 });
  expect(log.lines).toMatchObject([{ message: 'unreadable checkpoint: its snapshot stays' }]);
});

test('`tailrace backfill TABLE --restart` drops what was read', async () => {
  const { backfill, destination, snapshotId } = await halfDone();

  const result = await backfill({ restart: true, segments: 3 });

  expect(result).toMatchObject({ isResumed: false, items: 40_000 });
  expect(destination.stored).toEqual([result.snapshotId]);
  expect(destination.events.find(({ event }) => event === 'dropped')?.snapshotId).toBe(snapshotId);
});

/** A backfill whose first load failed, and whose table is not found since. */
async function tableGone() {
  const stage = backfillStage([order('a'), order('b')]);
  stage.destination.before = (step) => {
    if (step === 'load') throw FAILURE;
  };
  await expect(stage.backfill()).rejects.toBe(FAILURE);
  stage.destination.before = () => {};
  const [snapshotId = ''] = stage.destination.stored;
  const describe = () => Promise.reject(new TailraceError('source-table-missing', 'There is no table Orders'));
  stage.table.describe = describe;
  return { ...stage, snapshotId };
}

test('where there is no such table, what was read of it is kept: it may be another region or account', async () => {
  const { backfill, checkpoints, destination, snapshotId } = await tableGone();
  const { text } = checkpoints;

  await expect(backfill()).rejects.toMatchObject({
    ...kind('source-table-missing'),
    remedy: expect.stringContaining('`tailrace backfill TABLE --restart` drops what was read'),
  });

  expect(checkpoints.text).toBe(text);
  expect(destination.stored).toContain(snapshotId);
});

test('where there is no such table, --restart drops what was read of it, and says so', async () => {
  const { backfill, checkpoints, destination, snapshotId } = await tableGone();

  await expect(backfill({ restart: true })).rejects.toMatchObject({
    ...kind('source-table-missing'),
    message: 'There is no table Orders: what was read of it is discarded',
  });

  expect(checkpoints.text).toBeNull();
  expect(destination.stored).toEqual([]);
  expect(destination.events.at(-1)).toMatchObject({ event: 'dropped', snapshotId });
});

test.each([
  ['another table', { table: 'Others' }],
  ['another destination', {}],
])('where there is no such table, --restart drops nothing of %s', async (_, options) => {
  const { backfill, checkpoints, destination, snapshotId } = await tableGone();
  if (!('table' in options)) checkpoints.text = checkpoints.text?.replace('"memory"', '"elsewhere"') ?? null;
  const { text } = checkpoints;

  await expect(backfill({ restart: true, ...options })).rejects.toMatchObject(kind('state-invalid'));

  expect(checkpoints.text).toBe(text);
  expect(destination.stored).toContain(snapshotId);
});

test('where the table was created again, it reports that the destination keeps the earlier one', async () => {
  const { backfill, table } = await halfDone();
  table.description = { ...table.description, table: { ...table.description.table, tableId: 'another' } };

  await expect(backfill()).rejects.toMatchObject({
    ...kind('stream-changed'),
    remedy: expect.stringContaining('another dataset or file'),
  });
});

test.each([true, false])(
  'dropped by a person before anything of it was durable, it is discarded by name, and the next run starts over (its table is there: %s)',
  async (isThere) => {
    const { backfill, destination, checkpoints } = backfillStage([order('a'), order('b')]);
    destination.before = (step) => {
      if (step === 'load') throw FAILURE;
    };
    await expect(backfill()).rejects.toBe(FAILURE);
    destination.before = () => {};
    const [started] = destination.events;
    if (!started) throw new Error('The ledger holds no start');
    if (!isThere) destination.loads.clear();
    destination.events.push({ ...started, event: 'dropped', at: started.at + 1 });

    await expect(backfill({ publish: false })).rejects.toMatchObject({
      ...kind('snapshot-incomplete'),
      message: `Snapshot ${started.snapshotId} was dropped meanwhile`,
    });
    expect(checkpoints.text).toBeNull();
    expect(destination.stored).toEqual([]);

    const { snapshotId } = await backfill({ publish: false });
    expect(snapshotId).not.toBe(started.snapshotId);
    expect(destination.snapshots.get(snapshotId)).toHaveLength(2);
  },
);

test.each<[string, (table: MemoryTable) => unknown]>([
  ['the stream was disabled', (table: MemoryTable) => (table.streamDescription.status = 'DISABLED')],
  ['the stream is off', (table: MemoryTable) => (table.description = { ...table.description, stream: null })],
  [
    'the stream was created again',
    (table: MemoryTable) =>
      (table.description = { ...table.description, stream: { arn: `${STREAM_ARN}9`, viewType: 'NEW_IMAGE' } }),
  ],
  [
    'the table was created again',
    (table: MemoryTable) =>
      (table.description = { ...table.description, table: { ...table.description.table, tableId: 'another' } }),
  ],
] as const)(
  'when %s in between, what was read is discarded by name before anything more is read',
  async (_, change) => {
    const { backfill, table, destination, checkpoints } = await halfDone();
    change(table);

    await expect(backfill()).rejects.toMatchObject(kind('stream-changed'));

    expect(table.calls.filter((call) => call.startsWith('scan'))).toEqual([]);
    expect(destination.stored).toEqual([]);
    expect(destination.view.snapshotId).toBeNull();
    expect(checkpoints.text).toBeNull();
  },
);

test.each<[string, (loads: Map<string, unknown[]>) => unknown]>([
  ['was dropped', (loads: Map<string, unknown[]>) => loads.clear()],
  ['lost rows', (loads: Map<string, unknown[]>) => void [...loads.values()][0]?.pop()],
])('when its table %s in between, what was read is discarded by name', async (_, change) => {
  const { backfill, destination, checkpoints, table } = await halfDone();
  change(destination.loads);

  await expect(backfill()).rejects.toMatchObject(kind('snapshot-incomplete'));

  expect(table.calls.filter((call) => call.startsWith('scan'))).toEqual([]);
  expect(checkpoints.text).toBeNull();
  expect(await backfill()).toMatchObject({ items: 40_000, isResumed: false });
});

test('another snapshot that was published in between is named before more is read, and --no-publish reads on', async () => {
  const { backfill, destination, table, checkpoints, snapshotId } = await halfDone();
  const other = publishedReading('20260102t030400zffff', 1);
  destination.view = other;

  await expect(backfill()).rejects.toMatchObject(kind('snapshot-superseded'));
  expect(table.calls.filter((call) => call.startsWith('scan'))).toEqual([]);
  expect(checkpoints.text).not.toBeNull();

  expect(await backfill({ publish: false })).toMatchObject({ snapshotId, items: 40_000, isPublished: false });
  expect(destination.view).toBe(other);
});

test('one that is published while it reads is named, and what was read is left for a person to decide', async () => {
  const { backfill, destination, checkpoints, snapshotId } = await halfDone();
  const other = publishedReading('20260102t030400zffff', 1);
  destination.after = (step) => {
    if (step === 'count') destination.view = other;
  };
  destination.before = () => {};

  // Its count is asked once to see that it is still there, so the view changes while it reads.
  const failed = backfill();

  await expect(failed).rejects.toMatchObject(kind('snapshot-superseded'));
  await expect(failed).rejects.toMatchObject({
    remedy: expect.stringContaining(`snapshots publish Orders ${snapshotId}`),
  });
  expect(destination.snapshots.get(snapshotId)).toHaveLength(40_000);
  expect(checkpoints.text).toBeNull();
});

test('an interruption makes durable what was read, and saves it', async () => {
  const { backfill, table, checkpoints, destination } = backfillStage(
    Array.from({ length: 20 }, (_, id) => order(`${id}`)),
  );
  const stopping = new AbortController();
  table.beforePage = (segment, page) => {
    if (segment === 1 && page === 2) stopping.abort();
  };

  await expect(backfill({ segments: 2, signal: stopping.signal })).rejects.toMatchObject(kind('interrupted'));

  expect(checkpoints.text).not.toBeNull();
  table.beforePage = () => {};
  table.calls.length = 0;
  expect(await backfill()).toMatchObject({ items: 20, isResumed: true });
  expect(table.calls.filter((call) => call === 'scan 1 from 0' || call === 'scan 0 from 0')).toEqual([]);
  expect(destination.view.snapshotId).not.toBeNull();
});

test('an item that was set aside before the end of a run still counts', async () => {
  const { backfill, destination } = backfillStage([order('a', { note: { S: '\ud800' } }), order('b'), order('c')]);
  let counts = 0;
  destination.before = (step) => {
    if (step === 'count' && counts++ === 0) throw FAILURE;
  };

  await expect(backfill({ segments: 1 })).rejects.toBe(FAILURE);

  expect(await backfill()).toMatchObject({ items: 2, setAside: 1 });
});

test('a page that is read again after a kill may hold less: an item that was deleted is no loss', async () => {
  const { backfill, destination, table, checkpoints } = backfillStage(['a', 'b', 'c'].map((id) => order(id)));
  table.pageSizes = [3];
  let kept: string | null | undefined;
  destination.before = (step) => {
    if (step === 'load' && kept === undefined) kept = checkpoints.text;
  };
  destination.after = (step) => {
    // Killed between the load and the checkpoint behind it.
    if (step === 'load') throw FAILURE;
  };
  await expect(backfill({ segments: 1 })).rejects.toBe(FAILURE);
  checkpoints.text = kept ?? null;
  destination.after = () => {};
  table.items.delete('["b"]');

  expect(await backfill()).toMatchObject({ items: 3, isPublished: true });
});

test.each([
  ['the snapshot alone is gone: what was read is discarded', true, 'snapshot-incomplete'],
  ['all of the destination is gone: it may come back, and what was read is left', false, 'destination-missing'],
] as const)('a load into what is not there any more: %s', async (_, isViewThere, expected) => {
  const { backfill, destination, checkpoints } = backfillStage(['a', 'b', 'c'].map((id) => order(id)));
  let isGone = false;
  destination.before = (step) => {
    isGone ||= step === 'load';
    const isLooked = ['load', 'count', 'describe'].includes(step) || (step === 'published' && !isViewThere);
    if (isGone && isLooked) throw new TailraceError('destination-missing', 'Injected');
  };

  await expect(backfill()).rejects.toMatchObject(kind(expected));

  expect(checkpoints.text === null).toBe(isViewThere);
});

test('stopped right behind publishing, the next run tells what it changed all the same', async () => {
  const { backfill, checkpoints } = backfillStage(['a', 'b', 'c'].map((id) => order(id)));
  const clear = checkpoints.clear.bind(checkpoints);
  checkpoints.clear = async () => {
    throw FAILURE;
  };
  await expect(backfill()).rejects.toBe(FAILURE);
  checkpoints.clear = clear;

  expect(await backfill()).toMatchObject({
    isPublished: true,
    difference: { added: 3, removed: 0, different: 0, unchanged: 0 },
  });
});

test('what it changes can not be counted where someone dropped what was published: it is published, with a warning', async () => {
  const { backfill, destination, log } = backfillStage([order('a')]);
  destination.before = (step) => {
    if (step === 'compare') throw new TailraceError('destination-missing', 'Injected');
  };

  expect(await backfill()).toMatchObject({ isPublished: true, difference: null });
  expect(log.lines.map(({ message }) => message)).toEqual(['changes by a snapshot could not be counted']);
});

test('a failure that will pass leaves what was read', async () => {
  const { backfill, table, checkpoints } = backfillStage(['a', 'b', 'c'].map((id) => order(id)));
  table.beforePage = () => {
    throw new TailraceError('source-unavailable', 'Injected');
  };

  const error = await backfill().catch((thrown: unknown) => thrown);

  expect(isKind(error, 'source-unavailable')).toBe(true);
  expect(checkpoints.text).not.toBeNull();
});

test('it resumes with chunks of the size that they had reached', async () => {
  const { backfill, destination, table } = backfillStage(Array.from({ length: 400 }, (_, id) => order(`${id}`)));
  table.pageSizes = [1];
  const sizes: number[] = [];
  const loadSnapshot = destination.loadSnapshot.bind(destination);
  destination.loadSnapshot = async (...load) => {
    if (sizes.length === 170) throw new TailraceError('destination-unavailable', 'It is away');
    sizes.push(load[3].rows);
    await loadSnapshot(...load);
  };
  await expect(backfill({ segments: 1, maxChunkRows: 1 })).rejects.toMatchObject(kind('destination-unavailable'));
  destination.loadSnapshot = async (...load) => {
    sizes.push(load[3].rows);
    await loadSnapshot(...load);
  };

  expect(await backfill({ maxChunkRows: 1 })).toMatchObject({ items: 400 });

  expect(sizes.slice(168, 174)).toEqual([5, 5, 5, 5, 5, 5]);
});

test('it stops before its cap, saves what was read, and a higher cap resumes it', async () => {
  const { backfill, table, checkpoints, destination } = backfillStage(
    Array.from({ length: 40 }, (_, id) => order(`order-${id}`)),
  );
  table.unitsPerPage = 100;

  const first = await backfill({ segments: 2, maxUnits: 1_000 });

  expect(first).toMatchObject({ isCapped: true, isPublished: false });
  expect(first.units).toBeLessThanOrEqual(1_000);
  expect(first.items).toBe((first.units / 100) * 2);
  expect(destination.view.snapshotId).toBeNull();
  expect(checkpoints.text).not.toBeNull();

  expect(await backfill({ maxUnits: 1_000 })).toMatchObject({ isCapped: true, units: first.units });
  expect(await backfill({ maxUnits: 4_000 })).toMatchObject({
    isCapped: false,
    isPublished: true,
    items: 40,
    units: 2_000,
  });
});

test('a plain failure counts what was used and no more, so that the same cap resumes it', async () => {
  const { backfill, checkpoints, destination, table } = backfillStage(
    Array.from({ length: 20 }, (_, id) => order(`order-${id}`)),
  );
  table.unitsPerPage = 100;
  destination.before = (step) => {
    if (step === 'load') throw FAILURE;
  };

  await expect(backfill({ segments: 1, maxChunkRows: 4, maxUnits: 2_000 })).rejects.toBe(FAILURE);

  expect(JSON.parse(checkpoints.text ?? '')).toMatchObject({ read_units: 200 });
  destination.before = () => {};
  expect(await backfill({ maxUnits: 2_000 })).toMatchObject({ isCapped: false, isPublished: true, units: 1_200 });
});

test('what is behind the reading counts what was used and no more', async () => {
  const { backfill, checkpoints, destination, table } = backfillStage([order('a'), order('b')]);
  table.unitsPerPage = 100;
  destination.before = (step) => {
    if (step === 'count') throw FAILURE;
  };

  await expect(backfill({ segments: 1, maxUnits: 2_000 })).rejects.toBe(FAILURE);

  expect(JSON.parse(checkpoints.text ?? '')).toMatchObject({ read_units: 100 });
});

test('a load that ends before an earlier one is not counted on: that one may fail yet', async () => {
  const { backfill, checkpoints, destination } = backfillStage(
    Array.from({ length: 40 }, (_, id) => order(`order-${id}`)),
  );
  const first = Promise.withResolvers<void>();
  let begun = 0;
  let ended = 0;
  const loadSnapshot = destination.loadSnapshot.bind(destination);
  destination.loadSnapshot = async (...load) => {
    if (++begun === 1) await first.promise;
    await loadSnapshot(...load);
    if (++ended === 3) first.reject(FAILURE);
  };

  await expect(backfill({ segments: 4, maxChunkRows: 2 })).rejects.toBe(FAILURE);

  // Four at once, and not one more.
  expect({ begun, ended }).toEqual({ begun: 4, ended: 3 });
  const { segments } = JSON.parse(checkpoints.text ?? '');
  expect(segments.map(({ rows }: { rows: number }) => rows)).toEqual([0, 0, 0, 0]);
  destination.loadSnapshot = loadSnapshot;
  expect(await backfill()).toMatchObject({ items: 40, isPublished: true });
});

test('a compaction that was published in between is no other reading: it reads on, and replaces it', async () => {
  const { backfill, destination, snapshotId } = await halfDone();
  const folded = await compact(destination);

  expect(await backfill()).toMatchObject({ snapshotId, replaced: folded, isResumed: true, isPublished: true });
  expect(destination.view).toMatchObject({ snapshotId, reading: snapshotId });
});

test('stopped right behind publishing, it is published also where a compaction of it replaced it', async () => {
  const { backfill, checkpoints, destination } = backfillStage([order('a'), order('b')]);
  const clear = checkpoints.clear.bind(checkpoints);
  checkpoints.clear = async () => {
    throw FAILURE;
  };
  await expect(backfill()).rejects.toBe(FAILURE);
  checkpoints.clear = clear;
  const { snapshotId } = destination.view;
  const folded = await compact(destination);

  expect(await backfill()).toMatchObject({ snapshotId, isResumed: true, isPublished: true });

  expect(destination.view).toMatchObject({ snapshotId: folded, reading: snapshotId });
  expect(destination.stored).toContain(snapshotId);
  expect(checkpoints.text).toBeNull();
});

test('stopped once the snapshot is made, what was loaded for it is dropped by the next run', async () => {
  const { backfill, destination, table } = backfillStage([order('a'), order('b')]);
  destination.before = (step) => {
    if (step === 'made') throw FAILURE;
  };
  await expect(backfill()).rejects.toBe(FAILURE);
  expect(destination.loads.size).toBe(1);
  destination.before = () => {};
  table.calls.length = 0;

  expect(await backfill()).toMatchObject({ items: 2, isResumed: true, isPublished: true });
  expect(destination.loads.size).toBe(0);
  expect(table.calls.filter((call) => call.startsWith('scan'))).toEqual([]);
});

test('a ledger that is not there is no loss of what was read: it may come back', async () => {
  const { backfill, destination, checkpoints } = backfillStage([order('a'), order('b')]);
  destination.before = (_, line) => {
    if (line === 'record finished') throw new TailraceError('destination-missing', 'Injected');
  };

  await expect(backfill()).rejects.toMatchObject(kind('destination-missing'));

  expect(checkpoints.text).not.toBeNull();
  destination.before = () => {};
  expect(await backfill()).toMatchObject({ items: 2, isResumed: true, isPublished: true });
});
