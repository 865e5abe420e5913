import { DEFAULT_LAG_MS, type VerifyFinding } from '../../../backfill/verify/verify-options.ts';
import { keyOf } from '../world/change.ts';
import type { Commands } from '../world/commands.ts';
import { compact } from '../world/compactions.ts';
import { searchGaps } from '../world/gaps.ts';
import { replayFailures, replayFiles, replayLetters, replayShard } from '../world/replay-inputs.ts';
import { retain } from '../world/retention.ts';
import { dropByHand, publishByHand, rollBack } from '../world/snapshots-by-hand.ts';
import type { StreamReplay } from '../world/stream-replay.ts';
import type { ScanManner } from '../world/table-client.ts';
import type { Tail } from '../world/tail.ts';
import type { World } from '../world/world.ts';
import { agreementFrom } from './agreement.ts';
import { late } from './oracle.ts';
import type { Action, Setting, Step } from './plan.ts';

/** How long it takes an operator to map Lambda to a new stream. */
const DEPLOYED_MS = 3 * 60_000;

/** Where a history is played. */
export type Stage = {
  readonly world: World;
  readonly commands: Commands;
  readonly tail: Tail;
  readonly streamReplay: StreamReplay;
  readonly setting: Setting;
  /** Commands that still run. */
  readonly running: Set<Promise<unknown>>;
};

type ActionOf<Name, A = Action> = A extends { readonly do: infer Names } ? (Name extends Names ? A : never) : never;
type Acts = { readonly [Name in Action['do']]: (action: ActionOf<Name>, stage: Stage) => unknown };

/** How each action is done. */
const ACTS: Acts = {
  put: ({ name }, { world }) => world.table.put(name),
  'put same': ({ name }, { world }) => world.table.putSame(name),
  'put unreadable': ({ name }, { world }) => world.table.put(name, { unreadable: true }),
  remove: ({ name }, { world }) => world.table.remove(name),
  expire: ({ name }, { world }) => world.table.remove(name, { expired: true }),
  transact: ({ names }, { world }) => {
    world.story.trouble('transaction', 'writer', `writes ${names.length} items at once`);
    for (const name of names) world.table.put(name);
  },

  'divide shard': ({ shard, into }, { world }) => {
    const closed = world.table.stream?.divide(shard, into, world.scheduler.now());
    const kind = into === 2 ? 'shard split' : 'shard rolled';
    if (closed) world.story.trouble(kind, 'stream', `closes ${closed.id}`);
    world.table.ring();
  },
  'switch stream off': (_, { world }) => world.table.stream && world.table.disableStream(),
  'switch stream on': (action, stage) => stage.world.table.stream ?? switchStreamOn(action, stage),
  'reject rows': ({ name }, { world }) => world.faults.reject(keyOf(name)),
  'take rows': ({ name }, { world }) => world.faults.rejected.delete(keyOf(name)),
  'end calls early': ({ ends }, { world }) => world.faults.earlyCallEnds.push(...ends),
  'fail next': (fault, { world }) => {
    world.story.tell('fate', `${fault.at}: ${fault.fault}, ${fault.count} times`);
    world.faults.failNext(fault);
  },
  'fail for': (fault, { world }) => {
    world.story.tell('fate', `${fault.at}: ${fault.fault}, for ${fault.ms} ms`);
    world.faults.failFor(fault);
  },

  'set clock': ({ of, ms }, { world, setting }) => {
    if (of === 'file' && setting.destination !== 'duckdb') return;
    world.story.trouble('clock set', of, `has a clock that is set ${ms} ms ahead`);
    world.clocks.set(of, ms);
  },

  retain: (how, stage) => run(retain(how, stage.world, stage.commands), stage),
  compact: (how, stage) => run(compact(how, stage.world, stage.commands), stage),
  backfill: (action, stage) => run(stage.commands.backfills.run(action), stage),
  verify: ({ manner }, stage) => run(verify(manner, stage), stage),
  repair: (how, stage) => run(repair(how, stage), stage),
  'start tail': ({ crashAfter }, { tail, setting }) => setting.readers !== 'lambda' && tail.start(crashAfter),
  'stop tail': (_, { tail }) => tail.stop(),
  'kill tail': (_, { tail }) => tail.kill(),
  'replay failures': (_, stage) => run(replayFailures(stage.world, stage.commands), stage),
  'replay dead letters': (_, stage) => run(replayLetters(stage.world, stage.commands), stage),
  'replay files': (_, stage) => run(replayFiles(stage.world, stage.commands), stage),
  'replay stream': (early, stage) => run(stage.streamReplay.run(early), stage),
  'replay shard': (which, stage) => run(replayShard(which, stage.world, stage.commands), stage),
  'search gaps': (how, stage) => run(searchGaps(how, stage.world, stage.commands), stage),
  'publish snapshot': ({ pick }, stage) => run(publishByHand(pick, stage.world, stage.commands), stage),
  'roll back': (_, stage) => run(rollBack(stage.world, stage.commands), stage),
  'drop snapshot': ({ pick }, stage) => run(dropByHand(pick, stage.world, stage.commands), stage),

  'await commands': (_, { running }) => Promise.all(running),
  nothing: () => {},
};

