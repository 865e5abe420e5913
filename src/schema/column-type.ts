/** Which JSON texts are values of a column's type. */
export type TypeRule = {
  /**
   * RE2's syntax, which both warehouses have. It stands before the cast, so that no engine's leniency counts:
   * some of them take `12.5` as an INT64 and `yes` as a BOOL. `null`: everything fits.
   *
   * A JSON string has its quotes here. Where a pattern takes them without requiring them, it takes numbers and the text
   * of numbers alike: a number that some engine would print in another way is text in Tailrace's JSON.
   */
  readonly pattern: string | null;
  /** What fits, in words, for people. */
  readonly fits: string;
};

/** A year from 0001 on: the year 0000 is no date of BigQuery's. */
const YEAR = '(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])';
export const DATE = `${YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])`;
const SECOND = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]';
export const TIME = `${SECOND}(?:[.][0-9]{1,6}0*)?`;
export const TIME_OF_NANOSECONDS = `${SECOND}(?:[.][0-9]{1,9})?`;
/** BigQuery knows no zone further than 14 hours away. */
export const OFFSET = '(?:Z| UTC|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)';

/**
 * The types that a column of a typed view may have, in BigQuery's words, and what fits each of them.
 *
 * The cast decides only what a pattern can't express: the length of months, and the ends of a range. There it gives NULL
 * too, never an error and never another value.
 */
export const COLUMN_TYPES = {
  STRING: {
    pattern: '^(?:"|-?[0-9]|true$|false$)',
    fits: 'text; a number, as its decimal; `true` and `false`',
  },
  INT64: {
    pattern: '^"?(?:0|-?[1-9][0-9]{0,18})"?$',
    fits: 'a whole number within 64 bits',
  },
  FLOAT64: {
    pattern: '^"?-?(?:0|[1-9][0-9]{0,307})(?:[.][0-9]+)?"?$',
    fits: 'a number, as the nearest double: the one type that rounds',
  },
  NUMERIC: {
    pattern: '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$',
    fits: 'a number of at most 29 digits before the point and 9 after it',
  },
  BIGNUMERIC: {
    pattern: '^"?-?(?:0|[1-9][0-9]{0,37})(?:[.][0-9]{1,38}0*)?"?$',
    fits: 'a number of at most 38 digits before the point and 38 after it',
  },
  BOOL: {
    pattern: '^(?:true|false)$',
    fits: '`true` and `false`',
  },
  TIMESTAMP: {
    pattern: `^"${DATE}[T ]${TIME}${OFFSET}"$`,
    fits: 'ISO 8601 text with `Z`, ` UTC` or an offset, seconds included, up to microseconds: `2026-11-22T09:30:00.125Z`',
  },
  DATE: {
    pattern: `^"${DATE}"$`,
    fits: 'text `YYYY-MM-DD` of a day that exists',
  },
  DATETIME: {
    pattern: `^"${DATE}[T ]${TIME_OF_NANOSECONDS}"$`,
    fits: 'ISO 8601 text without a zone, seconds included: `2026-11-22T09:30:00.125`; digits beyond microseconds are cut',
  },
  TIME: {
    pattern: `^"${TIME}"$`,
    fits: 'text `HH:MM:SS`, up to microseconds',
  },
  BYTES: {
    // The bits of the last character that lie beyond the bytes are 0: engines differ on texts where they aren't.
    pattern: '^"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?"$',
    fits: "base64, as DynamoDB's binary values arrive",
  },
  JSON: {
    pattern: null,
    fits: 'everything',
  },
} as const satisfies Readonly<Record<string, TypeRule>>;

export type SchemaType = keyof typeof COLUMN_TYPES;
