import { canonicalDecimal } from '../../value/decimal.ts';
import { isNumberText } from './text-kind.ts';

/** A number that `JSON.parse` alone may have changed: a fraction, an exponent, or sixteen digits and more. */
const MAY_CHANGE = /\d[.eE]|\d{16}/;

/** A number in JSON text, as it stands there. */
export class SpelledNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Parses JSON text with its numbers as they are spelled, where a double may not print them so.
 *
 * @throws {SyntaxError} if it isn't JSON.
 */
export function parseSpelled(json: string): unknown {
  return parse(json, (source) => new SpelledNumber(source));
}

/**
 * Parses JSON text as a destination has it once its numbers are DynamoDB's: a number that not every engine prints alike is its
 * canonical decimal, as text.
 *
 * @throws {SyntaxError} if it isn't JSON.
 */
export function parseCanonical(json: string): unknown {
  return parse(json, (source, value) => {
    const text = canonicalDecimal(source) ?? source;
    return isNumberText(text) ? text : value;
  });
}

function parse(json: string, number: (source: string, value: number) => unknown): unknown {
  if (!MAY_CHANGE.test(json)) return JSON.parse(json);
  const revive = (_name: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && context?.source !== undefined ? number(context.source, value) : value;
  return JSON.parse(json, revive as (name: string, value: unknown) => unknown);
}
