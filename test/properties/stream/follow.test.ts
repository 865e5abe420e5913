import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TailraceError } from '../../../src/errors.ts';
import { compareSequenceNumbers } from '../../../src/order/position.ts';
import type { Checkpoint } from '../../../src/stream/checkpoint.ts';
import { VirtualClock } from '../../support/clock/virtual-clock.ts';
import { Crash } from '../../support/process/crash.ts';
import { FollowStage } from '../../support/stages/follow-stage.ts';
import type { StreamFault } from '../../support/stream/scripted-streams.ts';
import { type HistoryShard, history, numbersByKey, playHistory } from '../../support/stream/shard-history.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const seed = fc.nat(2 ** 31);

test('killed anywhere and started again, every record comes at least once and each item in its order', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.array(fc.nat(120), { maxLength: 5 }), seed, async (shards, kills, chance) => {
      const stage = new FollowStage();
      playHistory(shards, stage.streams);
      misbehave(stage, chance);
      stage.onPage = ({ shardId }) => expectAncestorsDurable(shardId, shards, stage.durable);
      stage.onSave = (checkpoint) => expectBehindDurable(checkpoint, shards, stage.durable);

      for (const after of kills) await runUntilKilled(stage, after);
      recover(stage);
      const result = await stage.run();

      expect(result).toMatchObject({ reason: 'ended', lost: [] });
      const delivered = [...new Set(stage.pages.flatMap(({ numbers }) => numbers))];
      for (const [, numbers] of numbersByKey(shards)) {
        expect(delivered.filter((number) => numbers.includes(number))).toEqual(numbers);
        expect(numbers.filter((number) => !stage.durable.has(number))).toEqual([]);
      }
    }),
    RUNS,
  );
});

test('stopped by signal anywhere and started again, nothing that was saved is delivered twice', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.nat(40), async (shards, after) => {
      const stage = new FollowStage();
      playHistory(shards, stage.streams);
      const running = stage.start();
      await stage.clock.until(() => stage.ended || stage.streams.calls.length > after);
      stage.stop();
      await stage.clock.run(running);
      await stage.run();
      const delivered = stage.pages.flatMap(({ numbers }) => numbers);
      expect(delivered).toHaveLength(new Set(delivered).size);
      expect(delivered).toHaveLength(shards.flatMap(({ records }) => records).length);
    }),
    RUNS,
  );
});

/** Has the stream and the handler fail at random, for as long as the tail is young. */
function misbehave(stage: FollowStage, chance: number): void {
  const random = seededRandom(chance);
  const pick = <T>(...choices: readonly T[]) => choices[Math.floor(random.next() * choices.length)];
  stage.streams.faultOf = (call): StreamFault | null => {
    if (random.next() < 0.8) return null;
    if (call === 'describe') return 'throttle';
    if (call === 'iterator') return pick<StreamFault>('throttle', 'refuse') ?? null;
    return pick<StreamFault>('empty-page', 'throttle', 'expire', 'refuse') ?? null;
  };
  stage.answer = async ({ numbers }) => {
    await stage.streams.step();
    const fate = random.next();
    if (fate < 0.1) throw new TailraceError('destination-unavailable', 'Refused');
    if (fate < 0.2) {
      // Written, and the answer was lost.
      for (const number of numbers) stage.durable.add(number);
      throw new Error('Lost');
    }
    if (fate < 0.4) {
      const failed = numbers.filter(() => random.next() < 0.4).map((itemIdentifier) => ({ itemIdentifier }));
      return { batchItemFailures: failed.sort(() => random.next() - 0.5) };
    }
    return null;
  };
}

function recover(stage: FollowStage): void {
  stage.streams.faultOf = () => null;
  stage.answer = () => null;
  stage.streams.step = () => Promise.resolve();
}

async function runUntilKilled(stage: FollowStage, after: number): Promise<void> {
  const crash = new Crash(after);
  stage.streams.step = crash.step;
  stage.clock = new VirtualClock(stage.clock.now());
  stage.streams.clock = stage.clock;
  const running = stage.start({ save: (checkpoint) => stage.save(checkpoint, crash.step) });
  await stage.clock.until(() => crash.happened || stage.ended);
  if (stage.ended) await running;
}

/** No shard is begun while anything of what it descends from is not durable. */
function expectAncestorsDurable(
  shardId: string | null,
  shards: readonly HistoryShard[],
  durable: ReadonlySet<string>,
): void {
  for (const { id, records } of shards) {
    if (!shardId?.startsWith(`${id}.`)) continue;
    const open = records.find(([number]) => !durable.has(number));
    if (open) throw new TailraceError('stream-lineage', `${shardId} was begun before ${open[0]} of ${id} was durable`);
  }
}

/** The invariant of every checkpoint: nothing that it passes over is anything but durable. */
function expectBehindDurable(
  checkpoint: Checkpoint,
  shards: readonly HistoryShard[],
  durable: ReadonlySet<string>,
): void {
  for (const { id, records } of shards) {
    const progress = checkpoint.shards.get(id);
    if (!progress) continue;
    const { resume, done } = progress;
    for (const [number] of records) {
      const passed =
        done ||
        (resume.at !== 'TRIM_HORIZON' &&
          compareSequenceNumbers(number, resume.sequenceNumber) < (resume.at === 'AFTER_SEQUENCE_NUMBER' ? 1 : 0));
      if (passed && !durable.has(number)) throw new Error(`Checkpoint passes over ${number} of ${id}`);
    }
  }
}
