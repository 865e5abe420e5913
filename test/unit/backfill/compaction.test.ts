import { describe, expect, test } from 'vitest';
import { runCompaction } from '../../../backfill/compaction.ts';
import { TailraceError } from '../../../src/errors.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { toSnapshotRow } from '../../../src/snapshot/row.ts';
import { fixedClock } from '../../support/clock/simple-clocks.ts';
import { RecordingLog } from '../../support/memory/recording-log.ts';
import { MemoryStates } from '../../support/memory/states.ts';
import { backfillStage, order } from '../../support/stages/backfill-stage.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';
import { kind } from '../../support/vitest/kind.ts';

const HOUR = 60 * 60_000;

/** A table that was backfilled, with changes since. */
async function stage() {
  const { table, backfill } = backfillStage([...'abc'].map((id) => order(id)));
  const destination = new MemoryStates();
  const { snapshotId: reading } = await backfill({ destination });
  destination.changes.set('["a"]', null);
  destination.changes.set('["new"]', toSnapshotRow(order('new'), ['id'], identity));
  destination.steps.length = 0;
  const log = new RecordingLog();
  const random = seededRandom(3);
  const signal = new AbortController();
  const items = () => [...destination.shown().values()].map(({ item }) => item).sort();
  const expected = items();

  /** A compaction, this many hours after the backfill. */
  const compact = (hours = 1, options: { readonly dropReplaced?: boolean } = {}) =>
    runCompaction({
      table: table.description.table,
      destination,
      clock: fixedClock(table.time + hours * HOUR),
      random,
      log,
      actor: 'ann@laptop',
      signal: signal.signal,
      horizonMs: 90 * 24 * HOUR,
      ...options,
    });
  /** Fails the step of this line, once: before it is done or after. */
  const fail = (line: string, at: 'before' | 'after', error: Error) => {
    destination[at] = (_step, made) => {
      if (made !== line) return;
      destination[at] = () => {};
      throw error;
    };
  };
  const eventsOf = (id: string) =>
    destination.events.filter(({ snapshotId }) => snapshotId === id).map(({ event }) => event);
  return { destination, reading, compact, fail, log, signal, table, backfill, items, expected, eventsOf };
}

const away = () => new TailraceError('destination-unavailable', 'No answer');

