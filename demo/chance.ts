import type { Random } from '../src/random.ts';

/** A whole number from 0 on, below the bound. */
export function whole(random: Random, below: number): number {
  return Math.floor(random.next() * below);
}

/** One of the choices. */
export function pick<T>(choices: readonly T[], random: Random): T {
  const choice = choices[whole(random, choices.length)];
  if (choice === undefined) throw new RangeError('There is nothing to pick from');
  return choice;
}
