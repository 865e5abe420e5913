import type { ColumnType } from '../column.ts';
import type { PlainPath, PlainStep } from '../schema/path.ts';
import type { Split } from '../schema/schema.ts';
import type { ValueForm } from '../schema/value-format.ts';
import type { Dialect, ElementColumn, RecordField } from './dialect.ts';
import { DUCKDB_TYPES } from './duckdb-type.ts';
import { duckdbValue } from './duckdb-value.ts';
import type { KeyCondition, KeySlice } from './key-condition.ts';
import { checkedName, checkedText } from './name-check.ts';
import type { TableColumn, TableDefinition } from './table-definition.ts';

/** TIMESTAMP, not TIMESTAMPTZ: it holds UTC, and reads the same in every client whatever time zone that one is in. */
const TYPES: Readonly<Record<ColumnType, string>> = {
  STRING: 'VARCHAR',
  INT64: 'BIGINT',
  BOOL: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMP',
  JSON: 'JSON',
};

/**
 * DuckDB's dialect.
 *
 * Names never carry a catalog: DuckDB calls a file's catalog by the file's name, and a view that said so would stop
 * working once the file is renamed.
 *
 * Source: <https://duckdb.org/docs/stable/sql/dialect/keywords_and_identifiers>
 */
export const duckdb: Dialect = {
  name: 'duckdb',
  identifier,
  table: identifier,
  text,
  timestamp: (ms) => `TIMESTAMP '${new Date(ms).toISOString()}'`,
  type: (type) => TYPES[type],
  jsonText,
  jsonAt,
  jsonList,
  matches: (expression, pattern) => `regexp_matches(${expression}, ${text(pattern)})`,
  replaceAll: (expression, pattern, replacement) =>
    `regexp_replace(${expression}, ${text(pattern)}, ${text(replacement)}, 'g')`,
  leastTexts: (expression, limit) => `COALESCE(CAST(to_json(min(${expression}, ${limit})) AS VARCHAR), '[]')`,
  fromJsonText: duckdbValue,
  jsonOfText: (expression) => `CAST(to_json(${expression}) AS VARCHAR)`,
  parseJson: (expression) => `TRY_CAST(${expression} AS JSON)`,
  part,
  valuesOf,
  recordsOf,
  lengthOf: (list) => `len(${list})`,
  selectElements,
  selectJsonElements,
  // Unlike IN, this reaches through the window of the latest view: a few keys don't cost the ranking of all.
  isAmong: (expression, parameter) => `list_contains($${parameter}, ${expression})`,
  // An anti-join by other means puts the snapshot into its hash table once a history is long, by a wrong estimate.
  isKeyAbsent: (key, from) => `${key} NOT IN (SELECT "key" FROM ${from})`,
  newestByKey,
  // What a WITH clause names twice is materialised, and all columns of the view are read for it. NOT MATERIALIZED would help,
  // but a view loses it when its file is opened again.
  hasWith: false,
  hash: (expression) => `md5(${expression})`,
  createTable,
  createTableAs: (definition, select) => [...createTable(definition), insertInto(definition, select)],
  createView: (name, select, comment) => [
    `CREATE OR REPLACE VIEW ${identifier(name)} AS\n${select}`,
    `COMMENT ON VIEW ${identifier(name)} IS ${text(comment)}`,
  ],
  commentOnTable,
  dropTable: (name) => `DROP TABLE IF EXISTS ${identifier(name)}`,
};

/**
 * The test that a key is in a slice. By a range of the hash: a remainder, which might fail, wouldn't reach through the
 * window of the latest view, and all would be ranked for each slice.
 */
export function inSlice({ index, of }: KeySlice): KeyCondition {
  const bound = (part: number) => (BigInt(part) << 64n) / BigInt(of);
  return (key) => `hash(${key}) BETWEEN ${bound(index)}::UBIGINT AND ${bound(index + 1) - 1n}::UBIGINT`;
}

/** Statement that describes a column of a table or view. */
export function commentOnColumn(table: string, column: string, description: string): string {
  return `COMMENT ON COLUMN ${identifier(table)}.${identifier(column)} IS ${text(description)}`;
}

function identifier(name: string): string {
  return `"${checkedName(name).replaceAll('"', '""')}"`;
}

function text(value: string): string {
  return `'${checkedText(value).replaceAll("'", "''")}'`;
}

/** One parse of the item for all paths. A path with a name that needs a pointer of its own is read by itself. */
function jsonList(expression: string, paths: readonly PlainPath[]): string {
  const isPlain = (path: PlainPath) => path.every((step) => step !== '' && step !== '*');
  if (!paths.every(isPlain)) return `[${paths.map((path) => jsonAt(expression, path)).join(', ')}]`;
  return `json_extract(${expression}, [${paths.map((path) => text(`$${path.map(jsonStep).join('')}`)).join(', ')}])`;
}

/**
 * Ranking a key's rows would take their images along, and many times as long as finding the greatest. Positions never begin
 * with one another, and stamps have 16 digits for the next 250 years, so the text orders as the three would one by one; NULL,
 * the digest of a REMOVE, is least.
 */
