import type { Dice } from '../dice.ts';
import type { Step } from '../plan.ts';
import { HOUR, MINUTE, SECOND } from './author.ts';

const ITEMS = 7;
const SHARDS = 3;

/**
 * A tail that ends when its shards have closed, and before it has seen their children. It comes back a day later; by then the
 * children may have come and gone as well.
 */
export function childUnseen(dice: Dice): readonly Step[] {
  return [
    ...divisions(MINUTE),
    ...puts(20),
    { wait: dice.pick(300, 700, 1_200), do: 'stop tail' },
    ...(dice.chance(0.5) ? [...puts(5 * SECOND), ...divisions(5 * SECOND)] : []),
    ...puts(23 * HOUR),
    { wait: 2 * HOUR, do: 'start tail' },
  ];

  /** Each closed shard's child becomes the last of those that are open. */
  function divisions(wait: number): readonly Step[] {
    return dice.times(
      SHARDS,
      (index): Step => ({ wait: index === 0 ? wait : 0, do: 'divide shard', shard: 0, into: 1 }),
    );
  }

  function puts(wait: number): readonly Step[] {
    return dice.times(ITEMS, (index): Step => ({ wait: index === 0 ? wait : 20, do: 'put', name: `item-${index}` }));
  }
}
