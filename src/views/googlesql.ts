import { TailraceError } from '../errors.ts';
import type { PlainStep } from '../schema/path.ts';
import type { Split } from '../schema/schema.ts';
import type { Dialect } from './dialect.ts';
import { googlesqlBind } from './googlesql-bind.ts';
import {
  googlesqlRecordsOf,
  googlesqlValuesOf,
  selectGooglesqlElements,
  selectGooglesqlJsonElements,
} from './googlesql-list.ts';
import { googlesqlIdentifier, googlesqlText } from './googlesql-quote.ts';
import { googlesqlString, googlesqlValue } from './googlesql-value.ts';
import { checkedName } from './name-check.ts';
import type { TableColumn, TableDefinition } from './table-definition.ts';

/** A dataset of a project. */
export type DatasetPath = { readonly project: string; readonly dataset: string };

/** Short names of what stands in almost every line. */
const [identifier, text] = [googlesqlIdentifier, googlesqlText];

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
    jsonList: () => null,
    matches: (expression, pattern) => `REGEXP_CONTAINS(${expression}, ${text(pattern)})`,
    replaceAll: (expression, pattern, replacement) =>
      `REGEXP_REPLACE(${expression}, ${text(pattern)}, ${text(replacement)})`,
    // Without IGNORE NULLS, which other engines of GoogleSQL don't take beside a LIMIT. Without rows the array is NULL.
    leastTexts: (expression, limit) =>
      `TO_JSON_STRING(IFNULL(ARRAY_AGG(${expression} ORDER BY ${expression} IS NULL, ${expression} LIMIT ${limit}), []))`,
    fromJsonText: googlesqlValue,
    jsonOfText: (expression) => `TO_JSON_STRING(${expression})`,
    bind: googlesqlBind,
    stringOfJson: googlesqlString,
    parseJson: (expression) => `SAFE.PARSE_JSON(${expression})`,
    part,
    valuesOf: googlesqlValuesOf,
    recordsOf: googlesqlRecordsOf,
    lengthOf: (list) => `ARRAY_LENGTH(${list})`,
    selectElements: selectGooglesqlElements,
    selectJsonElements: selectGooglesqlJsonElements,
    isAmong: (expression, parameter) => `${expression} IN UNNEST(@${parameter})`,
    isKeyAbsent: (key, from, name) => `NOT EXISTS (SELECT 1 FROM ${from} WHERE ${identifier(name)}.\`key\` = ${key})`,
    newestByKey,
    hasWith: true,
    hash: (expression) => `TO_HEX(MD5(${expression}))`,
    createTable: (definition) => [createTable(table(definition.name), definition)],
    createTableAs: (definition, select) => [
      `${createTable(table(definition.name), definition, COLLATION)} AS\n${select}`,
    ],
    createView: (name, select, comment) => [
      `CREATE OR REPLACE VIEW ${table(name)}\nOPTIONS (description = ${text(comment)}) AS\n${select}`,
    ],
    commentOnTable: (name, comment) => `ALTER TABLE ${table(name)} SET OPTIONS (description = ${text(comment)})`,
    dropTable: (name) => `DROP TABLE IF EXISTS ${table(name)}`,
  };
}

function newestByKey(selected: readonly string[], changelog: string, conditions: readonly string[]): string {
  return [
    `SELECT ${selected.join(', ')}`,
    `FROM ${changelog}`,
    `WHERE ${conditions.join('\n  AND ')}`,
    'QUALIFY ROW_NUMBER() OVER (',
    '  PARTITION BY `key` ORDER BY `position` DESC, `ingested_at` DESC, `digest` DESC NULLS LAST',
    ') = 1',
  ].join('\n');
}

/**
 * A subscript takes any name as it is, without the quoting rules of JSON paths.
 *
 * Source: <https://cloud.google.com/bigquery/docs/reference/standard-sql/operators#json_subscript_operator>
 */
function subscript(step: PlainStep): string {
  return typeof step === 'number' ? `[${step}]` : `[${text(step)}]`;
}

function part(expression: string, { separator, index }: Split): string {
  const parts = `SPLIT(${expression}, ${text(separator)})`;
  return index < 0 ? `ARRAY_REVERSE(${parts})[SAFE_OFFSET(${-index - 1})]` : `${parts}[SAFE_OFFSET(${index})]`;
}

/** Not the dataset's: with `und:ci` the keys "a" and "A" would be equal. */
const COLLATION = [`DEFAULT COLLATE ''`];

function createTable(
  path: string,
  { columns, comment, partitionBy, clusterBy, labels = {}, kmsKey }: TableDefinition,
  collation: readonly string[] = [],
): string {
  const labelled = Object.entries(labels).map(([name, value]) => `(${text(name)}, ${text(value)})`);
  const options = [
    `description = ${text(comment)}`,
    ...(labelled.length === 0 ? [] : [`labels = [${labelled.join(', ')}]`]),
    ...(kmsKey === undefined ? [] : [`kms_key_name = ${text(kmsKey)}`]),
  ];
  return [
    `CREATE TABLE IF NOT EXISTS ${path} (\n${columns.map(column).join(',\n')}\n)`,
    ...collation,
    ...(partitionBy === undefined ? [] : [`PARTITION BY ${partitionOf(partitionBy)}`]),
    ...(clusterBy === undefined ? [] : [`CLUSTER BY ${clusterBy.map(identifier).join(', ')}`]),
    `OPTIONS (${options.join(', ')})`,
  ].join('\n');
}

function partitionOf({ column, unit }: NonNullable<TableDefinition['partitionBy']>): string {
  return unit === 'day' ? `DATE(${identifier(column)})` : `TIMESTAMP_TRUNC(${identifier(column)}, HOUR)`;
}

function column({ required, description, ...column }: TableColumn): string {
  const options = `OPTIONS (description = ${text(description)})`;
  return `  ${identifier(column.name)} ${columnType(column)}${required ? ' NOT NULL' : ''} ${options}`;
}

function columnType({ type, isRepeated = false, fields }: Omit<TableColumn, 'required' | 'description'>): string {
  const one =
    fields === undefined
      ? type
      : `STRUCT<${fields.map((field) => `${identifier(field.name)} ${columnType(field)}`).join(', ')}>`;
  return isRepeated ? `ARRAY<${one}>` : one;
}
