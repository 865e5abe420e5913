const MAX_INT64 = 9_223_372_036_854_775_807n;
/** Any integer of fewer digits is within 64 bits. */
const DIGITS_OF_INT64 = 19;
const MINUS = 0x2d;
/** A time of this century, in any unit since 1970, has so many digits before its point. */
const DIGITS_OF_TIME = { least: 9, most: 16 };

/** Whether a decimal of digits alone, as JSON has it. Numbers within text may have exponents, which no type takes. */
const PLAIN = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** What is known of the numbers at a path: enough for the narrowest exact type, and for a guess at times. */
export class NumberFacts {
  count = 0;
  zeros = 0;
  /** Numbers with an exponent, which only text within text can have. */
  exponents = 0;
  /** The most digits before the point, and after it. */
  whole = 0;
  places = 0;
  isInt64 = true;
  /** The least and the greatest but for zero, to the nearest double; of numbers that are no times, only about. */
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  /** @param text As JSON spells it, or the canonical decimal. */
  add(text: string): void {
    this.count++;
    const point = text.indexOf('.');
    const start = text.charCodeAt(0) === MINUS ? 1 : 0;
    const whole = (point === -1 ? text.length : point) - start;
    if (whole > this.whole) this.whole = whole;
    if (text === '0') this.zeros++;
    else this.#addToRange(text, whole);
    const places = point === -1 ? 0 : text.length - point - 1;
    if (places > this.places) this.places = places;
    if (whole >= DIGITS_OF_INT64 && this.isInt64) this.isInt64 = places === 0 && isInt64(text);
  }

  /** Reading every number as a double would take as long as all the rest: only those as long as times matter. */
  #addToRange(text: string, whole: number): void {
    const value = whole < DIGITS_OF_TIME.least ? 1 : whole > DIGITS_OF_TIME.most ? Number.MAX_VALUE : Number(text);
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  /** As {@link add}, for a number as it stands in JSON within a text: nothing made it canonical. */
  addSpelled(text: string): void {
    if (PLAIN.test(text)) this.add(text);
    else {
      this.count++;
      this.exponents++;
    }
  }

  /** Adds what is known of other numbers. */
  merge(other: NumberFacts): void {
    this.count += other.count;
    this.zeros += other.zeros;
    this.exponents += other.exponents;
    this.whole = Math.max(this.whole, other.whole);
    this.places = Math.max(this.places, other.places);
    this.isInt64 &&= other.isInt64;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }
}

function isInt64(text: string): boolean {
  if (!/^-?\d{1,20}$/.test(text)) return false;
  const value = BigInt(text);
  return value <= MAX_INT64 && value >= -MAX_INT64 - 1n;
}
