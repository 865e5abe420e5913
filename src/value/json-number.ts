import { grisu2 } from './grisu2.ts';
import { halfGap, powerOfTen, roundingError } from './rounding-error.ts';

const MINUS = 0x2d;
const ZERO = 0x30;

/** A decimal of at most this many digits becomes a double and comes back unchanged, and no shorter text gives that double. */
const DIGITS_OF_DOUBLE = 15;

/** BigQuery writes an exponent from here on, */
const DIGITS_BEFORE_EXPONENT = 15;
/** and below here. */
const LEAST = 0.0001;
/** From there on, the fewest digits that distinguish a double end here. */
const MAX_PLACES = 20;

/**
 * A double's interval holds what reads back as it. Grisu2 cuts off at most so much of each side, as a part of the double:
 * two units of a number of 64 bits, of which one or two may be zero. That is between 1/256 and 1/128 of the side.
 */
const SLIVER = 2 ** -61 * 1.01;

/** So far from a double, as a part of it, is within every double's interval and slivers. */
const WELL_WITHIN = 2 ** -54 * (1 - 1 / 64);

/** A decimal of so few places lies at most 124/125 of the way to an end of its double's interval, so in no sliver. */
const PLACES_WITHOUT_SLIVERS = 3;

/**
 * The JSON text of a canonical decimal: a JSON number where every engine prints it by exactly this text, otherwise the
 * decimal as a JSON string. So no engine can round it or write it in another way.
 *
 * - JavaScript and DuckDB print the fewest digits that read back as the double. Integers are exact up to 2^53 - 1.
 * - BigQuery prints integers of 64 bits exactly. Of a fraction it prints what {@link grisu2} finds, which is more than the
 *   fewest digits for one or two in a thousand: its exact parser refuses `67.174118`. Below 0.0001 and from 10^15 on it
 *   writes an exponent.
 */
export function jsonOfDecimal(canonical: string): string {
  return isJsonNumber(canonical) ? canonical : `"${canonical}"`;
}

/** By far the most numbers are decided by arithmetic on doubles, within tens of nanoseconds: every number passes here. */
function isJsonNumber(canonical: string): boolean {
  const { length } = canonical;
  const point = canonical.indexOf('.');
  if (point === -1) return length <= DIGITS_OF_DOUBLE || Number.isSafeInteger(Number(canonical));
  const places = length - point - 1;
  if (places <= PLACES_WITHOUT_SLIVERS && length <= DIGITS_OF_DOUBLE) return true;
  const start = canonical.charCodeAt(0) === MINUS ? 1 : 0;
  if (places > MAX_PLACES || point - start > DIGITS_BEFORE_EXPONENT) return false;

  const digits = digitsBetween(canonical, start, length, point);
  if (digits >= 10 ** DIGITS_OF_DOUBLE) return isLongJsonNumber(canonical, start, point);
  const double = digits / powerOfTen(places);
  if (double < LEAST) return false;
  const error = Math.abs(roundingError(digits, 0, double, places));
  return (
    error < digits * WELL_WITHIN || isOutsideSlivers(error, double, places) || isPrinted(canonical, double, places)
  );
}

/** The same for a fraction of more digits than any double holds. Each has several decimals of its length close by. */
function isLongJsonNumber(canonical: string, start: number, point: number): boolean {
  const signed = Number(canonical);
  const double = Math.abs(signed);
  if (double < LEAST || String(signed) !== canonical) return false;
  const places = canonical.length - point - 1;
  const split = canonical.length - (places < 8 ? 9 : 8);
  const high = digitsBetween(canonical, start, split, point) * 1e8;
  const low = digitsBetween(canonical, split, canonical.length, point);
  const error = Math.abs(roundingError(high, low, double, places));
  // Grisu2 takes the nearest of them, but for as much as it may have rounded.
  const isNearest = error < 0.5 - 2 * high * SLIVER;
  return (isNearest && isOutsideSlivers(error, double, places)) || isPrinted(canonical, double, places);
}

/** The digits of a part of a decimal, as one number. Two loops without a branch take two thirds of the time of one. */
function digitsBetween(decimal: string, start: number, end: number, point: number): number {
  const before = Math.min(end, point);
  let digits = 0;
  for (let at = start; at < before; at++) digits = digits * 10 + (decimal.charCodeAt(at) - ZERO);
  for (let at = Math.max(start, point + 1); at < end; at++) {
    digits = digits * 10 + (decimal.charCodeAt(at) - ZERO);
  }
  return digits;
}

/** Whether a decimal lies in its double's interval even without the slivers. */
function isOutsideSlivers(error: number, double: number, places: number): boolean {
  return error < (halfGap(double) - double * SLIVER) * powerOfTen(places);
}

/** Whether BigQuery prints a double by exactly this decimal. */
function isPrinted(canonical: string, double: number, places: number): boolean {
  const { digits, exponent } = grisu2(double);
  return exponent === -places && String(digits) === canonical.replace(/^-?[0.]*|[.]/g, '');
}
