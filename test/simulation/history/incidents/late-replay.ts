import type { Dice } from '../dice.ts';
import type { Step } from '../plan.ts';
import { HOUR, MINUTE, SECOND } from './author.ts';
import { quickBackfill } from './backfill-manners.ts';

const NAME = 'item-0';

/** A change that is set aside, replayed only when a compaction over a backfill has taken in the one after it. */
export function lateReplay(dice: Dice): readonly Step[] {
  return [
    { wait: 7 * MINUTE, ...quickBackfill(dice) },
    { wait: 0, do: 'await commands' },
    { wait: 7 * MINUTE, do: 'reject rows', name: NAME },
    { wait: 0, do: 'put', name: NAME },
    { wait: 20 * SECOND, do: 'take rows', name: NAME },
    { wait: SECOND, do: dice.pick('put', 'remove'), name: NAME },
    { wait: 20 * SECOND, do: 'compact', foldMs: 200, dropReplaced: false, horizonMs: 90 * 24 * HOUR },
    { wait: 0, do: 'await commands' },
    { wait: SECOND, do: 'replay dead letters' },
    { wait: 0, do: 'await commands' },
  ];
}
