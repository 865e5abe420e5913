import {
  COLUMN_TYPES,
  DATE,
  OFFSET,
  type SchemaType,
  TIME,
  TIME_OF_NANOSECONDS,
  type TypeRule,
} from './column-type.ts';

/** How values that mean a time or bytes are written. */
export type FormatRule = TypeRule & {
  /** The types of columns that can have it. */
  readonly types: readonly SchemaType[];
  /** The types for which a `zone` is needed; for the others it has no meaning. */
  readonly zoned: readonly SchemaType[];
};

const WHOLE = '(?:0|[1-9][0-9]{0,17})';

/** Texts of numbers, and JSON numbers: quotes may stand around either. */
function numberPattern(decimals: number): string {
  const fraction = decimals === 0 ? '(?:[.]0+)?' : `(?:[.][0-9]{1,${decimals}}0*)?`;
  return `^"?-?${WHOLE}${fraction}"?$`;
}

/** What is the same moment everywhere: a local day or time of it needs a zone. */
const INSTANT = { types: ['TIMESTAMP', 'DATE', 'DATETIME'], zoned: ['DATE', 'DATETIME'] } as const;

/** The formats that a column may name, and what fits each. */
export const FORMATS = {
  epoch_seconds: {
    ...INSTANT,
    pattern: numberPattern(6),
    fits: 'seconds since 1970 (UTC), a number or the text of one, with up to 6 digits after the point',
  },
  epoch_milliseconds: {
    ...INSTANT,
    pattern: numberPattern(3),
    fits: 'milliseconds since 1970 (UTC), a number or the text of one, with up to 3 digits after the point',
  },
  epoch_microseconds: {
    ...INSTANT,
    pattern: numberPattern(0),
    fits: 'microseconds since 1970 (UTC), a number or the text of one',
  },
  iso8601: {
    ...INSTANT,
    pattern: `^"${DATE}[T ]${TIME}${OFFSET}"$`,
    fits: COLUMN_TYPES.TIMESTAMP.fits,
  },
  iso8601_nanoseconds: {
    ...INSTANT,
    pattern: `^"${DATE}[T ]${TIME_OF_NANOSECONDS}${OFFSET}"$`,
    fits: 'as `iso8601`, with up to 9 digits of a second: those beyond microseconds are cut',
  },
  iso8601_local: {
    types: ['TIMESTAMP', 'DATE', 'DATETIME'],
    zoned: ['TIMESTAMP'],
    pattern: `^"${DATE}[T ]${TIME_OF_NANOSECONDS}"$`,
    fits: 'ISO 8601 text without a zone, with up to 9 digits of a second: those beyond microseconds are cut',
  },
  base64: {
    types: ['BYTES'],
    zoned: [],
    pattern: COLUMN_TYPES.BYTES.pattern,
    fits: COLUMN_TYPES.BYTES.fits,
  },
} as const satisfies Readonly<Record<string, FormatRule>>;

export type FormatName = keyof typeof FORMATS;

export const FORMAT_NAMES = Object.keys(FORMATS) as [FormatName, ...FormatName[]];

/** What the units of epochs are in microseconds. */
const EPOCH_UNITS: Partial<Readonly<Record<FormatName, number>>> = {
  epoch_seconds: 1_000_000,
  epoch_milliseconds: 1_000,
  epoch_microseconds: 1,
};

/** What the unit of an epoch is in microseconds; `undefined` if a format is none. */
export function microsecondsOf(format: FormatName | undefined): number | undefined {
  return format && EPOCH_UNITS[format];
}

/** How a column's value is read from text. */
export type ValueForm = {
  readonly type: SchemaType;
  readonly format?: FormatName | undefined;
  /** Name of a time zone of the IANA database. */
  readonly zone?: string | undefined;
};

/** What fits a column: its format's rule, or else its type's. */
export function ruleOf({ type, format }: ValueForm): TypeRule {
  return format === undefined ? COLUMN_TYPES[type] : FORMATS[format];
}

/** Why a type can't have a format or a zone, in a phrase; `undefined` if it can. */
export function problemOfFormat({ type, format, zone }: ValueForm): string | undefined {
  if (format === undefined) {
    return zone === undefined ? undefined : `zone has no meaning for ${type} without a format`;
  }
  const rule: FormatRule = FORMATS[format];
  if (!rule.types.includes(type)) return `format ${format} gives ${rule.types.join(', ')}, not ${type}`;
  const needsZone = rule.zoned.includes(type);
  if (needsZone && zone === undefined) {
    return `format ${format} needs a zone to give ${type}, such as "zone": "Europe/Berlin" or "UTC"`;
  }
  if (!needsZone && zone !== undefined) return `zone has no meaning for ${type} with the format ${format}`;
  return undefined;
}

/** A zone's name as the IANA database writes them: an offset or an abbreviation would be another thing in some engine. */
const ZONE = /^(?:UTC|[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z0-9_+-]*)+)$/;

/** Whether a name is a time zone's: `Europe/Berlin`, `UTC`. */
export function isZone(name: string): boolean {
  if (!ZONE.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // RangeError is the way of Intl to say that there is no such zone.
    return false;
  }
}
