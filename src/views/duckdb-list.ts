import type { ValueForm } from '../schema/value-format.ts';
import { type ElementColumn, type RecordField, whereLines } from './dialect.ts';
import { duckdbIdentifier } from './duckdb-quote.ts';
import { DUCKDB_TYPES } from './duckdb-type.ts';

function elementsOf(json: string, value: (element: string) => string): string {
  return `list_transform(json_extract(${json}, '$[*]'), lambda element: ${value('element')})`;
}

/** Implements `Dialect.valuesOf`. */
export function duckdbValuesOf(json: string, form: ValueForm, value: (element: string) => string): string {
  const empty = `CAST([] AS ${DUCKDB_TYPES[form.type]}[])`;
  const values = elementsOf(json, value);
  const isWhole = `json_type(${json}) = 'ARRAY' AND len(list_filter(${values}, lambda value: value IS NULL)) = 0`;
  return `CASE WHEN ${isWhole} THEN ${values} ELSE ${empty} END`;
}

/** Implements `Dialect.recordsOf`. */
export function duckdbRecordsOf(json: string, fields: readonly RecordField[]): string {
  const list = `CASE WHEN json_type(${json}) = 'ARRAY' THEN ${json} ELSE '[]'::JSON END`;
  return elementsOf(list, (element) => {
    const packed = fields.map(({ name, of }) => `    ${duckdbIdentifier(name)} := ${of(element)}`);
    return packed.length === 0 ? `{'none': NULL::BOOLEAN}` : `struct_pack(\n${packed.join(',\n')}\n  )`;
  });
}

/** Implements `Dialect.selectElements`. */
export function selectDuckdbElements(
  from: string,
  list: string,
  columns: readonly ElementColumn[],
  conditions: readonly string[],
): string {
  const ofItems = [
    ...new Set(columns.flatMap((column) => (column.of === 'item' ? [duckdbIdentifier(column.column)] : []))),
  ];
  const shown = columns.map((column) => {
    const value =
      column.of === 'place'
        ? '"place"'
        : column.of === 'item'
          ? `"items".${duckdbIdentifier(column.column)}`
          : `"items"."element".${duckdbIdentifier(column.column)}`;
    return `  ${value} AS ${duckdbIdentifier(column.name)}`;
  });
  return [
    'SELECT',
    shown.join(',\n'),
    'FROM (',
    '  SELECT',
    [
      ...ofItems.map((column) => `    ${column}`),
      `    unnest(${list}) AS "element"`,
      `    CAST(generate_subscripts(${list}, 1) - 1 AS BIGINT) AS "place"`,
    ].join(',\n'),
    `  FROM ${from}`,
    ...whereLines(conditions).map((line) => `  ${line}`),
    ') AS "items"',
  ].join('\n');
}

/** Implements `Dialect.selectJsonElements`. */
export function selectDuckdbJsonElements(
  selected: readonly string[],
  from: string,
  json: string,
  conditions: readonly string[],
): readonly string[] {
  return [
    `SELECT ${selected.join(', ')}, unnest(CASE WHEN json_type(${json}) = 'ARRAY' THEN json_extract(${json}, '$[*]') END) AS "element"`,
    `FROM ${from}`,
    ...whereLines(conditions),
  ];
}
