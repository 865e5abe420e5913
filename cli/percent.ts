import { InvalidArgumentError } from '@commander-js/extra-typings';

/** The least percentage that is taken: one in ten thousand. */
const LEAST = 0.01;

/** Reads an option's argument as a percentage, such as `2.5`, of at least 0.01 and at most 100. */
export function percent(text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value >= LEAST && value <= 100) return value;
  throw new InvalidArgumentError(`It is not a percentage from ${LEAST} to 100, such as 2.5.`);
}