/** Does a step. Commands that it starts run on. */
export async function act(step: Step, stage: Stage): Promise<void> {
  // TypeScript doesn't see that a step belongs to the entry of its own name.
  const work = ACTS[step.do] as (action: Action, stage: Stage) => unknown;
  await work(step, stage);
}

/** Switches a stream on, and has Lambda mapped to it if Lambda reads it. */
export function switchStreamOn(
  { enablingMs, lateMs }: { readonly enablingMs: number; readonly lateMs: number },
  { world, setting }: Stage,
): void {
  const { table, mapping, scheduler, story } = world;
  const isFirst = table.streams.length === 0;
  const stream = table.enableStream(enablingMs, lateMs);
  if (!isFirst) story.trouble('stream switched', 'table', 'has another stream than before');
  if (setting.readers === 'tail') return;
  void scheduler.sleep(isFirst ? 0 : DEPLOYED_MS).then(() => mapping.follow(stream));
}

async function verify(manner: ScanManner, { world, commands }: Stage): Promise<void> {
  const writes = world.table.changes.length;
  const judge = judgeFrom(world);
  const agreesTo = await agreementFrom(world);
  const result = await commands.verify(manner);
  if (result?.verdict === 'agree') await agreesTo('verify');
  if (world.table.changes.length > writes) {
    world.story.trouble('verify during writes', 'watcher', 'sees writes meanwhile');
  }
  judge(result?.findings ?? []);
}

async function repair(how: ActionOf<'repair'>, { world, commands }: Stage): Promise<void> {
  const judge = judgeFrom(world);
  const agreesTo = await agreementFrom(world);
  const findings: VerifyFinding[] = [];
  let agrees = false;
  await commands.backfills.run(
    { ...how, repair: true },
    {
      onFinding: (finding) => findings.push(finding),
      onResult: ({ verdict, check }) => {
        agrees = (check?.verdict ?? verdict) === 'agree';
        if (check?.isRescanned && check.verdict === 'differ')
          world.story.trouble('loss since a repair began', 'watcher', 'sees that the resumed repair still finds it');
      },
    },
  );
  judge(findings);
  if (agrees) await agreesTo('a repair');
}

/** Judges what verify finds from now on, during writes: each finding must be of a change that is too late or lost. */
function judgeFrom(world: World) {
  const { scheduler, story } = world;
  const from = scheduler.now();
  return (findings: readonly VerifyFinding[]) => {
    const excused = late(world, { from, to: scheduler.now(), lagMs: DEFAULT_LAG_MS });
    for (const name of world.underOtherRules) excused.add(keyOf(name));
    for (const { key, finding } of findings) {
      if (key !== null && excused.has(key)) story.trouble('verify finds a loss', 'watcher', `${key} is ${finding}`);
      else world.violate(`verify reports that ${key} is ${finding}, and all of its changes came in time`);
    }
  };
}

function run(command: Promise<unknown>, { running }: Stage): void {
  const ended = command.finally(() => running.delete(ended));
  running.add(ended);
  ended.catch(() => {});
}
