import { expect, onTestFinished, test } from 'vitest';
import { BackgroundCompaction } from '../../../backfill/background-compaction.ts';
import type { CompactionResult } from '../../../backfill/compaction.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { SnapshotFacts } from '../../../src/snapshot/ledger.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { MemoryChangelog } from '../../support/memory/changelog.ts';
import { RecordingLog } from '../../support/memory/recording-log.ts';
import { MemorySnapshots } from '../../support/memory/snapshots.ts';
import { tableDescription } from '../../support/stream/table-description.ts';
import { changeRow, scannedRow } from '../../support/values/rows.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';

const { table } = tableDescription();
const START = Date.UTC(2026, 4, 5);

/** Snapshots of which every fold has `snapshotRows` rows, and a changelog that counts. */
class Tail extends MemorySnapshots {
  readonly changelog = new MemoryChangelog();
  snapshotRows = 0;
  looks = 0;
  /** How long the changelog was when each was folded. */
  readonly #folded = new Map<string | null, number>();

  override async estimateFold(_table: SourceTable, { snapshotId: id }: Published) {
    this.looks++;
    const tailRows = this.changelog.rows.length - (this.#folded.get(id) ?? 0);
    const snapshotRows = this.snapshots.get(id ?? '')?.length ?? 0;
    return { bill: { isFree: true, rows: null } as const, tailRows, snapshotRows };
  }

  override foldSnapshot(table: SourceTable, facts: SnapshotFacts, base: Published) {
    this.#folded.set(facts.snapshotId, this.changelog.rows.length);
    return super.foldSnapshot(table, facts, base);
  }

  protected override items() {
    return Array.from({ length: this.snapshotRows }, (_, n) => scannedRow(String(n)));
  }
}

function stage() {
  const destination = new Tail();
  const log = new RecordingLog();
  const done: CompactionResult[] = [];
  const time = { now: START };
  const clock = { now: () => time.now, sleep: async () => {} };
  const compaction = new BackgroundCompaction({
    ...{ table, destination, clock, log, random: seededRandom(5), actor: 'ann@laptop', horizonMs: null },
    onCompacted: (result) => {
      time.now += 1_000;
      done.push(result);
    },
  });
  onTestFinished(() => compaction[Symbol.asyncDispose]());
  const appender = compaction.behind(destination.changelog);
  /** Appends rows, a hundred at a time, each after whatever the last one set off. */
  const append = async (rows: number) => {
    for (let n = 0; n < rows; n += 100) {
      await appender.append(
        table,
        Array.from({ length: Math.min(100, rows - n) }, () => changeRow('a')),
      );
      await settled();
    }
  };
  return { destination, log, done, time, compaction, appender, append };
}

/** Lets all that is in memory come to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a tail is folded once it outnumbers the least that is worth it, and not again before it does', async () => {
  const { destination, append, done } = stage();

  await append(10_000);
  expect(done).toEqual([]);
  await append(1);
  expect(done).toHaveLength(1);
  await append(10_000);
  expect(done).toHaveLength(1);
  await append(1);

  expect(done).toHaveLength(2);
  expect(destination.view.snapshotId).toBe(done[1]?.snapshotId);
  // The compaction before went with it.
  expect(destination.stored).toEqual([done[1]?.snapshotId]);
});

test('a tail over a large snapshot is folded once it outnumbers that', async () => {
  const { destination, append, done } = stage();
  destination.snapshotRows = 25_000;
  await append(10_001);
  expect(done).toHaveLength(1);

  await append(25_000);
  expect(done).toHaveLength(1);
  await append(100);

  expect(done).toHaveLength(2);
});

test('it looks at the destination only when so much was appended that it may be time', async () => {
  const { destination, append } = stage();

  await append(20_000);

  // At the first rows, when they outnumber the least, and after each compaction.
  expect(destination.looks).toBeLessThanOrEqual(6);
});

test('a tail that is long at the start is folded at the first append', async () => {
  const { destination, append, done } = stage();
  await destination.changelog.append(
    table,
    Array.from({ length: 10_001 }, () => changeRow('a')),
  );

  await append(1);

  expect(done).toHaveLength(1);
});

test('appends go on while it folds, and one fold runs at a time', async () => {
  const { destination, appender, append, done } = stage();
  await append(10_000);
  const fold = Promise.withResolvers<void>();
  destination.before = (step) => (step === 'fold' ? fold.promise : undefined);

  await append(30_000);
  expect(destination.changelog.rows).toHaveLength(40_000);
  expect(destination.steps.filter((step) => step === 'fold')).toHaveLength(1);
  fold.resolve();
  await settled();
  await appender.append(table, [changeRow('a')]);

  expect(done).toHaveLength(1);
});

test('a failure is logged and fails no append; the next attempt comes a minute later', async () => {
  const { destination, append, done, log, time } = stage();
  destination.before = (step) => {
    if (step === 'fold') throw new TailraceError('destination-unavailable', 'The disk is full');
  };

  await append(20_000);

  expect(log.lines).toEqual([
    {
      level: 'warn',
      message: 'compaction failed, retrying',
      fields: { table: table.name, error: 'destination-unavailable', why: 'The disk is full' },
    },
  ]);
  expect(destination.stored).toEqual([]);
  destination.before = () => {};
  await append(100);
  expect(done).toEqual([]);
  time.now += 60_000;
  await append(1);
  expect(done).toHaveLength(1);
});

test('that something else was published meanwhile is no failure', async () => {
  const { destination, append, done, log } = stage();
  const { view } = destination;
  destination.before = (step) => {
    if (step !== 'publish') return;
    destination.before = () => {};
    destination.view = { ...view, floor: 1 };
  };

  await append(10_001);
  expect(done).toEqual([]);
  await append(1);

  expect(done).toHaveLength(1);
  expect(log.lines).toEqual([]);
});

test('an append that is refused is refused as ever', async () => {
  const { destination, appender } = stage();
  destination.changelog.append = async () => {
    throw new TailraceError('destination-unavailable', 'No answer');
  };

  await expect(appender.append(table, [changeRow('a')])).rejects.toMatchObject({ kind: 'destination-unavailable' });

  expect(destination.looks).toBe(0);
});

test('stopped while it folds, it publishes nothing, leaves nothing and begins nothing', async () => {
  const { destination, append, compaction, done, log } = stage();
  await append(10_000);
  const fold = Promise.withResolvers<void>();
  destination.before = async (step) => {
    if (step !== 'fold') return;
    await fold.promise;
    throw new DOMException('Aborted', 'AbortError');
  };
  await append(100);

  const stopping = compaction[Symbol.asyncDispose]();
  fold.resolve();
  await stopping;
  await append(30_000);

  expect(done).toEqual([]);
  expect(destination.view.snapshotId).toBeNull();
  expect(destination.stored).toEqual([]);
  expect(destination.steps.filter((step) => step === 'fold')).toHaveLength(1);
  expect(log.lines).toEqual([]);
});
