import { TailraceError } from '../errors.ts';
import type { SchemaType } from '../schema/column-type.ts';
import type { PathStep } from '../schema/path.ts';
import type { Dialect } from './dialect.ts';
import { checkedName, checkedText } from './name-check.ts';
import type { TableColumn, TableDefinition } from './table-definition.ts';

/** A dataset of a project. */
export type DatasetPath = { readonly project: string; readonly dataset: string };

/**
 * BigQuery's dialect, for the tables of one dataset.
 *
 * A view must name its tables in full: BigQuery knows no default dataset inside one.
 *
 * Source: <https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical>
 */
export function googlesql({ project, dataset }: DatasetPath): Dialect {
  const table = (name: string) => {
    // Inside the backticks a dot separates project, dataset and table.
    if (name.includes('.')) throw new TailraceError('config-invalid', `Table name ${JSON.stringify(name)} has a dot`);
    return identifier(`${checkedName(project)}.${checkedName(dataset)}.${checkedName(name)}`);
  };
  return {
    name: 'googlesql',
    identifier,
    table,
    text,
    timestamp: (ms) => `TIMESTAMP '${new Date(ms).toISOString()}'`,
    type: (type) => type,
    jsonText: (expression) => `TO_JSON_STRING(${expression})`,
    jsonAt: (expression, path) => `${expression}${path.map(subscript).join('')}`,
    matches: (expression, pattern) => `REGEXP_CONTAINS(${expression}, ${text(pattern)})`,
    replaceAll: (expression, pattern, replacement) =>
      `REGEXP_REPLACE(${expression}, ${text(pattern)}, ${text(replacement)})`,
    // Without IGNORE NULLS, which other engines of GoogleSQL don't take beside a LIMIT. Without rows the array is NULL.
    leastTexts: (expression, limit) =>
      `TO_JSON_STRING(IFNULL(ARRAY_AGG(${expression} ORDER BY ${expression} IS NULL, ${expression} LIMIT ${limit}), []))`,
    fromJsonText,
    isAmong: (expression, parameter) => `${expression} IN UNNEST(@${parameter})`,
    hash: (expression) => `TO_HEX(MD5(${expression}))`,
    createTable: (definition) => [createTable(table(definition.name), definition)],
    createView: (name, select, comment) => [
      `CREATE OR REPLACE VIEW ${table(name)}\nOPTIONS (description = ${text(comment)}) AS\n${select}`,
    ],
    commentOnTable: (name, comment) => `ALTER TABLE ${table(name)} SET OPTIONS (description = ${text(comment)})`,
    dropTable: (name) => `DROP TABLE IF EXISTS ${table(name)}`,
  };
}

function identifier(name: string): string {
  return `\`${checkedName(name).replace(/[\\`]/g, '\\$&')}\``;
}

function text(value: string): string {
  return `'${checkedText(value)
    .replace(/[\\']/g, '\\$&')
    .replace(/\p{Cc}/gu, escaped)}'`;
}

/** A literal may not span lines, so every control character is escaped. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * A subscript takes any name as it is, without the quoting rules of JSON paths.
 *
 * Source: <https://cloud.google.com/bigquery/docs/reference/standard-sql/operators#json_subscript_operator>
 */
function subscript(step: PathStep): string {
  return typeof step === 'number' ? `[${step}]` : `[${text(step)}]`;
}

function fromJsonText(expression: string, type: SchemaType): string {
  switch (type) {
    case 'STRING':
      return `CASE WHEN STARTS_WITH(${expression}, '"') THEN JSON_VALUE(${expression}, '$') ELSE ${expression} END`;
    case 'JSON':
      return expression;
    default:
      return `SAFE_CAST(TRIM(${expression}, '"') AS ${type})`;
  }
}

function createTable(path: string, { columns, comment, partitionBy, clusterBy }: TableDefinition): string {
  return [
    `CREATE TABLE IF NOT EXISTS ${path} (\n${columns.map(column).join(',\n')}\n)`,
    ...(partitionBy === undefined ? [] : [`PARTITION BY ${partitionOf(partitionBy)}`]),
    ...(clusterBy === undefined ? [] : [`CLUSTER BY ${identifier(clusterBy)}`]),
    `OPTIONS (description = ${text(comment)})`,
  ].join('\n');
}

function partitionOf({ column, unit }: NonNullable<TableDefinition['partitionBy']>): string {
  return unit === 'day' ? `DATE(${identifier(column)})` : `TIMESTAMP_TRUNC(${identifier(column)}, HOUR)`;
}

function column({ name, type, required, description }: TableColumn): string {
  return `  ${identifier(name)} ${type}${required ? ' NOT NULL' : ''} OPTIONS (description = ${text(description)})`;
}
