import type { ValueForm } from '../schema/value-format.ts';
import { DUCKDB_TYPES } from './duckdb-type.ts';

/** What an epoch's unit is in microseconds. */
const MICROSECONDS = { epoch_seconds: 1_000_000, epoch_milliseconds: 1_000, epoch_microseconds: 1 } as const;

/** Implements `Dialect.fromJsonText`. Times of TIMESTAMP are UTC. */
export function duckdbValue(expression: string, { type, format, zone }: ValueForm): string {
  const unquoted = `trim(${expression}, '"')`;
  switch (type) {
    case 'STRING':
      return `CASE WHEN starts_with(${expression}, '"') THEN json_extract_string(${expression}, '$') ELSE ${expression} END`;
    case 'BIGNUMERIC':
      // As BigQuery prints it: no zeros at the end, and none that is negative.
      return `regexp_replace(regexp_replace(${unquoted}, '[.]0*$|([.][0-9]*[1-9])0*$', '\\1'), '^-0$', '0')`;
    case 'NUMERIC':
      // Beyond 18 digits a cast takes seventy times as long.
      return (
        `COALESCE(CAST(TRY_CAST(${unquoted} AS DECIMAL(18,9)) AS DECIMAL(38,9)), ` +
        `TRY_CAST(${unquoted} AS DECIMAL(38,9)))`
      );
    case 'BYTES':
      return `from_base64(${unquoted})`;
    case 'TIMESTAMP':
      return format === 'iso8601_local' ? momentIn(zone, localTime(unquoted)) : moment(unquoted, format);
    case 'DATETIME':
    case 'DATE':
      return format === undefined && type === 'DATE'
        ? `TRY_CAST(${unquoted} AS DATE)`
        : `CAST(${civil(unquoted, format, zone)} AS ${DUCKDB_TYPES[type]})`;
    case 'JSON':
      return expression;
    default:
      return `TRY_CAST(${unquoted} AS ${DUCKDB_TYPES[type]})`;
  }
}

/** The moment that a text is, in UTC; NULL beyond the years of BigQuery's TIMESTAMP. */
function moment(text: string, format: ValueForm['format']): string {
  const micros =
    format === 'epoch_seconds' || format === 'epoch_milliseconds' || format === 'epoch_microseconds'
      ? `TRY_CAST(TRY_CAST(${text} AS DECIMAL(38,9)) * ${MICROSECONDS[format]} AS BIGINT)`
      : // A cast to TIMESTAMP drops the offset, and one from TIMESTAMPTZ depends on the session's time zone.
        `epoch_us(TRY_CAST(${format === 'iso8601_nanoseconds' ? cut(text) : text} AS TIMESTAMPTZ))`;
  return withinYears(`make_timestamp(${micros})`);
}

function withinYears(time: string): string {
  return `CASE WHEN year(${time}) BETWEEN 1 AND 9999 THEN ${time} END`;
}

/** The time of day and date that a text is: as it is written, or of its moment in a zone. */
function civil(text: string, format: ValueForm['format'], zone: string | undefined): string {
  if (format === undefined || format === 'iso8601_local') return localTime(text);
  return withinYears(`timezone(${zoneText(zone)}, timezone('UTC', ${moment(text, format)}))`);
}

function localTime(text: string): string {
  return `TRY_CAST(${cut(text)} AS TIMESTAMP)`;
}

/** Cuts what is beyond microseconds. */
function cut(text: string): string {
  return `regexp_replace(${text}, '([.][0-9]{6})[0-9]+', '\\1')`;
}

/**
 * The moment of a local time, in UTC. A time that a change of the clocks left out is no moment; of one that it made come twice
 * the first is meant.
 */
function momentIn(zone: string | undefined, local: string): string {
  const name = zoneText(zone);
  const first = `timezone(${name}, ${local})`;
  const hourBefore = `${first} - INTERVAL 1 HOUR`;
  const utc = (time: string) => withinYears(`timezone('UTC', ${time})`);
  return (
    `CASE WHEN timezone(${name}, ${hourBefore}) = ${local} THEN ${utc(hourBefore)} ` +
    `WHEN timezone(${name}, ${first}) = ${local} THEN ${utc(first)} END`
  );
}

/** A zone's name has letters, digits and `/_+-` alone. */
function zoneText(zone: string | undefined): string {
  return `'${(zone ?? 'UTC').replaceAll("'", "''")}'`;
}
