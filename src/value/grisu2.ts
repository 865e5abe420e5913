/**
 * The digits by which BigQuery prints a double, those of Grisu2: some that read back as the double, and the fewest that do
 * for all but one or two doubles in a thousand.
 *
 * ```text
 * 67.174117  →  67174117 × 10^-6
 * 67.174118  →  6717411800000001 × 10^-14
 * ```
 *
 * A double stands for the numbers up to half a unit of its last bit away. Grisu2 scales both ends of that interval by a
 * power of ten, in 64 bits, and draws them in by what this may have rounded. It then takes the first digits of the upper
 * end that aren't below the lower one. A decimal in the slivers that were cut off is missed, and gets more digits.
 *
 * Sources: <https://dl.acm.org/doi/10.1145/1806596.1806623>, and what BigQuery's reference implementation prints by,
 * <https://github.com/nlohmann/json/blob/develop/include/nlohmann/detail/conversions/to_chars.hpp>.
 *
 * @param double From 0.0001 to 10^15. BigQuery writes those beyond with an exponent.
 * @returns The number as `digits × 10^exponent`.
 */
export function grisu2(double: number): { readonly digits: bigint; readonly exponent: number } {
  view.setFloat64(0, double);
  const bits = view.getBigUint64(0);
  const fraction = HIDDEN_BIT | (bits & (HIDDEN_BIT - 1n));
  const binary = Number(bits >> 52n) - 1086;
  // Below a power of two, doubles lie twice as close.
  const below = fraction === HIDDEN_BIT ? 1n << 9n : 1n << 10n;
  const { factor, power, exponent } = scaleFor(binary);
  const scaled = (significand: bigint) => (significand * factor + (1n << 63n)) >> 64n;

  let upper = scaled((fraction << 11n) + (1n << 10n)) - 1n;
  let lower = scaled((fraction << 11n) - below) + 1n;
  let middle = scaled(fraction << 11n);
  const one = 1n << BigInt(-(binary + exponent + 64));
  let unit = 10n ** 9n * one;
  let place = 9 - power;
  while (upper % unit > upper - lower) {
    place--;
    if (unit > one) {
      unit /= 10n;
    } else {
      upper *= 10n;
      lower *= 10n;
      middle *= 10n;
    }
  }
  return { digits: nearest(upper, lower, middle, unit), exponent: place };
}

const HIDDEN_BIT = 1n << 52n;
const view = new DataView(new ArrayBuffer(8));

/** Of the multiples of `unit` from `lower` to `upper`, by number, the one that is nearest to `middle`. */
function nearest(upper: bigint, lower: bigint, middle: bigint, unit: bigint): bigint {
  let digits = upper / unit;
  for (;;) {
    const value = digits * unit;
    const next = value - unit;
    // Of two that are equally near, the greater.
    if (value <= middle || next < lower || value - middle <= middle - next) return digits;
    digits--;
  }
}

/** A power of ten as `factor × 2^exponent`, rounded to 64 bits. */
type Scale = { readonly power: number; readonly factor: bigint; readonly exponent: number };

/** Of every eighth power of ten, those that bring doubles within the range to between 2^3 and 2^32. */
const SCALES: readonly Scale[] = [-12, -4, 4, 12].map((power) => {
  const magnitude = 10n ** BigInt(Math.abs(power));
  const length = magnitude.toString(2).length;
  if (power >= 0) return { power, factor: magnitude << BigInt(64 - length), exponent: length - 64 };
  const doubled = (1n << BigInt(length + 64)) / magnitude;
  return { power, factor: (doubled + 1n) >> 1n, exponent: -63 - length };
});

/** The scale for 64 bits with the binary exponent `binary`. */
function scaleFor(binary: number): Scale {
  const least = Math.ceil((-61 - binary) * Math.log10(2));
  return SCALES.find(({ power }) => power >= least) as Scale;
}
