/**
 * Canonical decimals: one text for each number, whatever its spelling.
 *
 * No exponent, no `+`, no leading or trailing zeros, and `-0` is `0`. Digits are never counted, rounded or put
 * through a double: DynamoDB stores 38 of them, a double about 17.
 */

/** How DynamoDB, and the servers that stand in for it, spell numbers. */
const SPELLING = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** DynamoDB's numbers lie within 10^-130 and 10^126; the margin is for servers that stand in for it. */
const MAX_EXPONENT = 400;

/** The canonical text of a number as DynamoDB spells it, or `undefined` if `text` is no such number. */
export function canonicalDecimal(text: string): string | undefined {
  if (isCanonical(text)) return text;
  const trimmed = withoutEndZeros(text);
  if (isCanonical(trimmed)) return trimmed;
  const match = SPELLING.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  if (digits === '') return undefined;
  const power = Number(exponent);
  if (Math.abs(power) > MAX_EXPONENT) return undefined;

  const magnitude = withPoint(digits, whole.length + power);
  return magnitude === '0' || sign !== '-' ? magnitude : `-${magnitude}`;
}

/**
 * Whether a number is spelled canonically, as DynamoDB itself sends nearly every one: `/^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$/`.
 *
 * By hand: every number of every item passes here, and this takes no longer than the call of a regular expression.
 */
function isCanonical(text: string): boolean {
  const { length } = text;
  const start = text.charCodeAt(0) === MINUS ? 1 : 0;
  let point = length;
  let code = POINT;
  for (let at = start; at < length; at++) {
    code = text.charCodeAt(at);
    if (code === POINT && point === length) point = at;
    else if (code < ZERO || code > ZERO + 9) return false;
  }
  // A point stands between digits, and the last digit isn't zero.
  if (point < length && (point === start || code === POINT || code === ZERO)) return false;
  // A leading zero is the whole part alone, and there is no minus zero.
  if (text.charCodeAt(start) === ZERO) return point === start + 1 && (point < length || start === 0);
  return code !== POINT;
}

/** The text without zeros at the end of a fraction, which servers that stand in for DynamoDB leave there. */
function withoutEndZeros(text: string): string {
  const point = text.indexOf('.');
  if (point === -1) return text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === ZERO) end--;
  return text.slice(0, end === point + 1 ? point : end);
}

/** The decimal `0.digits × 10^point`, without needless zeros. */
function withPoint(digits: string, point: number): string {
  const first = digits.search(/[1-9]/);
  if (first === -1) return '0';
  const significant = digits.slice(first).replace(/0+$/, '');
  const at = point - first;
  if (at <= 0) return `0.${'0'.repeat(-at)}${significant}`;
  if (at >= significant.length) return significant.padEnd(at, '0');
  return `${significant.slice(0, at)}.${significant.slice(at)}`;
}

/** Whether canonical decimal `a` is the greater one by value. */
export function isGreater(a: string, b: string): boolean {
  const negative = a.charCodeAt(0) === MINUS;
  if (negative !== (b.charCodeAt(0) === MINUS)) return !negative;
  const wholeA = wholeLength(a);
  const wholeB = wholeLength(b);
  // With as many digits before the point, text order is order of magnitude: a point comes before every digit.
  if (wholeA !== wholeB) return wholeA > wholeB !== negative;
  return negative ? a < b : a > b;
}

/** Length of the part before the point, sign included. */
function wholeLength(decimal: string): number {
  let at = 0;
  while (at < decimal.length && decimal.charCodeAt(at) !== POINT) at++;
  return at;
}
