import type { Dice } from '../dice.ts';
import type { EarlyEnd } from '../plan.ts';
import { SECOND } from './author.ts';

export function quickBackfill(dice: Dice) {
  return {
    do: 'backfill',
    segments: dice.whole(1, 3),
    manner: { pageItems: dice.whole(2, 5), pageMs: dice.pick(50, SECOND) },
  } as const;
}

export function slowBackfill(dice: Dice) {
  const manner = { pageItems: dice.whole(1, 2), pageMs: dice.pick(300, SECOND, 20 * SECOND) };
  return { do: 'backfill', segments: dice.whole(1, 3), manner } as const;
}

export function earlyEnd(dice: Dice): EarlyEnd {
  return dice.chance(0.5) ? { crashAfter: dice.whole(1, 60) } : { stopAfterMs: dice.whole(100, 5 * SECOND) };
}
