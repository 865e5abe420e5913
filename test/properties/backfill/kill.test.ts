import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BackfillResult } from '../../../backfill/backfill.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { toSnapshotRow } from '../../../src/snapshot/row.ts';
import { Crash } from '../../support/process/crash.ts';
import { backfillStage, order } from '../../support/stages/backfill-stage.ts';
import { RUNS } from '../../support/vitest/budget.ts';

type Stage = ReturnType<typeof backfillStage>;

/** One run of a process that is killed at its `after`th wait; `undefined` if it was. */
async function runKilled(stage: Stage, after: number): Promise<BackfillResult | undefined> {
  const { table, destination, checkpoints, deadLetters } = stage;
  const crash = new Crash(after);
  const { step } = crash;
  table.beforePage = step;
  destination.before = step;
  destination.after = step;
  checkpoints.step = step;
  const run = stage.backfill({
    segments: 2,
    maxChunkRows: 3,
    streams: {
      async describe(arn) {
        await step();
        return table.describe(arn);
      },
    },
    deadLetters: {
      async put(letter) {
        await step();
        await deadLetters.put(letter);
      },
    },
  });
  return crash.outcomeOf(run);
}

/** What the latest view shows: the snapshot, and over it what was changed since the first start. */
function shown(
  { destination }: Stage,
  changes: ReadonlyMap<string, string | null>,
): ReadonlyMap<string, string | null> {
  const rows = destination.snapshots.get(destination.view.snapshotId ?? '') ?? [];
  const keys = rows.map(({ key }) => key);
  expect(keys).toHaveLength(new Set(keys).size);
  const state = new Map<string, string | null>(rows.map(({ key, digest }) => [key, digest]));
  for (const [key, digest] of changes) state.set(key, digest);
  return new Map([...state].filter(([, digest]) => digest !== null));
}

function stateOf({ table }: Stage): ReadonlyMap<string, string | null> {
  return new Map([...table.items.values()].map((item) => rowOf(item)));
}

function rowOf(item: Parameters<typeof toSnapshotRow>[0]): [string, string | null] {
  const { key, digest } = toSnapshotRow(item, ['id'], identity);
  return [key, digest];
}

/** Changes that the stream would bring: an item that changes, one that goes and one that comes. */
function change({ table }: Stage, changes: Map<string, string | null>, turn: number): void {
  const [first] = table.items.keys();
  if (first !== undefined) {
    table.items.delete(first);
    changes.set(first, null);
  }
  for (const item of [order('c', { turn: { N: `${turn}` } }), order(`new-${turn}`)]) {
    table.put(item);
    changes.set(...rowOf(item));
  }
}

const ITEMS = [...'abcdefghijklmnop'].map((id) => order(id));

test.each([true, false])(
  'killed at any one of its waits, the next run ends it with nothing lost',
  async (loadsChunksOnce) => {
    let isKilled = true;
    for (let after = 0; isKilled; after++) {
      const stage = backfillStage(ITEMS);
      stage.destination.loadsChunksOnce = loadsChunksOnce;
      const changes = new Map<string, string | null>();
      const first = await runKilled(stage, after);
      isKilled = first === undefined;
      if (!isKilled) break;
      const firstFloor = stage.destination.events[0]?.floor;
      change(stage, changes, 1);
      stage.table.time += 60 * 60_000;

      const result = await runKilled(stage, Number.POSITIVE_INFINITY);

      expect(result?.isPublished).toBe(true);
      expect(shown(stage, changes)).toEqual(stateOf(stage));
      expect(stage.checkpoints.text).toBeNull();
      if (firstFloor !== undefined && result?.isResumed) expect(stage.destination.view.floor).toBe(firstFloor);
      // The snapshot that was begun is the one that is published.
      if (result?.isResumed) expect(stage.destination.stored).toEqual([result.snapshotId]);
      expect(stage.destination.loads.size).toBe(0);
    }
  },
);

test('killed again and again, it still ends with nothing lost, and no half of it is ever seen', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(60), { maxLength: 12 }), fc.boolean(), async (kills, loadsChunksOnce) => {
      const stage = backfillStage(ITEMS);
      stage.destination.loadsChunksOnce = loadsChunksOnce;
      const changes = new Map<string, string | null>();
      let turn = 0;
      for (const after of [...kills, Number.POSITIVE_INFINITY]) {
        const result = await runKilled(stage, after);
        if (stage.destination.view.snapshotId !== null) {
          expect(shown(stage, changes)).toEqual(stateOf(stage));
          return;
        }
        expect(result).toBeUndefined();
        change(stage, changes, ++turn);
      }
      expect.unreachable('It was never published');
    }),
    RUNS,
  );
});
