import { expect, test } from 'vitest';
import { runCompaction } from '../../../backfill/compaction.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { toSnapshotRow } from '../../../src/snapshot/row.ts';
import { fixedClock } from '../../support/clock/simple-clocks.ts';
import { RecordingLog } from '../../support/memory/recording-log.ts';
import { MemoryStates } from '../../support/memory/states.ts';
import { Crash } from '../../support/process/crash.ts';
import { backfillStage, order } from '../../support/stages/backfill-stage.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';

const HOUR = 60 * 60_000;

/** A table that was backfilled, with changes since, in a destination that folds in jobs of its own or not. */
async function stage(foldsInJobs: boolean) {
  const { table, backfill } = backfillStage([...'abcdef'].map((id) => order(id)));
  const destination = new MemoryStates();
  destination.foldsInJobs = foldsInJobs;
  const { snapshotId: reading } = await backfill({ destination });
  destination.changes.set('["a"]', null);
  destination.changes.set('["new"]', toSnapshotRow(order('new'), ['id'], identity));
  const log = new RecordingLog();
  const random = seededRandom(3);
  const shown = () => JSON.stringify([...destination.shown()].sort());
  const expected = shown();

  /** One run of a process, `hours` later, that is killed at its `after`th wait; `undefined` if it was. */
  const compact = (after: number, hours: number) => {
    const crash = new Crash(after);
    const step = () => {
      expect(shown()).toBe(expected);
      return crash.step();
    };
    destination.before = step;
    destination.after = step;
    return crash.outcomeOf(
      runCompaction({
        table: table.description.table,
        destination,
        clock: fixedClock(table.time + hours * HOUR),
        random,
        log,
        actor: 'ann@laptop',
        signal: new AbortController().signal,
        horizonMs: 90 * 24 * HOUR,
      }),
    );
  };
  return { destination, reading, compact, log, backfill, table };
}

test.each([true, false])(
  'killed at any one of its waits, the state shows the same, and the next one leaves nothing of it (jobs: %s)',
  async (foldsInJobs) => {
    let isKilled = true;
    let kills = 0;
    for (let after = 0; isKilled; after++) {
      const { destination, reading, compact, log } = await stage(foldsInJobs);
      const killed = await compact(after, 1);
      isKilled = killed === undefined;
      if (!isKilled) break;
      kills++;
      const isPublished = destination.view.snapshotId !== reading;
      const between = destination.view.snapshotId;

      const done = await compact(Number.POSITIVE_INFINITY, 3);

      expect(destination.view).toMatchObject({ snapshotId: done?.snapshotId, reading });
      expect(done).toMatchObject({ items: 6, replaced: between });
      expect(new Set(destination.stored)).toEqual(
        new Set([reading, done?.snapshotId, ...(isPublished ? [between] : [])]),
      );
      // A job's result isn't made twice.
      if (foldsInJobs && !isPublished)
        expect(new Set(destination.events.map(({ snapshotId }) => snapshotId)).size).toBeLessThan(4);
      expect(log.lines).toEqual([]);
    }
    expect(kills).toBeGreaterThan(10);
  },
);

test.each([true, false])(
  'killed, it is never published over a backfill that came in between (jobs: %s)',
  async (foldsInJobs) => {
    let isKilled = true;
    for (let after = 0; isKilled; after++) {
      const { destination, compact, backfill, table } = await stage(foldsInJobs);
      isKilled = (await compact(after, 1)) === undefined;
      destination.before = () => {};
      destination.after = () => {};
      table.time += 2 * HOUR;
      table.items.delete('["a"]');
      table.put(order('new'));
      const { snapshotId } = await backfill({ destination });
      expect(destination.view.snapshotId).toBe(snapshotId);

      const done = await compact(Number.POSITIVE_INFINITY, 3);

      expect(destination.view).toMatchObject({ snapshotId: done?.snapshotId, reading: snapshotId });
    }
  },
);
