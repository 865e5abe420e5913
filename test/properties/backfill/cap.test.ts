import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_PAGE_UNITS } from '../../../backfill/cost/request-cost.ts';
import { TailraceError } from '../../../src/errors.ts';
import { Crash } from '../../support/process/crash.ts';
import { backfillStage, order } from '../../support/stages/backfill-stage.ts';
import { RUNS } from '../../support/vitest/budget.ts';

type Stage = ReturnType<typeof backfillStage>;
/** `isFree`: that run has no cap. */
type End = { readonly how: 'kill' | 'load' | 'page'; readonly after: number; readonly isFree: boolean };

const ITEMS = Array.from({ length: 60 }, (_, id) => order(`order-${id}`));

/** A table that counts what its pages have really cost, whether or not the answer arrived. */
class Meter {
  /** Read units that DynamoDB would bill. */
  used = 0;
  pages = 0;

  /** One run, ended where `end` says. Gives whether it stopped at its cap; `undefined` if it came to neither end. */
  async run(
    stage: Stage,
    cap: number,
    segments: number,
    { how, after, isFree }: End,
  ): Promise<{ readonly isCapped: boolean } | undefined> {
    const { table, destination, checkpoints } = stage;
    const crash = new Crash(how === 'kill' ? after : Number.POSITIVE_INFINITY);
    let left = after;
    const fail = () => {
      if (left-- <= 0) throw new TailraceError('destination-busy', 'Injected');
    };
    table.beforePage = async () => {
      await crash.step();
      this.used += table.unitsPerPage;
      this.pages++;
      await crash.step();
      if (how === 'page') fail();
    };
    destination.before = async (step) => {
      await crash.step();
      if (how === 'load' && step === 'load') fail();
    };
    destination.after = crash.step;
    checkpoints.step = crash.step;
    const run = stage
      .backfill({ segments, maxUnits: isFree ? undefined : cap, maxChunkRows: 3 })
      .catch((error: unknown) => {
        expect(error).toMatchObject({ kind: 'destination-busy' });
        return undefined;
      });
    return crash.outcomeOf(run);
  }
}

function countedIn({ checkpoints }: Stage): number {
  return checkpoints.text === null ? 0 : Number(JSON.parse(checkpoints.text).read_units);
}

const ends = fc.array(
  fc.record({
    how: fc.constantFrom('kill' as const, 'load' as const, 'page' as const),
    after: fc.nat(120),
    isFree: fc.boolean(),
  }),
  { maxLength: 8 },
);

test('whenever runs are killed or fail, with a cap or without, none with a cap passes it, and little of it is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      ends,
      fc.integer({ min: 0, max: 8_000 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: MAX_PAGE_UNITS }),
      async (kills, cap, segments, unitsPerPage) => {
        const stage = backfillStage(ITEMS);
        stage.table.unitsPerPage = unitsPerPage;
        const meter = new Meter();
        const last = { how: 'kill', after: Number.POSITIVE_INFINITY, isFree: false } as const;
        for (const end of [...kills, last]) {
          const before = { counted: countedIn(stage), used: meter.used, pages: meter.pages };

          const result = await meter.run(stage, cap, segments, end);

          // What runs without a cap used counts: one with a cap asks for nothing beyond it.
          if (!end.isFree) expect(meter.used).toBeLessThanOrEqual(Math.max(cap, before.used));
          // Killed after its end, or after reporting it.
          if (stage.destination.view.snapshotId !== null && stage.checkpoints.text === null) return;
          const counted = countedIn(stage);
          if (!end.isFree) expect(counted).toBeLessThanOrEqual(Math.max(cap, before.counted));
          expect(counted).toBeGreaterThanOrEqual(meter.used);
          // Beside what may have been under way, and a tenth of the room if it had no chance to say what it used; without
          // a cap, of what it had used.
          const lost = counted - before.counted - (meter.used - before.used);
          const of = end.isFree ? counted : Math.max(0, cap - before.counted);
          const ahead = result === undefined && end.how === 'kill' ? of / 10 : 0;
          expect(lost).toBeLessThanOrEqual(ahead + segments * MAX_PAGE_UNITS);
          if (!result?.isCapped) continue;
          expect(counted).toBeGreaterThan(cap - MAX_PAGE_UNITS);
          expect(meter.pages > before.pages).toBe(before.counted + MAX_PAGE_UNITS <= cap);
        }
      },
    ),
    RUNS,
  );
});
