import { identity } from '../../../src/privacy/transform.ts';
import { findGaps } from '../../../src/replay/gaps.ts';
import type { Loss } from '../../../src/stream/loss.ts';
import { describeLoss } from '../../../src/stream/loss.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { STREAM_ARN, TABLE_ARN } from '../stream/record.ts';
import type { Call, ScriptedStreams } from '../stream/scripted-streams.ts';
import { seededRandom } from '../values/seeded-random.ts';
import { FollowStage } from './follow-stage.ts';
import { ReplayStage } from './replay-stage.ts';

/** A scripted stream, and a reader of the whole stream that is away in the middle of it. */
export type Absence = {
  readonly script: (streams: ScriptedStreams, clock: VirtualClock) => void;
  /** The call before which the reader is stopped or suspended; `null` for none. */
  readonly at: ((call: Call, shardId: string | null, taken: ReadonlySet<string>) => boolean) | null;
  /** What happens until it is started again or resumed. */
  readonly meanwhile?: (streams: ScriptedStreams, clock: VirtualClock) => void;
};

/** The losses that a reader named, and the sequence numbers that it took, in order. */
export type Read = { readonly lost: readonly string[]; readonly taken: readonly string[] };

/** How long an open stream is followed. */
const FOLLOWED_MS = 3 * 60_000;

/** Stops a tail by the signal where the absence begins, and starts it again from its checkpoint. */
export async function tail(absence: Absence): Promise<Read> {
  const stage = new FollowStage();
  const { streams, clock } = stage;
  absence.script(streams, clock);
  const lost: Loss[] = [];
  const run = async () => {
    const running = stage.start();
    running.catch(() => {});
    const until = clock.now() + FOLLOWED_MS;
    await clock.until(() => stage.ended || clock.now() > until);
    stage.stop();
    lost.push(...(await clock.run(running)).lost);
  };
  await away(absence, streams, clock, run, { taken: stage.durable, stop: stage.stop });
  return { lost: lost.map(describeLoss), taken: [...stage.durable] };
}

/** Interrupts a replay where the absence begins, and starts it again from its checkpoint. */
export async function replay(absence: Absence): Promise<Read> {
  const stage = new ReplayStage();
  const { streams, clock } = stage;
  absence.script(streams, clock);
  const taken = new Set<string>();
  let runs = 0;
  const run = async () => {
    runs++;
    // The second run reports the first one's losses again.
    stage.lost.length = 0;
    await stage.stream();
  };
  stage.onPage = (numbers) => {
    for (const number of numbers) taken.add(number);
  };
  await away(absence, streams, clock, run, { taken, stop: () => stage.interrupt() });
  if (absence.at && runs !== 2) throw new Error(`The replay ran ${runs} times`);
  return { lost: stage.lost, taken: [...taken] };
}

/** Suspends a search for gaps, as a laptop does, where the absence begins. */
export async function gaps({ script, at, meanwhile = () => {} }: Absence): Promise<Read> {
  const { streams, clock, log } = new ReplayStage();
  script(streams, clock);
  const lost: string[] = [];
  const taken = new Set<string>();
  let isAway = false;
  streams.faultOf = (call, shardId) => {
    if (isAway || !at?.(call, shardId, taken)) return null;
    isAway = true;
    meanwhile(streams, clock);
    return null;
  };
  const search = {
    add: async () => {},
    counts: async () => ({ streamed: taken.size, missing: 0, 'in-flight': 0, parked: 0 }),
    ranges: async () => [],
    [Symbol.asyncDispose]: async () => {},
  };
  await clock.run(
    findGaps(
      {
        client: streams,
        streamArn: STREAM_ARN,
        startedAt: clock.now(),
        quietPages: 3,
        clock,
        random: seededRandom(1),
        log,
        table: { name: 'Orders', arn: TABLE_ARN, tableId: null },
        destination: { findGaps: async () => search },
        transform: identity,
        // Called for each change that is read.
        isParked: (number) => !taken.add(number),
        lagCutoff: clock.now(),
        events: { lost: (loss) => void lost.push(describeLoss(loss)) },
        signal: new AbortController().signal,
        onProgress: () => {},
      },
      'search',
    ),
  );
  return { lost, taken: [...taken] };
}

async function away(
  { at, meanwhile = () => {} }: Absence,
  streams: ScriptedStreams,
  clock: VirtualClock,
  run: () => Promise<void>,
  { taken, stop }: { readonly taken: ReadonlySet<string>; readonly stop: () => void },
): Promise<void> {
  if (at === null) return run();
  streams.faultOf = (call, shardId) => {
    if (!at(call, shardId, taken)) return null;
    stop();
    return 'throttle';
  };
  await run().catch(() => {});
  streams.faultOf = () => null;
  meanwhile(streams, clock);
  await run();
}
