/** The powers of ten that a double holds exactly end at 10^22. */
const POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/** Splits a double into two of half its bits. */
const SPLITTER = 2 ** 27 + 1;
const POWERS_HIGH = POWERS.map(highBits);
const POWERS_LOW = POWERS.map((power, index) => power - (POWERS_HIGH[index] as number));

/** 10^`power`, exactly, for `power` up to 22. */
export function powerOfTen(power: number): number {
  return POWERS[power] as number;
}

/**
 * How far a decimal lies from its nearest double, in units of its last place: `high + low - double × 10^places`, rounded
 * only once.
 *
 * The product is exact, as the sum of two doubles. Source: <https://doi.org/10.1007/BF01397083> (Dekker).
 *
 * @param high All digits of the decimal, or those before its last eight with eight zeros behind.
 * @param low The digits that `high` leaves out.
 */
export function roundingError(high: number, low: number, double: number, places: number): number {
  const powerHigh = POWERS_HIGH[places] as number;
  const powerLow = POWERS_LOW[places] as number;
  const product = double * powerOfTen(places);
  const doubleHigh = highBits(double);
  const doubleLow = double - doubleHigh;
  const left = product - doubleHigh * powerHigh - doubleLow * powerHigh - doubleHigh * powerLow;
  return high - product + low - (doubleLow * powerLow - left);
}

const DOUBLE = new Float64Array(1);
/** Its halves, whichever of them the machine puts first. */
const HALVES = new Uint32Array(DOUBLE.buffer);
const [LOWER, UPPER] = new Uint32Array(new Float64Array([1]).buffer)[0] === 0 ? [0, 1] : [1, 0];

/** Half of the distance from a positive double to its nearest neighbour. */
export function halfGap(double: number): number {
  DOUBLE[0] = double;
  const upper = HALVES[UPPER] as number;
  // Below a power of two, doubles lie twice as close.
  const isPowerOfTwo = HALVES[LOWER] === 0 && (upper & 0xfffff) === 0;
  HALVES[LOWER] = 0;
  HALVES[UPPER] = upper & 0x7ff00000;
  return DOUBLE[0] * (isPowerOfTwo ? 2 ** -54 : 2 ** -53);
}

function highBits(double: number): number {
  const product = SPLITTER * double;
  return product - (product - double);
}
