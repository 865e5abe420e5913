import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RepairResult, runRepair } from '../../../backfill/verify/repair.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { toSnapshotRow } from '../../../src/snapshot/row.ts';
import type { AttributeMap } from '../../../src/value/attribute-value.ts';
import { hurriedClock } from '../../support/clock/simple-clocks.ts';
import { MemoryStates } from '../../support/memory/states.ts';
import { Crash } from '../../support/process/crash.ts';
import { backfillStage, order } from '../../support/stages/backfill-stage.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';
import { RUNS } from '../../support/vitest/budget.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

const ITEMS = [...'abcdef'].map((id) => order(id));
const HOUR = 60 * 60_000;

const latestRowOf = (item: AttributeMap) => {
  const { key, digest, item: text } = toSnapshotRow(item, ['id'], identity);
  return { key, digest, item: text };
};

/** A table whose latest view stands on a backfill of an hour ago. */
async function stage() {
  const { table, deadLetters, checkpoints, log, backfill } = backfillStage(ITEMS);
  const destination = new MemoryStates();
  await backfill({ destination });
  table.time += HOUR;
  const spool = temporaryFolder();
  const random = seededRandom(2);

  const digestsOfTable = () =>
    new Map([...table.items.values()].map(latestRowOf).map(({ key, digest }) => [key, digest]));
  const digestsShown = () => new Map([...destination.shown()].map(([key, { digest }]) => [key, digest]));
  /** States of the view while a process ran, each once. */
  const seen = new Set<string>();
  const look = () => void seen.add(JSON.stringify([...digestsShown()].sort()));

  /** One run of a process that is killed at its `after`th wait; `undefined` if it was. */
  const repairKilled = (after: number): Promise<RepairResult | undefined> => {
    const crash = new Crash(after);
    const step = () => {
      look();
      return crash.step();
    };
    table.beforePage = step;
    destination.before = step;
    destination.after = step;
    checkpoints.step = step;
    const run = runRepair({
      table: 'Orders',
      reader: {
        describe: (name) => table.describe(name),
        scan: (request) => table.scan(request),
        ...stepwiseGet(step),
      },
      streams: table,
      destination,
      deadLetters,
      transform: identity,
      clock: hurriedClock(table.time),
      random,
      log,
      segments: 2,
      maxChunkRows: 2,
      minStreamAgeMs: 0,
      actor: 'ann@laptop',
      signal: new AbortController().signal,
      checkpoints,
      spool,
      lagMs: 1,
    });
    return crash.outcomeOf(run);
  };
  const stepwiseGet = (step: () => Promise<void>) => ({
    enableStream: () => table.enableStream(),
    serverTime: () => table.serverTime(),
    get: async (request: Parameters<typeof table.get>[0]) => {
      await step();
      return table.get(request);
    },
  });
  /** Changes that were lost: an item that came, one that changed and one that went. */
  const lose = () => {
    table.put(order('new'));
    table.put(order('b', { paid: { BOOL: true } }));
    table.items.delete('["c"]');
  };
  /** A change that the stream brings. */
  const change = (turn: number) => {
    const item = order('d', { turn: { N: `${turn}` } });
    table.put(item);
    destination.changes.set('["d"]', latestRowOf(item));
  };
  const firstId = destination.view.snapshotId;
  return { table, destination, checkpoints, repairKilled, lose, change, digestsOfTable, digestsShown, seen, firstId };
}

const textOf = (state: ReadonlyMap<string, string>) => JSON.stringify([...state].sort());

test('killed at any one of its waits, no half of a repair is ever seen, and the next run ends it', async () => {
  let isKilled = true;
  let kills = 0;
  for (let after = 0; isKilled; after++) {
    const { destination, checkpoints, repairKilled, lose, change, ...states } = await stage();
    const before = textOf(states.digestsShown());
    lose();
    const repaired = textOf(states.digestsOfTable());

    isKilled = (await repairKilled(after)) === undefined;

    expect([before, repaired]).toEqual(expect.arrayContaining([...states.seen]));
    expect([before, repaired]).toContain(textOf(states.digestsShown()));
    change(1);
    states.table.time += HOUR;
    const result = await repairKilled(Number.POSITIVE_INFINITY);

    expect(states.digestsShown()).toEqual(states.digestsOfTable());
    expect(checkpoints.text).toBeNull();
    if (isKilled) {
      kills++;
      expect(result).toMatchObject({ verdict: result?.isRepaired ? 'differ' : 'agree' });
      // The one before, to go back to, and the one that the view stands on.
      expect(new Set([states.firstId, destination.view.snapshotId])).toEqual(new Set(destination.stored));
    } else {
      expect(result).toMatchObject({ verdict: 'agree', isRepaired: false });
    }
  }
  expect(kills).toBeGreaterThan(40);
});

test('killed where nothing differs, nothing is ever published, and what was read is dropped in the end', async () => {
  let isKilled = true;
  for (let after = 0; isKilled; after++) {
    const { destination, checkpoints, repairKilled, ...states } = await stage();
    const before = textOf(states.digestsShown());

    isKilled = (await repairKilled(after)) === undefined;
    expect(await repairKilled(Number.POSITIVE_INFINITY)).toMatchObject({ verdict: 'agree', isRepaired: false });

    expect([...states.seen]).toEqual([before]);
    expect(destination.view.snapshotId).toBe(states.firstId);
    expect(destination.stored).toEqual([states.firstId]);
    expect(checkpoints.text).toBeNull();
  }
});

test('killed again and again while the table changes, it still ends with what the table holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 5 }), async (kills) => {
      const { repairKilled, lose, change, ...states } = await stage();
      lose();
      for (const [turn, after] of kills.entries()) {
        if (await repairKilled(after)) break;
        change(turn);
        states.table.time += HOUR;
      }
      await repairKilled(Number.POSITIVE_INFINITY);

      expect(states.digestsShown()).toEqual(states.digestsOfTable());
    }),
    RUNS,
  );
});
