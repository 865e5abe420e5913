import { DEFAULT_LAG_MS } from '../../../backfill/verify.ts';
import { keyOf } from '../world/change.ts';
import type { Commands } from '../world/commands.ts';
import { replayFailures, replayLetters, replayStream } from '../world/replay.ts';
import type { ScanManner } from '../world/table-client.ts';
import type { Tail } from '../world/tail.ts';
import type { World } from '../world/world.ts';
import { late } from './oracle.ts';
import type { Setting, Step } from './plan.ts';

/** How long it takes until somebody maps Lambda to a new stream. */
const DEPLOYED_MS = 3 * 60_000;

/** Where a history is played. */
export type Stage = {
  readonly world: World;
  readonly commands: Commands;
  readonly tail: Tail;
  readonly setting: Setting;
  /** Commands that still run. */
  readonly running: Set<Promise<unknown>>;
};

/** Does what was decided. Commands go on by themselves. */
export function act(step: Step, stage: Stage): void {
  const { world, tail, commands } = stage;
  const { table, faults, scheduler, story } = world;
  const now = scheduler.now();
  const until = 'ms' in step ? now + step.ms : now;
  const count = 'count' in step ? step.count : 0;
  if ('ms' in step || 'count' in step)
    story.tell('fate', `${step.do}: ${'ms' in step ? `${step.ms} ms` : `${count} times`}`);
  switch (step.do) {
    case 'put':
      return void table.put(step.name);
    case 'put same':
      return table.putSame(step.name);
    case 'put unreadable':
      return void table.put(step.name, { unreadable: true });
    case 'remove':
      return void table.remove(step.name);
    case 'expire':
      return void table.remove(step.name, { expired: true });
    case 'transact':
      story.trouble('transaction', 'writer', `writes ${step.names.length} items at once`);
      for (const name of step.names) table.put(name);
      return;
    case 'divide shard':
      return divideShard(step.shard, step.into, stage);
    case 'switch stream off':
      if (table.stream) table.disableStream();
      return;
    case 'switch stream on':
      if (!table.stream) switchStreamOn(step, stage);
      return;
    case 'throttle':
      faults.throttles = count;
      return;
    case 'expire iterators':
      faults.expiredIterators = count;
      return;
    case 'give empty pages':
      faults.emptyPages = count;
      return;
    case 'outage':
      faults.outageUntil = until;
      return;
    case 'quota':
      faults.quotaUntil = until;
      return;
    case 'forget table':
      faults.unknownUntil = until;
      return;
    case 'fill dead letters':
      faults.lettersFullUntil = until;
      return;
    case 'slow down':
      faults.slow = { until, ms: step.by };
      return;
    case 'show late':
      faults.late = { until, ms: step.by };
      return;
    case 'lose answers':
      faults.lostAnswers = count;
      return;
    case 'lose publications':
      faults.lostPublications = count;
      return;
    case 'store in part':
      faults.partialInserts = count;
      return;
    case 'refuse rows':
      faults.refused.add(keyOf(step.name));
      faults.everRefused.add(keyOf(step.name));
      return;
    case 'take rows again':
      faults.refused.delete(keyOf(step.name));
      return;
    case 'crash lambda':
      faults.crashes.push(...step.at);
      return;
    case 'deliver twice':
      faults.redeliveries = count;
      return;
    case 'make payloads huge':
      faults.hugePayloads = count;
      return;
    case 'pause lambda':
      faults.pausedUntil = until;
      return;
    case 'backfill':
      return run(commands.backfills.run(step), stage);
    case 'verify':
      return run(verify(step.manner, stage), stage);
    case 'start tail':
      if (stage.setting.readers !== 'lambda') tail.start(step.killAfter);
      return;
    case 'stop tail':
      return tail.stop();
    case 'kill tail':
      return tail.kill();
    case 'replay failures':
      return run(replayFailures(world, commands), stage);
    case 'replay dead letters':
      return run(replayLetters(world, commands), stage);
    case 'replay stream':
      return run(replayStream(world, commands), stage);
    case 'await commands':
    case 'nothing':
      return;
  }
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

function divideShard(index: number, into: 1 | 2, { world }: Stage): void {
  const { table, scheduler, story } = world;
  const shard = table.stream?.divide(index, into, scheduler.now());
  if (shard) story.trouble(into === 2 ? 'shard split' : 'shard rolled', 'stream', `closes ${shard.id}`);
  table.ring();
}

/** What verify finds while the table is written to must be so: on its way for too long, or lost. */
async function verify(manner: ScanManner, { world, commands }: Stage): Promise<void> {
  const { scheduler, story } = world;
  const from = scheduler.now();
  const writes = world.table.changes.length;
  const result = await commands.verify(manner);
  if (world.table.changes.length > writes) story.trouble('verify during writes', 'watcher', 'saw writes meanwhile');
  const excused = late(world, { from, to: scheduler.now(), lagMs: DEFAULT_LAG_MS });
  for (const { key, finding } of result?.findings ?? []) {
    if (key !== null && excused.has(key)) story.trouble('verify finds a loss', 'watcher', `${key} is ${finding}`);
    else world.violate(`verify says that ${key} is ${finding}, and everything of it came in time`);
  }
}

function run(command: Promise<unknown>, { running }: Stage): void {
  const ended = command.finally(() => running.delete(ended));
  running.add(ended);
  ended.catch(() => {});
}
