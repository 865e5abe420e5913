import type { ColumnType } from '../column.ts';
import type { SchemaType } from '../schema/column-type.ts';
import type { Path, PathStep } from '../schema/path.ts';
import type { Dialect } from './dialect.ts';
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
 * What a typed view's column is here. DuckDB's decimals end at 38 digits in all, which is half of a BIGNUMERIC: that one
 * is its exact text.
 */
export const DUCKDB_TYPES: Readonly<Record<SchemaType, string>> = {
  STRING: 'VARCHAR',
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  NUMERIC: 'DECIMAL(38,9)',
  BIGNUMERIC: 'VARCHAR',
  BOOL: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMP',
  DATE: 'DATE',
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
  fromJsonText,
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
function jsonList(expression: string, paths: readonly Path[]): string {
  const isPlain = (path: Path) => path.every((step) => step !== '' && step !== '*');
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
function jsonPath(step: PathStep): string {
  return step === '' || step === '*' ? `/${step}` : `$${jsonStep(step)}`;
}

function jsonStep(step: PathStep): string {
  return typeof step === 'number' ? `[${step}]` : `."${step.replace(/[\\"]/g, '\\$&')}"`;
}

function jsonAt(expression: string, path: Path): string {
  return path.reduce<string>((json, step) => `json_extract(${json}, ${text(jsonPath(step))})`, expression);
}

function fromJsonText(expression: string, type: SchemaType): string {
  const unquoted = `trim(${expression}, '"')`;
  switch (type) {
    case 'STRING':
      return `CASE WHEN starts_with(${expression}, '"') THEN json_extract_string(${expression}, '$') ELSE ${expression} END`;
    case 'BIGNUMERIC':
      // As BigQuery prints it: no zeros at the end, and none that is negative.
      return `regexp_replace(regexp_replace(${unquoted}, '[.]0*$|([.][0-9]*[1-9])0*$', '\\1'), '^-0$', '0')`;
    case 'TIMESTAMP': {
      // A cast to TIMESTAMP drops the offset, and one from TIMESTAMPTZ depends on the session's time zone.
      const utc = `make_timestamp(epoch_us(TRY_CAST(${unquoted} AS TIMESTAMPTZ)))`;
      return `CASE WHEN year(${utc}) BETWEEN 1 AND 9999 THEN ${utc} END`;
    }
    case 'NUMERIC':
      // Beyond 18 digits a cast takes seventy times as long.
      return (
        `COALESCE(CAST(TRY_CAST(${unquoted} AS DECIMAL(18,9)) AS DECIMAL(38,9)), ` +
        `TRY_CAST(${unquoted} AS DECIMAL(38,9)))`
      );
    case 'JSON':
      return expression;
    default:
      return `TRY_CAST(${unquoted} AS ${DUCKDB_TYPES[type]})`;
  }
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

function column({ name, type, required }: TableColumn): string {
  return `  ${identifier(name)} ${duckdbType(type)}${required ? ' NOT NULL' : ''}`;
}

/** DuckDB's word for a type. */
export function duckdbType(type: TableColumn['type']): string {
  return { ...DUCKDB_TYPES, ...TYPES }[type];
}

function commentOnTable(name: string, comment: string): string {
  return `COMMENT ON TABLE ${identifier(name)} IS ${text(comment)}`;
}
