import { microsecondsOf, type ValueForm } from '../schema/value-format.ts';
import { googlesqlBind } from './googlesql-bind.ts';

/** Implements `Dialect.fromJsonText`. */
export function googlesqlValue(expression: string, { type, format, zone }: ValueForm): string {
  const unquoted = `TRIM(${expression}, '"')`;
  switch (type) {
    case 'STRING':
      return `CASE WHEN STARTS_WITH(${expression}, '"') THEN ${googlesqlString(expression)} ELSE ${expression} END`;
    case 'BYTES':
      return `SAFE.FROM_BASE64(${unquoted})`;
    case 'TIMESTAMP':
      return format === 'iso8601_local' ? momentIn(zone, localTime(unquoted)) : moment(unquoted, format);
    case 'DATETIME':
      return civil('DATETIME', unquoted, format, zone);
    case 'DATE':
      return format === undefined ? `SAFE_CAST(${unquoted} AS DATE)` : civil('DATE', unquoted, format, zone);
    case 'JSON':
      return expression;
    default:
      return `SAFE_CAST(${unquoted} AS ${type})`;
  }
}

/** Implements `Dialect.stringOfJson`. */
export function googlesqlString(expression: string): string {
  return `JSON_VALUE(${expression}, '$')`;
}

/** The moment that a text is. */
function moment(text: string, format: ValueForm['format']): string {
  const unit = microsecondsOf(format);
  if (unit !== undefined) return `SAFE.TIMESTAMP_MICROS(SAFE_CAST(SAFE_CAST(${text} AS NUMERIC) * ${unit} AS INT64))`;
  return `SAFE_CAST(${format === 'iso8601_nanoseconds' ? cut(text) : text} AS TIMESTAMP)`;
}

/** The date, or the time of day with it, that a text is: as it is written, or of its moment in a zone. */
function civil(type: 'DATE' | 'DATETIME', text: string, format: ValueForm['format'], zone: string | undefined): string {
  if (format !== undefined && format !== 'iso8601_local') {
    return `SAFE.${type}(${moment(text, format)}, ${zoneText(zone)})`;
  }
  return type === 'DATE' ? `DATE(${localTime(text)})` : localTime(text);
}

function localTime(text: string): string {
  return `SAFE_CAST(${cut(text)} AS DATETIME)`;
}

/** Cuts what is beyond microseconds. */
function cut(text: string): string {
  return `REGEXP_REPLACE(${text}, '([.][0-9]{6})[0-9]+', '\\\\1')`;
}

/**
 * The moment of a local time. A time that a change of the clocks left out is no moment; of one that it made come twice the
 * first is meant, which GoogleSQL takes, too.
 */
function momentIn(zone: string | undefined, time: string): string {
  const name = zoneText(zone);
  return googlesqlBind('local', time, (local) =>
    googlesqlBind(
      'moment',
      `SAFE.TIMESTAMP(${local}, ${name})`,
      (moment) => `IF(SAFE.DATETIME(${moment}, ${name}) = ${local}, ${moment}, NULL)`,
    ),
  );
}

/** A zone's name has letters, digits and `/_+-` alone. */
function zoneText(zone: string | undefined): string {
  return `'${(zone ?? 'UTC').replaceAll("'", '')}'`;
}
