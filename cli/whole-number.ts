import { InvalidArgumentError } from '@commander-js/extra-typings';

/** Reads an option's argument as a whole number of at least `min` and at most `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It is not a whole number from ${min} to ${max}.`);
  };
}
