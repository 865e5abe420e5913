import { duckdb } from './duckdb.ts';
import { type ExportedType, isNested, type ScalarType } from './exported-type.ts';

/** A decimal of so many digits survives every reader that takes numbers for doubles. */
const DIGITS_OF_DOUBLE = 15;

/** Integers up to here on either side of zero do, too. */
const MAX_SAFE = Number.MAX_SAFE_INTEGER;

/** Always six digits of a second: a reader that takes the first row's form for all rows is right, and text sorts as time. */
const DATETIME = '%Y-%m-%dT%H:%M:%S.%f';

/**
 * The text of a value in a cell of CSV, in DuckDB's SQL; NULL stays NULL.
 *
 * Nothing is left to DuckDB's own writers of numbers: its JSON writer takes decimals for doubles.
 *
 * @param expression Gives a value of the type.
 */
export function cellText(expression: string, type: ExportedType): string {
  if (isNested(type)) return `CASE WHEN ${expression} IS NOT NULL THEN ${jsonText(expression, type)} END`;
  switch (type.scalar) {
    case 'FLOAT64':
      return `CASE WHEN isfinite(${expression}) THEN CAST(${expression} AS VARCHAR) ELSE ${notFinite(expression)} END`;
    case 'NUMERIC':
      // As BigQuery prints it, without zeros at its end.
      return `regexp_replace(CAST(${expression} AS VARCHAR), '[.]0*$|([.][0-9]*[1-9])0*$', '\\1')`;
    case 'TIMESTAMP':
      return `strftime(${expression}, '${DATETIME}Z')`;
    case 'DATETIME':
      return `strftime(${expression}, '${DATETIME}')`;
    case 'TIME':
      return sixDigits(`CAST(${expression} AS VARCHAR)`);
    case 'BYTES':
      return `base64(${expression})`;
    default:
      return `CAST(${expression} AS VARCHAR)`;
  }
}

/** The JSON text of a value in a line of NDJSON, in DuckDB's SQL; of NULL, `null`. It has no line ends. */
export function jsonText(expression: string, type: ExportedType, depth = 0): string {
  if ('element' in type) {
    const element = `e${depth}`;
    const elements = `list_transform(${expression}, lambda ${element}: ${jsonText(element, type.element, depth + 1)})`;
    return orNull(`'[' || array_to_string(${elements}, ',') || ']'`);
  }
  if ('fields' in type) {
    const parts = type.fields.map((field) => ({
      name: field.name,
      json: jsonText(`${expression}.${duckdb.identifier(field.name)}`, field.type, depth),
    }));
    return `CASE WHEN ${expression} IS NULL THEN 'null' ELSE ${objectText(parts)} END`;
  }
  return orNull(scalarJson(expression, type.scalar));
}

/** The text of a JSON object, of the JSON texts of its members, in DuckDB's SQL. */
export function objectText(members: readonly { readonly name: string; readonly json: string }[]): string {
  const parts = members.map(({ name, json }, index) => {
    const before = `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`;
    return `${duckdb.text(before)} || ${json}`;
  });
  return `${parts.join(' || ') || `'{'`} || '}'`;
}

/** A value with the type that Parquet's readers shall see, in DuckDB's SQL. */
export function parquetValue(expression: string, type: ExportedType, depth = 0): string {
  if ('element' in type) {
    const element = `e${depth}`;
    const changed = parquetValue(element, type.element, depth + 1);
    return changed === element ? expression : `list_transform(${expression}, lambda ${element}: ${changed})`;
  }
  if ('fields' in type) {
    const fields = type.fields.map(({ name, type: of }) => {
      const quoted = duckdb.identifier(name);
      return `${quoted} := ${parquetValue(`${expression}.${quoted}`, of, depth)}`;
    });
    return `CASE WHEN ${expression} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`;
  }
  switch (type.scalar) {
    case 'STRING':
    // DuckDB's own Parquet writer makes doubles of integers of 128 bits.
    case 'BIGNUMERIC':
    // Of all readers not every one knows Parquet's JSON.
    case 'JSON':
      return `CAST(${expression} AS VARCHAR)`;
    case 'TIMESTAMP':
      // In a session whose time zone is UTC this moves nothing, and tells readers that it is an instant.
      return `CAST(${expression} AS TIMESTAMPTZ)`;
    default:
      return expression;
  }
}

function orNull(json: string): string {
  return `COALESCE(${json}, 'null')`;
}

function scalarJson(expression: string, type: ScalarType): string {
  const text = cellText(expression, { scalar: type });
  switch (type) {
    case 'BOOL':
      return text;
    case 'INT64':
      return `CASE WHEN ${expression} BETWEEN -${MAX_SAFE} AND ${MAX_SAFE} THEN ${text} ELSE '"' || ${text} || '"' END`;
    case 'FLOAT64':
      return (
        `CASE WHEN isfinite(${expression}) THEN CAST(${expression} AS VARCHAR) ` +
        `ELSE '"' || ${notFinite(expression)} || '"' END`
      );
    case 'NUMERIC':
      return `CASE WHEN length(translate(${text}, '-.', '')) <= ${DIGITS_OF_DOUBLE} THEN ${text} ELSE '"' || ${text} || '"' END`;
    case 'JSON':
      return withoutLineEnds(text);
    case 'STRING':
    case 'BIGNUMERIC':
      return `CAST(to_json(${text}) AS VARCHAR)`;
    default:
      return `'"' || ${text} || '"'`;
  }
}

/** JSON may have line ends outside of its strings; inside they are escaped. Looking for them takes far less than replacing. */
function withoutLineEnds(json: string): string {
  return (
    `CASE WHEN contains(${json}, chr(10)) OR contains(${json}, chr(13)) ` +
    `THEN translate(${json}, chr(10) || chr(13), '  ') ELSE ${json} END`
  );
}

/** A time of day, which DuckDB prints with the digits of a second that are needed. */
function sixDigits(time: string): string {
  return `rpad(${time} || CASE WHEN contains(${time}, '.') THEN '' ELSE '.' END, 15, '0')`;
}

function notFinite(expression: string): string {
  return `CASE WHEN isnan(${expression}) THEN 'NaN' WHEN ${expression} > 0 THEN 'Infinity' WHEN ${expression} < 0 THEN '-Infinity' END`;
}