describe('a compaction', () => {
  test('goes step by step: recorded, folded, recorded, published, recorded', async () => {
    const { destination, compact, reading, items, expected } = await stage();

    const result = await compact();

    expect(destination.steps).toEqual([
      'published',
      'describe',
      'from',
      'record started',
      'fold',
      'record finished',
      'publish',
      'record published',
    ]);
    expect(result).toMatchObject({ items: 3, replaced: reading, isReplacedDropped: false });
    expect(items()).toEqual(expected);
  });

  const LINES = ['published', 'describe', 'from', 'record started', 'fold', 'record finished', 'publish'];
  const steps = LINES.flatMap((line) => [
    [line, 'before'] as const,
    ...(line === 'publish' ? [] : [[line, 'after'] as const]),
  ]);

  test.each(steps)(
    'failed at the step %j (%s), publishes nothing, and the next one leaves nothing of it',
    async (...at) => {
      const [line, when] = at;
      const { destination, compact, fail, reading, items, expected, log } = await stage();
      fail(line, when, away());

      await expect(compact()).rejects.toMatchObject(kind('destination-unavailable'));
      expect(destination.view.snapshotId).toBe(reading);
      expect(items()).toEqual(expected);
      const { snapshotId } = await compact(3);

      expect(items()).toEqual(expected);
      expect(new Set(destination.stored)).toEqual(new Set([reading, snapshotId]));
      expect(log.lines).toEqual([]);
    },
  );

  test('of which a fold failed, drops what it made at once, and records that', async () => {
    const { destination, compact, fail, reading, eventsOf } = await stage();
    fail('fold', 'after', away());

    await expect(compact()).rejects.toThrow();
    expect(destination.stored).toEqual([reading]);
    const failed = destination.events.at(-1)?.snapshotId ?? '';
    await compact(3);

    expect(eventsOf(failed)).toEqual(['started', 'dropped']);
  });

  test('over a cap on what it may read, leaves the state as it was, and runs once the cap is higher', async () => {
    const { destination, compact, fail, reading, items, expected } = await stage();
    destination.foldsInJobs = true;
    fail('fold', 'before', new TailraceError('query-cap-reached', 'It would bill more'));

    await expect(compact()).rejects.toMatchObject(kind('query-cap-reached'));
    expect(destination.view.snapshotId).toBe(reading);
    await compact();

    expect(items()).toEqual(expected);
  });

  test.each([
    ['of this table is used by the next one', {}, true],
    ['of an earlier table of the name is not', { tableId: 'deleted since' }, false],
  ] as const)('left by a process that ended, %s', async (_, other, isUsed) => {
    const { destination, compact, fail } = await stage();
    destination.foldsInJobs = true;
    fail('fold', 'after', away());
    await expect(compact()).rejects.toThrow();
    const left = destination.events.at(-1)?.snapshotId ?? '';
    const events = destination.events.splice(0);
    destination.events.push(...events.map((event) => (event.snapshotId === left ? { ...event, ...other } : event)));

    const { snapshotId } = await compact();

    expect(snapshotId === left).toBe(isUsed);
  });

  test('of which only the answer to its publication was lost, is published', async () => {
    const { destination, compact, fail, log } = await stage();
    fail('publish', 'after', away());

    const { snapshotId } = await compact();

    expect(destination.view.snapshotId).toBe(snapshotId);
    expect(destination.events.at(-1)).toMatchObject({ event: 'published', snapshotId });
    expect(log.lines).toEqual([]);
  });

  test.each(['before', 'after'] as const)(
    'that the ledger could not record as published is published all the same (%s)',
    async (at) => {
      const { destination, compact, fail, log } = await stage();
      fail('record published', at, away());

      const { snapshotId } = await compact();
      expect(log.lines).toMatchObject([{ level: 'warn', message: 'snapshot published, but not in the ledger' }]);
      await compact(3);
      await compact(6);

      // The second one names it as what it replaced, so the third one doesn't take it for a failed one.
      expect(destination.stored).toContain(snapshotId);
    },
  );

  test('begins nothing while the ledger is away', async () => {
    const { destination, compact, reading } = await stage();
    destination.ledger = () => Promise.reject(away());

    await expect(compact()).rejects.toMatchObject(kind('destination-unavailable'));

    expect(destination.stored).toEqual([reading]);
    expect(destination.steps).not.toContain('fold');
  });

  test('over which a backfill was published meanwhile, is dropped, and the backfill stays', async () => {
    const { destination, compact, reading, table, backfill, eventsOf } = await stage();
    let second = '';
    destination.before = async (step) => {
      if (step !== 'publish') return;
      destination.before = () => {};
      table.time += HOUR;
      second = (await backfill({ destination })).snapshotId;
    };

    await expect(compact()).rejects.toMatchObject(kind('snapshot-superseded'));

    expect(destination.view.snapshotId).toBe(second);
    expect(new Set(destination.stored)).toEqual(new Set([reading, second]));
    expect(eventsOf(destination.events.at(-1)?.snapshotId ?? '')).toEqual(['started', 'finished', 'dropped']);
  });

  test('beside another one: one is published, and the other is dropped', async () => {
    const { destination, compact, reading, items, expected } = await stage();

    const results = await Promise.allSettled([compact(1), compact(2)]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { kind: 'snapshot-superseded' },
    });
    expect(new Set(destination.stored)).toEqual(new Set([reading, destination.view.snapshotId]));
    expect(items()).toEqual(expected);
  });

  test('does not drop what another process began within the hour', async () => {
    const { destination, compact, items, expected } = await stage();
    let began = '';
    destination.before = async (step) => {
      if (step !== 'fold' || began !== '') return;
      began = 'the first';
      await compact(1.5);
      began = destination.view.snapshotId ?? '';
    };

    await expect(compact(1)).rejects.toMatchObject(kind('snapshot-superseded'));

    expect(destination.view.snapshotId).toBe(began);
    expect(items()).toEqual(expected);
    // The first one drops its own.
    expect(destination.steps.filter((step) => step === 'drop')).toHaveLength(1);
  });

  test('of which the base is gone, or its comment, is refused by name before anything is begun', async () => {
    const { destination, compact, reading } = await stage();
    destination.made.delete(reading);

    await expect(compact()).rejects.toMatchObject({
      kind: 'destination-conflict',
      message: `The state of Orders stands on Orders_snapshot_${reading}, which isn't there, or has lost the comment by which Tailrace knows it`,
      remedy: expect.stringContaining('tailrace backfill Orders'),
    });

    expect(destination.steps).toEqual(['published', 'describe']);
  });

  test('of a table without a state is refused', async () => {
    const { destination, compact } = await stage();
    destination.published = () => Promise.resolve(undefined);

    await expect(compact()).rejects.toMatchObject(kind('destination-missing'));
  });

  test('that is interrupted while it folds, publishes nothing and drops what it made', async () => {
    const { destination, compact, reading, signal } = await stage();
    destination.after = (step) => {
      if (step !== 'fold') return;
      signal.abort();
      signal.signal.throwIfAborted();
    };

    await expect(compact()).rejects.toMatchObject(kind('interrupted'));

    expect(destination.view.snapshotId).toBe(reading);
    expect(destination.stored).toEqual([reading]);
  });

  test('that replaces another compaction drops that one if it shall, and never a reading', async () => {
    const { destination, compact, reading } = await stage();

    const first = await compact(1, { dropReplaced: true });
    const second = await compact(2, { dropReplaced: true });

    expect([first.isReplacedDropped, second.isReplacedDropped]).toEqual([false, true]);
    expect(new Set(destination.stored)).toEqual(new Set([reading, second.snapshotId]));
    expect(destination.events.at(-1)).toMatchObject({ event: 'dropped', snapshotId: first.snapshotId });
  });

  test('that can not drop what it replaced is published all the same, and logs that', async () => {
    const { destination, compact, fail, log } = await stage();
    const first = await compact();
    fail('drop', 'before', away());

    const second = await compact(2, { dropReplaced: true });

    expect(second.isReplacedDropped).toBe(false);
    expect(destination.view.snapshotId).toBe(second.snapshotId);
    expect(log.lines).toMatchObject([{ message: 'snapshot left behind', fields: { snapshot: first.snapshotId } }]);
  });
});
