import type { Random } from '../../../src/random.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';

/** Decisions by a seed. */
export class Dice {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.#random.next() * (to - from + 1));
  }

  pick<T>(first: T, ...rest: readonly T[]): T {
    return [first, ...rest][this.whole(0, rest.length)] ?? first;
  }

  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }
}