function newestByKey(selected: readonly string[], changelog: string, conditions: readonly string[]): string {
  return [
    `SELECT ${selected.join(', ')}`,
    `FROM ${changelog}`,
    `WHERE rowid IN (`,
    `  SELECT arg_max(rowid, concat("position", epoch_us("ingested_at"), "digest"))`,
    `  FROM ${changelog}`,
    `  WHERE ${conditions.join('\n    AND ')}`,
    `  GROUP BY "key"`,
    `)`,
  ].join('\n');
}

function jsonText(expression: string): string {
  return `CAST(${expression} AS VARCHAR)`;
}

/**
 * One step as a path of DuckDB's. Quoted names take everything but the empty name and, as it would be every name, `*`;
 * those two are JSON pointers, which on a list would select nothing either.
 *
 * Source: <https://duckdb.org/docs/stable/data/json/json_functions>
 */
function jsonPath(step: PlainStep): string {
  return step === '' || step === '*' ? `/${step}` : `$${jsonStep(step)}`;
}

function jsonStep(step: PlainStep): string {
  return typeof step === 'number' ? `[${step}]` : `."${step.replace(/[\\"]/g, '\\$&')}"`;
}

function jsonAt(expression: string, path: PlainPath): string {
  return path.reduce<string>((json, step) => `json_extract(${json}, ${text(jsonPath(step))})`, expression);
}

function part(expression: string, { separator, index }: Split): string {
  return `string_split(${expression}, ${text(separator)})[${index < 0 ? index : index + 1}]`;
}

function elementsOf(json: string, value: (element: string) => string): string {
  return `list_transform(json_extract(${json}, '$[*]'), lambda element: ${value('element')})`;
}

function valuesOf(json: string, form: ValueForm, value: (element: string) => string): string {
  const empty = `CAST([] AS ${DUCKDB_TYPES[form.type]}[])`;
  const values = elementsOf(json, value);
  const isWhole = `json_type(${json}) = 'ARRAY' AND len(list_filter(${values}, lambda value: value IS NULL)) = 0`;
  return `CASE WHEN ${isWhole} THEN ${values} ELSE ${empty} END`;
}

function recordsOf(json: string, fields: readonly RecordField[]): string {
  const list = `CASE WHEN json_type(${json}) = 'ARRAY' THEN ${json} ELSE '[]'::JSON END`;
  return elementsOf(list, (element) => {
    const packed = fields.map(({ name, of }) => `${identifier(name)} := ${of(element)}`);
    return packed.length === 0 ? `{'none': NULL::BOOLEAN}` : `struct_pack(${packed.join(', ')})`;
  });
}

function selectElements(
  from: string,
  list: string,
  columns: readonly ElementColumn[],
  conditions: readonly string[],
): string {
  const ofItems = [...new Set(columns.flatMap((column) => (column.of === 'item' ? [identifier(column.column)] : [])))];
  const shown = columns.map((column) => {
    const value =
      column.of === 'place'
        ? '"place"'
        : column.of === 'item'
          ? `"items".${identifier(column.column)}`
          : `"items"."element".${identifier(column.column)}`;
    return `  ${value} AS ${identifier(column.name)}`;
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
    ...(conditions.length === 0 ? [] : [`  WHERE ${conditions.join('\n    AND ')}`]),
    ') AS "items"',
  ].join('\n');
}

function selectJsonElements(
  selected: readonly string[],
  from: string,
  json: string,
  conditions: readonly string[],
): string {
  return [
    `SELECT ${selected.join(', ')}, unnest(CASE WHEN json_type(${json}) = 'ARRAY' THEN json_extract(${json}, '$[*]') END) AS "element"`,
    `FROM ${from}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join('\n  AND ')}`]),
  ].join('\n');
}

/** Keys take twice the space so, and are read four times as fast: measured with a million of them, against FSST. */
const FAST_COMPRESSION = 'USING COMPRESSION uncompressed';

function createTable({ name, columns, comment, joinedBy }: TableDefinition): readonly string[] {
  const defined = columns.map((one) => (one.name === joinedBy ? `${column(one)} ${FAST_COMPRESSION}` : column(one)));
  return [
    `CREATE TABLE IF NOT EXISTS ${identifier(name)} (\n${defined.join(',\n')}\n)`,
    commentOnTable(name, comment),
    ...columns.map((column) => commentOnColumn(name, column.name, column.description)),
  ];
}

/** Statement that adds the rows of a SELECT to a table. Its columns are the table's, in their order. */
export function insertInto({ name, columns }: TableDefinition, select: string): string {
  return `INSERT INTO ${identifier(name)} (${columns.map((column) => identifier(column.name)).join(', ')})\n${select}`;
}

function column({ required, ...column }: TableColumn): string {
  return `  ${identifier(column.name)} ${duckdbType(column)}${required ? ' NOT NULL' : ''}`;
}

/** DuckDB's word for the type of a column. */
export function duckdbType({
  type,
  isRepeated = false,
  fields,
}: Omit<TableColumn, 'required' | 'description'>): string {
  const one =
    fields === undefined
      ? { ...DUCKDB_TYPES, ...TYPES }[type]
      : `STRUCT(${fields.map((field) => `${identifier(field.name)} ${duckdbType(field)}`).join(', ')})`;
  return isRepeated ? `${one}[]` : one;
}

function commentOnTable(name: string, comment: string): string {
  return `COMMENT ON TABLE ${identifier(name)} IS ${text(comment)}`;
}
