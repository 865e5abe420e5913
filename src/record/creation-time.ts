import { isObject } from '../value/is-object.ts';

/** 9999-12-31T23:59:59Z in seconds: the last second that every destination can hold. */
const LAST_SECOND = 253_402_300_799;

/** An ISO 8601 time with its offset, as the AWS CLI prints it. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * A record's `ApproximateCreationDateTime` in milliseconds since the epoch.
 *
 * Lambda gives seconds since the epoch (whole or not), the SDK a `Date`, the AWS CLI ISO text.
 *
 * @returns `null` if the record has none, `undefined` if the value isn't a time.
 */
export function creationTime(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return null;
  const ms =
    typeof value === 'number'
      ? Math.round(value * 1000)
      : value instanceof Date
        ? value.getTime()
        : typeof value === 'string' && ISO_TIME.test(value)
          ? Date.parse(value)
          : Number.NaN;
  return ms >= 0 && ms <= LAST_SECOND * 1000 ? ms : undefined;
}

/** A record's own time in milliseconds since the epoch; `null` if it has none that can be read. */
export function ownTimeOf(record: unknown): number | null {
  const body = isObject(record) ? record['dynamodb'] : undefined;
  return (isObject(body) ? creationTime(body['ApproximateCreationDateTime']) : null) ?? null;
}
