import fc from 'fast-check';
import { canonicalDecimal } from '../../../src/value/decimal.ts';
import { decimal, plainNumber } from './arbitraries.ts';

/** A decimal as digits and how many of them stand behind the point. */
type Places = { readonly digits: bigint; readonly places: number };

/** Of so many digits, few or as many as a double has, with the point anywhere near them. */
const short: fc.Arbitrary<Places> = fc.integer({ min: 1, max: 17 }).chain((length) =>
  fc.record({
    digits: fc.bigInt(10n ** BigInt(length - 1), 10n ** BigInt(length) - 1n),
    places: fc.integer({ min: 0, max: length + 4 }),
  }),
);

/** Of thirty decimals in a row, the one furthest from its double: at the end of what reads back as it. */
const far: fc.Arbitrary<Places> = short.map(({ digits, places }) => {
  let furthest = { digits, places };
  let most = 0;
  for (let next = digits; next < digits + 30n; next++) {
    const off = partOfHalfGap({ digits: next, places });
    if (off > most) [most, furthest] = [off, { digits: next, places }];
  }
  return furthest;
});

/** How far a decimal is from its double, as a part of half the distance to the next double. */
function partOfHalfGap({ digits, places }: Places): number {
  const ten = 10n ** BigInt(places);
  const double = Number(plain({ digits, places }));
  const exponent = Math.floor(Math.log2(double)) - 52;
  if (exponent >= 0) return 0;
  const scaled = BigInt(double * 2 ** -exponent) * ten - digits * (1n << BigInt(-exponent));
  return Math.abs((2 * Number(scaled)) / Number(ten));
}

/** Where rules change: powers of two and ten, the ends of doubles' integers and of what engines print without exponents. */
const edge: fc.Arbitrary<number> = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: -20, max: 70 }).map((power) => 2 ** power),
      fc.integer({ min: -8, max: 22 }).map((power) => Number(`1e${power}`)),
    ),
    fc.integer({ min: -3, max: 3 }),
  )
  .map(([number, steps]) => number * (1 + steps * Number.EPSILON));

const double = fc.double({ min: 1e-6, max: 1e17, noNaN: true });

/** Canonical decimals of every kind: money, measurements, sums of doubles, integers, limits, and those no double holds. */
export const canonicalNumber: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      { weight: 12, arbitrary: short.map(plain) },
      { weight: 2, arbitrary: far.map(plain) },
      { weight: 3, arbitrary: double.map(String) },
      { weight: 2, arbitrary: edge.map(String) },
      { weight: 1, arbitrary: decimal.map(plainNumber) },
    ),
    fc.boolean(),
  )
  .map(([number, negative]) => canonicalDecimal(negative && !number.startsWith('-') ? `-${number}` : number) ?? '');

function plain({ digits, places }: Places): string {
  return plainNumber({ negative: false, digits: String(digits), power: -places });
}
