import type { Dice } from '../dice.ts';
import type { Step } from '../plan.ts';
import { MINUTE } from './author.ts';

const ITEMS = 5;

/** Backfills, each a moment after items are written: it may still read them as they were before. */
export function staleScans(dice: Dice): readonly Step[] {
  return dice.times(3, () => dice.times(ITEMS, write).concat(backfill(dice), { wait: 0, do: 'await commands' })).flat();
}

function write(index: number): Step {
  return { wait: index === 0 ? 7 * MINUTE : 20, do: 'put', name: `item-${index}` };
}

function backfill(dice: Dice): Step {
  const manner = { pageItems: 2, pageMs: 50 };
  return { wait: dice.pick(250, 400, 550), do: 'backfill', segments: 3, manner };
}
