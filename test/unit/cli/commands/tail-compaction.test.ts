import { expect, test } from 'vitest';
import { hurriedClock } from '../../../support/clock/simple-clocks.ts';
import { MemoryChangelog } from '../../../support/memory/changelog.ts';
import { MemorySnapshots } from '../../../support/memory/snapshots.ts';
import { commandStage } from '../../../support/stages/command-stage.ts';
import { oneShardStream } from '../../../support/stream/one-shard-stream.ts';
import { STREAM_ARN, streamRecord } from '../../../support/stream/record.ts';
import { tableDescription } from '../../../support/stream/table-description.ts';
import { publishedReading } from '../../../support/values/published.ts';
import { temporaryFolder } from '../../../support/vitest/temporary-folder.ts';

const NOW = 1_767_323_046_000;
const READING = publishedReading('20260103t090000z0123', NOW - 24 * 60 * 60_000, {
  streamLabel: STREAM_ARN.slice(STREAM_ARN.lastIndexOf('/') + 1),
});

/** A tail of one record, in a destination whose changelog is so long that a compaction is due. */
function stageOf({ foldsInJobs = false, closed = false } = {}) {
  const store = new MemorySnapshots();
  store.view = READING;
  store.snapshots.set(READING.snapshotId ?? '', []);
  store.made.set(READING.snapshotId ?? '', { ...FACTS, itemCount: 0 });
  store.foldsInJobs = foldsInJobs;
  let looks = 0;
  store.estimateFold = async (_table, { snapshotId }) => {
    looks++;
    const tailRows = snapshotId === READING.snapshotId ? 10_001 : 0;
    return { bill: { isFree: true, rows: null }, tailRows, snapshotRows: 0 };
  };
  const changelog = new MemoryChangelog();
  const interruption = new AbortController();
  const stage = commandStage({
    clock: hurriedClock(NOW),
    signal: interruption.signal,
    tables: { describe: async () => tableDescription() },
    streams: oneShardStream(STREAM_ARN, [[streamRecord()]], { closed }),
    destination: {
      foldsInJobs,
      prepare: async () => ({ created: [] }),
      append: (table, rows) => changelog.append(table, rows),
      published: () => store.published(),
      estimateFold: (...args) => store.estimateFold(...args),
      describeSnapshot: (...args) => store.describeSnapshot(...args),
      foldFrom: () => store.foldFrom(),
      foldSnapshot: (of, facts, base) => store.foldSnapshot(of, facts, base),
      publish: (...args) => store.publish(...args),
      dropSnapshot: (...args) => store.dropSnapshot(...args),
      record: (event) => store.record(event),
      ledger: () => store.ledger(),
    },
  });
  const state = temporaryFolder();
  const tail = (...args: readonly string[]) =>
    stage.tailrace('tail', 'Orders', '--destination', 'duckdb:test.duckdb', '--state', state, ...args);
  return { ...stage, store, changelog, interruption, tail, looks: () => looks };
}

const FACTS = {
  tableName: 'Orders',
  tableArn: tableDescription().table.arn,
  tableId: tableDescription().table.tableId,
  snapshotId: '20260103t090000z0123',
  kind: 'scan',
  streamArn: STREAM_ARN,
  startedAt: 0,
  floor: READING.floor ?? 0,
  from: READING.from ?? 0,
  reading: '20260103t090000z0123',
  folded: null,
  generation: 1,
  baseSnapshotId: null,
} as const;

test('tail compacts a table whose changes outnumber its snapshot, while it follows', async () => {
  const stage = stageOf();

  const ending = stage.tail();
  await expect.poll(() => stage.store.view.snapshotId).not.toBe(READING.snapshotId);
  await expect.poll(() => stage.stderr.text).toContain(`Compacted Orders in `);
  stage.interruption.abort();

  expect(await ending).toBe(0);
  expect(stage.store.view).toMatchObject({ reading: READING.reading });
  // The reading stays.
  expect(stage.store.stored).toHaveLength(2);
  expect(stage.stdout.lines).toEqual(['Stopped: 1 record of Orders read, 0 set aside.']);
});

test('tail --json gives an event of a compaction', async () => {
  const stage = stageOf();

  const ending = stage.tail('--json');
  await expect.poll(() => stage.stdout.text).toContain('"compacted"');
  stage.interruption.abort();
  await ending;

  const events = stage.stdout.lines.map((line) => JSON.parse(line));
  expect(events.find(({ event }) => event === 'compacted')).toEqual({
    event: 'compacted',
    table: 'Orders',
    snapshot_id: stage.store.view.snapshotId,
    replaced_snapshot_id: READING.snapshotId,
    items: 0,
    duration_ms: expect.any(Number),
  });
  expect(stage.stderr.text).toBe('');
});

test.each([
  ['tail --no-compact', ['--no-compact'], false],
  ['tail into a destination whose jobs are billed', [], true],
])('%s compacts nothing, and does not look', async (_, args, foldsInJobs) => {
  const stage = stageOf({ foldsInJobs, closed: true });

  expect(await stage.tail(...args)).toBe(0);

  expect(stage.changelog.rows).toHaveLength(1);
  expect(stage.looks()).toBe(0);
});

test('a compaction that fails is a line of the log: tail follows on, and ends as ever', async () => {
  const stage = stageOf();
  stage.store.before = (step) => {
    if (step === 'fold') throw new Error('planted');
  };

  const ending = stage.tail();
  await expect.poll(() => stage.stderr.text).toContain('compaction failed, retrying (table Orders, error Error)');
  stage.interruption.abort();

  expect(await ending).toBe(0);
  expect(stage.changelog.rows).toHaveLength(1);
  expect(stage.stderr.text).not.toContain('planted');
});

test('Ctrl-C during a compaction ends it before the destination is closed, and publishes nothing', async () => {
  const stage = stageOf();
  const folding = Promise.withResolvers<void>();
  const fold = Promise.withResolvers<void>();
  stage.store.before = async (step) => {
    if (step !== 'fold') return;
    folding.resolve();
    await fold.promise;
    throw new DOMException('Aborted', 'AbortError');
  };

  const ending = stage.tail();
  await folding.promise;
  stage.interruption.abort();
  setTimeout(fold.resolve, 20);

  expect(await ending).toBe(0);
  expect(stage.store.view).toBe(READING);
  expect(stage.store.steps.slice(-2)).toEqual(['drop', 'record dropped']);
  expect(stage.doings.at(-2)).toBe('close');
});
