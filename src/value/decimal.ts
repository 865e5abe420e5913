import { compareText } from './sort.ts';

/**
 * Canonical decimals: one text for each number, whatever its spelling.
 *
 * No exponent, no `+`, no zeros in front or at the end, and `-0` is `0`. Digits are never counted, rounded or put
 * through a double: DynamoDB keeps 38 of them, a double about 17.
 */

/** What DynamoDB and the servers that stand in for it spell numbers like. */
const SPELLING = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Already canonical, as DynamoDB itself sends nearly every number. */
const CANONICAL = /^(?:0|-?(?:[1-9]\d*|(?:0|[1-9]\d*)\.\d*[1-9]))$/;

/** DynamoDB's numbers lie within 10^-130 and 10^126; the margin is for servers that stand in for it. */
const MAX_EXPONENT = 400;

/** The canonical text of a number as DynamoDB spells it, or `undefined` if `text` is no such number. */
export function canonicalDecimal(text: string): string | undefined {
  if (CANONICAL.test(text)) return text;
  const match = SPELLING.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  if (digits === '') return undefined;
  const power = Number(exponent);
  if (Math.abs(power) > MAX_EXPONENT) return undefined;

  const magnitude = place(digits, whole.length + power);
  return magnitude === '0' || sign !== '-' ? magnitude : `-${magnitude}`;
}

/** The decimal `0.digits × 10^point`, without needless zeros. */
function place(digits: string, point: number): string {
  const first = digits.search(/[1-9]/);
  if (first === -1) return '0';
  const significant = digits.slice(first).replace(/0+$/, '');
  const at = point - first;
  if (at <= 0) return `0.${'0'.repeat(-at)}${significant}`;
  if (at >= significant.length) return significant.padEnd(at, '0');
  return `${significant.slice(0, at)}.${significant.slice(at)}`;
}

/**
 * The JSON text of a canonical decimal: a JSON number where a double holds exactly this number by its shortest text,
 * otherwise the decimal as a JSON string.
 *
 * So no JSON engine can round it: `0.1` stays a number, `0.1000000000000000000001` is text.
 */
export function jsonOfDecimal(canonical: string): string {
  // A double holds any 15 digits, and JavaScript prints it without an exponent from 0.000001 on.
  if (canonical.length <= 15 && !canonical.includes('.000000')) return canonical;
  const shortest = String(Number(canonical));
  if (shortest === canonical) return canonical;
  return shortest.includes('e') && canonicalDecimal(shortest) === canonical ? shortest : `"${canonical}"`;
}

/** Orders canonical decimals by value. */
export function compareDecimals(a: string, b: string): number {
  const negative = a.startsWith('-');
  if (negative !== b.startsWith('-')) return negative ? -1 : 1;
  const order = compareMagnitudes(negative ? a.slice(1) : a, negative ? b.slice(1) : b);
  return negative ? -order : order;
}

function compareMagnitudes(a: string, b: string): number {
  const wholeA = wholeDigits(a);
  const wholeB = wholeDigits(b);
  // With as many digits before the point, text order is order of value: a point comes before every digit.
  return wholeA === wholeB ? compareText(a, b) : wholeA - wholeB;
}

function wholeDigits(decimal: string): number {
  const point = decimal.indexOf('.');
  return point === -1 ? decimal.length : point;
}
