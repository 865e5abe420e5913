import type { Dice } from './dice.ts';
import type { Step } from './plan.ts';

/** Few items, so that most change several times. */
const ITEMS = 7;

const SECOND = 1_000;

/** Decides on writes. It knows which items exist, so that it removes only those. */
export class Writer {
  readonly #dice: Dice;
  readonly #there: Set<string>;

  constructor(dice: Dice, itemsBefore: number) {
    this.#dice = dice;
    this.#there = new Set(dice.times(itemsBefore, (index) => `item-${index}`));
  }

  name(): string {
    return `item-${this.#dice.whole(0, ITEMS - 1)}`;
  }

  /** Several items' names, each once. */
  names(count: number): readonly string[] {
    const first = this.#dice.whole(0, ITEMS - 1);
    return this.#dice.times(count, (index) => `item-${(first + index) % ITEMS}`);
  }

  put(name: string, wait = 0): Step {
    this.#there.add(name);
    return { wait, do: 'put', name };
  }

  remove(name: string, wait = 0): Step {
    this.#there.delete(name);
    return { wait, do: 'remove', name };
  }

  unreadable(name: string, wait = 0): Step {
    this.#there.add(name);
    return { wait, do: 'put unreadable', name };
  }

  /** A write of any kind. */
  any(wait: number): Step {
    const dice = this.#dice;
    const name = this.name();
    if (this.#there.has(name) && dice.chance(0.25)) {
      this.#there.delete(name);
      return { wait, do: dice.chance(0.25) ? 'expire' : 'remove', name };
    }
    if (dice.chance(0.08)) {
      const names = this.names(3);
      for (const written of names) this.#there.add(written);
      return { wait, do: 'transact', names };
    }
    if (dice.chance(0.05)) return { wait, do: 'put same', name };
    return this.put(name, wait);
  }

  /** `count` writes, close together or spread. */
  burst(count: number, betweenMs = this.#dice.pick(0, 150, SECOND, 5 * SECOND)): Step[] {
    return this.#dice.times(count, () => this.any(betweenMs));
  }
}
