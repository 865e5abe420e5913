import type { EarlyCallEnd } from '../../world/faults.ts';
import { HOUR, type Incident, MINUTE, SECOND } from './author.ts';
import { quickBackfill } from './backfill-manners.ts';

const CALL_ENDS: readonly [EarlyCallEnd, ...EarlyCallEnd[]] = [
  { fault: 'crash', after: 0 },
  { fault: 'crash', after: 1 },
  { fault: 'hang', after: 0 },
  { fault: 'hang', after: 1 },
];

/** Trouble with Lambda. */
export const LAMBDA: readonly Incident[] = [
  ({ dice, writer }) => [
    { wait: 0, do: 'end calls early', ends: dice.times(dice.whole(1, 4), () => dice.pick(...CALL_ENDS)) },
    ...writer.burst(dice.whole(4, 8)),
  ],
  ({ dice, writer }) => [
    { wait: 0, do: 'fail next', at: 'lambda', fault: 'deliver-twice', count: dice.whole(1, 5) },
    ...writer.burst(dice.whole(4, 8)),
  ],
  ({ dice, writer }) => [
    { wait: 0, do: 'fail for', at: 'lambda', fault: 'pause', ms: dice.pick(2, 20) * MINUTE },
    ...writer.burst(5),
  ],
  // Away for more than a day: the first writes are trimmed.
  ({ dice, writer }) => [
    ...writer.burst(2),
    { wait: 10 * SECOND, do: 'fail for', at: 'lambda', fault: 'pause', ms: 25 * HOUR },
    ...writer.burst(4),
    { wait: 24.5 * HOUR, do: 'nothing' },
    ...writer.burst(3),
    ...(dice.chance(0.5) ? [{ wait: 40 * MINUTE, ...quickBackfill(dice) }] : []),
  ],
  // An outage that outlasts the age at which Lambda gives up.
  ({ dice, writer, setting }) => {
    const { maxAgeMs } = setting.mapping;
    const names = writer.names(3);
    return [
      ...(dice.chance(0.8)
        ? ([{ wait: 0, do: 'fail next', at: 'lambda', fault: 'drop-payload', count: 2 }] as const)
        : []),
      { wait: 0, do: 'fail for', at: 'warehouse', fault: 'refuse', ms: maxAgeMs + 25 * MINUTE },
      ...names.map((name) => writer.put(name, SECOND)),
      ...writer.burst(3),
      { wait: maxAgeMs + 26 * MINUTE, do: 'nothing' },
      ...(dice.chance(0.6) ? names.map((name) => writer.put(name, SECOND)) : []),
      ...(dice.chance(0.6) ? [{ wait: 12 * MINUTE, ...quickBackfill(dice) }] : []),
      ...(dice.chance(0.4)
        ? ([{ wait: 2 * MINUTE, do: 'fail for', at: 'warehouse', fault: 'refuse', ms: 6 * MINUTE }] as const)
        : []),
      ...(dice.chance(0.4) ? ([{ wait: 6 * MINUTE, do: 'search gaps', fill: dice.chance(0.7) }] as const) : []),
      ...(dice.chance(0.7) ? ([{ wait: dice.pick(0, 0, 25 * HOUR), do: 'replay failures' }] as const) : []),
    ];
  },
];
