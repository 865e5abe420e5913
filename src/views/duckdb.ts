import type { ColumnType } from '../column.ts';
import type { Split } from '../schema/schema.ts';
import type { Dialect } from './dialect.ts';
import { duckdbBind } from './duckdb-bind.ts';
import { duckdbJsonAt, duckdbJsonList, duckdbParseJson } from './duckdb-json.ts';
import { duckdbRecordsOf, duckdbValuesOf, selectDuckdbElements, selectDuckdbJsonElements } from './duckdb-list.ts';
import { duckdbIdentifier, duckdbText } from './duckdb-quote.ts';
import { DUCKDB_TYPES } from './duckdb-type.ts';
import { duckdbString, duckdbValue } from './duckdb-value.ts';
import type { KeyCondition, KeySlice } from './key-condition.ts';
import type { TableColumn, TableDefinition } from './table-definition.ts';

/** TIMESTAMP, not TIMESTAMPTZ: it holds UTC, and reads the same in every client whatever time zone that one is in. */
const TYPES: Readonly<Record<ColumnType, string>> = {
  STRING: 'VARCHAR',
  INT64: 'BIGINT',
  BOOL: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMP',
  JSON: 'JSON',
};

/** Short names of what stands in almost every line. */
const [identifier, text] = [duckdbIdentifier, duckdbText];

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
  jsonText: (expression) => `CAST(${expression} AS VARCHAR)`,
  jsonAt: duckdbJsonAt,
  jsonList: duckdbJsonList,
  matches: (expression, pattern) => `regexp_matches(${expression}, ${text(pattern)})`,
  replaceAll: (expression, pattern, replacement) =>
    `regexp_replace(${expression}, ${text(pattern)}, ${text(replacement)}, 'g')`,
  leastTexts: (expression, limit) => `COALESCE(CAST(to_json(min(${expression}, ${limit})) AS VARCHAR), '[]')`,
  fromJsonText: duckdbValue,
  jsonOfText: (expression) => `CAST(to_json(${expression}) AS VARCHAR)`,
  bind: duckdbBind,
  stringOfJson: duckdbString,
  parseJson: duckdbParseJson,
  part,
  valuesOf: duckdbValuesOf,
  recordsOf: duckdbRecordsOf,
  lengthOf: (list) => `len(${list})`,
  selectElements: selectDuckdbElements,
  selectJsonElements: selectDuckdbJsonElements,
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

function part(expression: string, { separator, index }: Split): string {
  return `string_split(${expression}, ${text(separator)})[${index < 0 ? index : index + 1}]`;
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
