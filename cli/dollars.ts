import { InvalidArgumentError } from '@commander-js/extra-typings';

/** Reads an option's argument as a sum of US dollars above nothing. */
export function dollars(text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError('It is not a sum of dollars, such as 2.50.');
}
