import { randomBytes } from 'node:crypto';

/** Randomness, injected wherever it is used, so that a simulation can repeat it. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** `digits` lower-case hexadecimal digits. */
  hex(digits: number): string;
}

/** The machine's own randomness. */
export const systemRandom: Random = {
  next: () => Math.random(),
  hex: (digits) =>
    randomBytes(Math.ceil(digits / 2))
      .toString('hex')
      .slice(0, digits),
};
