/** Texts of ISO 8601 that a column's type takes. */
export type IsoKind = 'date' | 'time' | 'local' | 'local-nanoseconds' | 'zoned' | 'zoned-nanoseconds';

const ISO =
  /^(?:(\d{4})-(\d\d)-(\d\d))?(?:([T ])?(?:([01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?(Z| UTC|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?)?$/;

const COLON = 0x3a;
const MINUS = 0x2d;

/** Digits of a second that the warehouses store. */
const MICROSECONDS = 6;

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The kind of a text that a column of a type of time takes, by its default format but for those of nanoseconds; `undefined`
 * for any other text. A day must exist, and a time has its seconds.
 */
export function isoKind(text: string): IsoKind | undefined {
  // A date has its first minus there, a time its first colon.
  if (text.charCodeAt(4) !== MINUS && text.charCodeAt(2) !== COLON) return undefined;
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, year, month, day, separator, hour, fraction = '', zone] = match;
  if (year === undefined) {
    return hour !== undefined && separator === undefined && zone === undefined && !isLong(fraction)
      ? 'time'
      : undefined;
  }
  if (!exists(Number(year), Number(month), Number(day))) return undefined;
  if (hour === undefined) return separator === undefined ? 'date' : undefined;
  if (separator === undefined) return undefined;
  if (zone === undefined) return isLong(fraction) ? 'local-nanoseconds' : 'local';
  return isLong(fraction) ? 'zoned-nanoseconds' : 'zoned';
}

/** Whether a fraction of a second is more than microseconds. */
function isLong(fraction: string): boolean {
  return fraction.replace(/0+$/, '').length > MICROSECONDS;
}

function exists(year: number, month: number, day: number): boolean {
  if (year === 0 || day === 0 || day > (DAYS[month - 1] ?? 0)) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}
