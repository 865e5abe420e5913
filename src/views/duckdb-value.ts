import { microsecondsOf, type ValueForm } from '../schema/value-format.ts';
import { duckdbBind } from './duckdb-bind.ts';
import { DUCKDB_TYPES } from './duckdb-type.ts';

/** The first and the last microsecond of BigQuery's TIMESTAMP: of the years 1 to 9999. */
const [FIRST, LAST] = ['-62135596800000000', '253402300799999999'];

/** Implements `Dialect.fromJsonText`. Times of TIMESTAMP are UTC. */
export function duckdbValue(expression: string, { type, format, zone }: ValueForm): string {
  const unquoted = `trim(${expression}, '"')`;
  switch (type) {
    case 'STRING':
      return `CASE WHEN starts_with(${expression}, '"') THEN ${duckdbString(expression)} ELSE ${expression} END`;
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

/** Implements `Dialect.stringOfJson`. */
export function duckdbString(expression: string): string {
  return `json_extract_string(${expression}, '$')`;
}

/** The moment that a text is, in UTC; NULL beyond the years of BigQuery's TIMESTAMP. */
function moment(text: string, format: ValueForm['format']): string {
  const unit = microsecondsOf(format);
  // A cast to TIMESTAMP drops the offset, and one from TIMESTAMPTZ depends on the session's time zone.
  const iso = `epoch_us(TRY_CAST(${format === 'iso8601_nanoseconds' ? cut(text) : text} AS TIMESTAMPTZ))`;
  const micros = unit === undefined ? iso : epochMicroseconds(text, unit);
  // Far beyond, a TIMESTAMP is an error.
  return duckdbBind(
    'micros',
    micros,
    (name) => `CASE WHEN ${name} BETWEEN ${FIRST} AND ${LAST} THEN make_timestamp(${name}) END`,
  );
}

/**
 * The microseconds of an epoch: its digits, with as many behind the point as the unit has. Decimals of 18 digits hold every
 * moment; arithmetic on those of more takes twenty times as long.
 */
function epochMicroseconds(text: string, unit: number): string {
  const decimal = `TRY_CAST(${text} AS DECIMAL(18,${String(unit).length - 1}))`;
  return `CAST(replace(CAST(${decimal} AS VARCHAR), '.', '') AS BIGINT)`;
}

/** The time of day and date that a text is: as it is written, or of its moment in a zone. */
function civil(text: string, format: ValueForm['format'], zone: string | undefined): string {
  if (format === undefined || format === 'iso8601_local') return localTime(text);
  return duckdbBind('found', localOf(moment(text, format), zone), withinYears);
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
 * the first is meant, where DuckDB takes the last: the clocks have then what they had a day before.
 */
function momentIn(zone: string | undefined, time: string): string {
  const dayBefore = (utc: string) => `${utc} - INTERVAL 24 HOURS`;
  const lastOf = (local: string) => `timezone('UTC', timezone(${zoneText(zone)}, ${local}))`;
  const firstOf = (local: string, last: string) =>
    `${local} - (${localOf(dayBefore(last), zone)} - (${dayBefore(last)}))`;
  const found = (local: string, last: string, first: string) =>
    `CASE WHEN ${localOf(first, zone)} = ${local} THEN ${first} WHEN ${localOf(last, zone)} = ${local} THEN ${last} END`;
  return duckdbBind('local', time, (local) =>
    duckdbBind('last', lastOf(local), (last) =>
      duckdbBind('first', firstOf(local, last), (first) => duckdbBind('found', found(local, last, first), withinYears)),
    ),
  );
}

/** The local time of a moment in UTC. */
function localOf(utc: string, zone: string | undefined): string {
  return `timezone(${zoneText(zone)}, timezone('UTC', ${utc}))`;
}

function withinYears(time: string): string {
  return `CASE WHEN year(${time}) BETWEEN 1 AND 9999 THEN ${time} END`;
}

/** A zone's name has letters, digits and `/_+-` alone. */
function zoneText(zone: string | undefined): string {
  return `'${(zone ?? 'UTC').replaceAll("'", "''")}'`;
}
