import { CHANGELOG_COLUMNS } from '../changelog/columns.ts';
import { type ShownColumn, shownColumns, type TypedView } from '../schema/typed-view.ts';
import { DUCKDB_TYPES } from '../views/duckdb-type.ts';
import { yamlText } from './yaml.ts';

/** Where the warehouse has the tables, in dbt's words. */
export type DbtPlace = {
  readonly warehouse: 'bigquery' | 'duckdb';
  /** The project in BigQuery, the catalog in DuckDB. */
  readonly database: string;
  /** The dataset in BigQuery, the schema in DuckDB. */
  readonly schema: string;
};

/** What dbt is told of a DynamoDB table. */
export type DbtSources = {
  /** Name by which models refer to the source. */
  readonly name: string;
  readonly place: DbtPlace;
  readonly views: readonly TypedView[];
  /** Name of the table's changelog. */
  readonly changelog: string;
};

/** Hours after whose last change dbt warns, and then fails: those of dbt's own examples. */
const WARN_HOURS = 12;
const ERROR_HOURS = 24;

/** Days of the changelog that a check reads: more than the hours after which it fails, so that none is too few. */
const READ_DAYS = 2;

/**
 * A file of dbt's sources: the typed views with their columns, and the changelog with its freshness.
 *
 * Freshness is the changelog's. A view shows the items that are there, so no removal, and nothing of when its rows came; and
 * to find the newest time of a view is to read it whole. The changelog tells when its newest row was stored, and of it a
 * check reads one column of the last partitions. The form is that of dbt 1.10 and later.
 *
 * @param comment Its first lines.
 */
export function dbtSources({ name, place, views, changelog }: DbtSources, comment: readonly string[]): string {
  const lines = [
    ...comment.map((line) => `# ${line}`),
    'version: 2',
    '',
    'sources:',
    `  - name: ${yamlText(name)}`,
    `    database: ${yamlText(place.database)}`,
    `    schema: ${yamlText(place.schema)}`,
    '    tables:',
    ...views.flatMap((view) => [`      - name: ${yamlText(view.name)}`, ...columnLines(shownColumns(view), place)]),
    `      - name: ${yamlText(changelog)}`,
    '        description: "Every change of the table, one row each, append-only."',
    ...freshnessLines(place),
    ...columnLines(
      CHANGELOG_COLUMNS.map((column) => ({ ...column, mode: 'NULLABLE' })),
      place,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function freshnessLines({ warehouse }: DbtPlace): readonly string[] {
  const filter = `ingested_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL ${READ_DAYS} DAY)`;
  return [
    '        config:',
    '          loaded_at_field: "ingested_at"',
    '          # The age of the newest change. Raise both for a table that is seldom written.',
    '          freshness:',
    `            warn_after: {count: ${WARN_HOURS}, period: hour}`,
    `            error_after: {count: ${ERROR_HOURS}, period: hour}`,
    // DuckDB knows the least and the greatest value of every block.
    ...(warehouse === 'bigquery'
      ? [
          '            # Only the partitions of these days are read, and billed. Keep it longer than error_after.',
          `            filter: ${yamlText(filter)}`,
        ]
      : []),
  ];
}

function columnLines(columns: readonly ShownColumn[], { warehouse }: DbtPlace): readonly string[] {
  return [
    '        columns:',
    ...columns.flatMap((column) => [
      `          - name: ${yamlText(column.name)}`,
      ...(column.description === null ? [] : [`            description: ${yamlText(literal(column.description))}`]),
      `            data_type: ${yamlText(typeOf(column, warehouse))}`,
    ]),
  ];
}

/** A column's type in the warehouse's own words. */
function typeOf({ type, mode }: ShownColumn, warehouse: DbtPlace['warehouse']): string {
  const isList = mode === 'REPEATED';
  if (warehouse === 'duckdb') return isList ? `${DUCKDB_TYPES[type]}[]` : DUCKDB_TYPES[type];
  return isList ? `ARRAY<${type}>` : type;
}

/** A text in which dbt finds nothing to fill in: it reads descriptions as templates of Jinja. */
function literal(text: string): string {
  return text.replace(/\{(?=[{%#])/g, "{{ '{' }}");
}
