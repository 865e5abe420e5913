import { Dice } from './dice.ts';
import { HOUR, MINUTE, SECOND } from './incidents/author.ts';
import { childUnseen } from './incidents/child-unseen.ts';
import { youngJob } from './incidents/compactions.ts';
import { incident } from './incidents/incident.ts';
import { lateReplay } from './incidents/late-replay.ts';
import { staleScans } from './incidents/stale-scan.ts';
import { type Plan, type Remade, type Setting, type Step, writesOf } from './plan.ts';
import { Writer } from './writer.ts';

/** The fewest writes of a history. */
export const MIN_WRITES = 30;
/** The fewest incidents of a history. */
export const MIN_INCIDENTS = 3;

/** Decides on a history, by its seed alone. */
export function generate(seed: number): Plan {
  const dice = new Dice(seed);
  const setting = { ...settingOf(dice), remade: remadeOf(seed) };
  const writer = new Writer(dice, setting.itemsBefore);
  const steps: Step[] = writer.burst(3);
  if (setting.changelogAgeMs < HOUR) steps.push(...refusedJob(seed));
  if (setting.changelogAgeMs < HOUR && dice.chance(0.8)) steps.push(...youngJob({ dice, writer, setting }));
  if (dice.chance(0.85)) {
    const manner = { pageItems: 3, pageMs: 50 };
    steps.push({ wait: dice.pick(0, 15 * MINUTE), do: 'backfill', segments: 2, manner });
    steps.push({ wait: 0, do: 'await commands' });
  }
  for (let count = dice.whole(MIN_INCIDENTS, MIN_INCIDENTS + 2); count > 0; count--) {
    steps.push({ wait: dice.pick(SECOND, 20 * SECOND, 2 * MINUTE, 7 * MINUTE, 20 * MINUTE), do: 'nothing' });
    steps.push(...incident({ dice, writer, setting }));
    steps.push(...writer.burst(dice.whole(1, 4)));
  }
  steps.push(...rareSteps(seed, setting));
  const plan = { seed, setting, steps };
  const lacking = MIN_WRITES - setting.itemsBefore - writesOf(plan);
  return { ...plan, steps: [...steps, ...dice.times(Math.max(0, lacking), () => writer.put(writer.name(), SECOND))] };
}

function settingOf(dice: Dice): Omit<Setting, 'remade'> {
  return {
    readers: dice.pick('lambda', 'lambda', 'lambda', 'tail', 'tail', 'both'),
    mapping: {
      batchSize: dice.pick(1, 3, 10, 100),
      windowMs: dice.pick(0, SECOND, 5 * SECOND),
      maxAgeMs: dice.pick(10 * MINUTE, HOUR, 20 * HOUR),
      failures: dice.pick('bucket', 'bucket', 'queue', 'topic'),
    },
    shardCount: dice.whole(1, 3),
    // Close below a number with one digit more, so that text order stops being their order.
    firstNumber: String(10n ** BigInt(dice.pick(20, 21, 28)) - BigInt(dice.whole(20, 120))),
    itemsBefore: dice.whole(0, 4),
    destination: dice.pick('bigquery', 'duckdb'),
    comparesStates: dice.chance(0.25),
    asksView: dice.chance(0.1),
    skewMs: dice.pick(0, 0, 8 * MINUTE, -8 * MINUTE),
    fileSkewMs: dice.pick(0, 0, 3 * HOUR, -3 * HOUR, 30 * HOUR),
    changelogAgeMs: dice.chance(0.2) ? dice.pick(0, 7 * MINUTE) : HOUR,
    forgetsMs: dice.pick(20 * SECOND, 10 * MINUTE, 14 * MINUTE),
  };
}

/** While a changelog is young, rows are loaded: by a job that is refused. By dice of its own, too. */
function refusedJob(seed: number): readonly Step[] {
  if (new Dice(seed ^ 0x10ad).chance(0.5)) return [];
  return [
    { wait: 0, do: 'fail next', at: 'warehouse', fault: 'refuse-job', count: 1 },
    { wait: 0, do: 'put', name: 'item-0' },
    { wait: MINUTE, do: 'nothing' },
  ];
}

/** What other steps hardly ever bring about. By dice of its own, so that the history before it is the same either way. */
function rareSteps(seed: number, { destination, fileSkewMs, readers }: Setting): readonly Step[] {
  const dice = new Dice(seed ^ 0x57a1e);
  const isFileBehind = destination === 'duckdb' && fileSkewMs < 0;
  return [
    ...(isFileBehind && dice.chance(0.5) ? staleScans(dice) : []),
    ...(dice.chance(0.1) ? lateReplay(dice) : []),
    ...(readers === 'tail' && dice.chance(0.2) ? childUnseen(dice) : []),
  ];
}

/** By dice of its own, too. */
function remadeOf(seed: number): Remade | null {
  const dice = new Dice(seed ^ 0x7ab1e);
  if (!dice.chance(0.1)) return null;
  return {
    hasSameLabel: dice.chance(0.4),
    isDated: dice.chance(0.7),
    end: dice.pick('removed', 'dropped by hand'),
  };
}
