import { TailraceError } from '../../errors.ts';
import type { TableColumn, TableDefinition } from '../../views/table-definition.ts';
import { readAnnotation } from '../annotation.ts';
import { remadeChangelogAdvice } from '../remade-changelog.ts';
import type { Dataset } from './dataset.ts';
import { collatedColumns } from './dataset-defaults.ts';
import type { FieldSchema, TableResource } from './resources.ts';

/** The role of a table or view, as its label `tailrace` has it. */
export type Role = 'changelog' | 'snapshot' | 'load' | 'ledger' | 'state' | 'latest' | 'typed' | 'comparison';

/**
 * The rows of a table, about: what streaming has buffered is an estimate. `null` from a server that counts none.
 *
 * Asking costs nothing. Source: <https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/tables#Table.FIELDS.num_rows>
 */
export function countedRows({ numRows, streamingBuffer }: TableResource): number | null {
  return numRows === undefined ? null : Number(numRows) + Number(streamingBuffer?.estimatedRows ?? 0);
}

/** BigQuery's older words for types, which its API answers with. */
const SYNONYMS: Readonly<Record<string, string>> = { INTEGER: 'INT64', BOOLEAN: 'BOOL', FLOAT: 'FLOAT64' };

/**
 * Creates a table unless it exists, and gives whether it did. It is no error if another process creates it just then.
 *
 * @param expiresAt When BigQuery drops it by itself, in milliseconds since the epoch.
 * @throws {TailraceError} `destination-conflict` if something of that name has other columns.
 */
export async function ensureTable(
  dataset: Dataset,
  definition: TableDefinition,
  role: Role,
  expiresAt?: number,
): Promise<boolean> {
  const refuseOther = (table: TableResource) =>
    expiresAt === undefined
      ? refuseOtherTable(dataset, table, definition)
      : refuseOtherColumns(dataset, table, definition.name, definition.columns);
  const existing = await dataset.findTable(definition.name);
  if (existing !== undefined) {
    refuseOther(existing);
    return false;
  }
  if (await dataset.createTable(definition.name, tableResource(dataset, definition, role, expiresAt))) return true;
  refuseOther(await dataset.getTable(definition.name));
  return false;
}

/**
 * @throws {TailraceError} `destination-conflict` if `table` can't take the rows of `definition`, loses them, or has other
 *   partitions.
 */
export function refuseOtherTable(dataset: Dataset, table: TableResource, definition: TableDefinition): void {
  refuseProblems(dataset, table, definition.name, [
    ...problemsOf(table, definition.columns),
    ...otherPartitions(table, definition),
  ]);
  refuseExpiring(dataset, table, definition.name);
}

/** @throws {TailraceError} `destination-conflict` with the command that ends it, if BigQuery drops rows of `table` some day. */
export function refuseExpiring(dataset: Dataset, table: TableResource, tableId: string): void {
  const settings = wrongSettings(table);
  if (settings.length === 0) return;
  const problems = settings.map(({ problem }) => problem).join(', ');
  const lift = settings.map(({ option }) => option).join(' ');
  throw new TailraceError(
    'destination-conflict',
    `${dataset.nameOf(tableId)} isn't the table that Tailrace makes: ${problems}`,
    { remedy: `Run: bq update ${lift} ${dataset.shellName}.${tableId}` },
  );
}

/** @throws {TailraceError} `destination-conflict` if `table` hasn't got the columns to take rows of `columns`. */
export function refuseOtherColumns(
  dataset: Dataset,
  table: TableResource,
  tableId: string,
  columns: readonly TableColumn[],
): void {
  refuseProblems(dataset, table, tableId, problemsOf(table, columns));
}

function refuseProblems(dataset: Dataset, table: TableResource, tableId: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new TailraceError(
    'destination-conflict',
    `${dataset.nameOf(tableId)} isn't the table that Tailrace makes: ${problems.join(', ')}`,
    { remedy: `Rename or drop it, or name another dataset.${remadeAdvice(dataset, table)}` },
  );
}

/**
 * Makes sure that a table exists and has a column.
 *
 * @param until When to stop retrying, in milliseconds since the epoch.
 * @throws {TailraceError} `destination-missing` or `destination-conflict` otherwise.
 */
export async function requireColumn(
  dataset: Dataset,
  tableId: string,
  columnName: string,
  until?: number,
): Promise<void> {
  const table = await dataset.getTable(tableId, until);
  if (table.schema?.fields?.some(({ name }) => name === columnName)) return;
  throw new TailraceError('destination-conflict', `${dataset.nameOf(tableId)} has no column ${columnName}`, {
    context: { table: tableId, column: columnName },
    remedy: `Rename or drop it, and run \`tailrace setup TABLE\`.${remadeAdvice(dataset, table)}`,
  });
}

/** What a remedy adds where a changelog is to be created again; empty for other tables. */
function remadeAdvice(dataset: Dataset, { description }: TableResource): string {
  const annotation = readAnnotation(description ?? null);
  if (annotation?.of !== 'changelog') return '';
  return ` ${remadeChangelogAdvice(`bigquery:${dataset.name}`, annotation.source.name) ?? ''}`;
}

/** Labels of a table or view: the user's own, and its role. */
export function labelsOf(dataset: Dataset, role: Role): Readonly<Record<string, string>> {
  return { ...dataset.settings.labels, tailrace: role };
}

function tableResource(
  dataset: Dataset,
  { columns, comment, partitionBy, clusterBy }: TableDefinition,
  role: Role,
  expiresAt: number | undefined,
): TableResource {
  const { kmsKey } = dataset.settings;
  return {
    description: comment,
    labels: labelsOf(dataset, role),
    // Not the dataset's: with `und:ci` the keys "a" and "A" would be equal.
    defaultCollation: '',
    schema: { fields: columns.map(field) },
    ...(partitionBy === undefined
      ? {}
      : { timePartitioning: { type: partitionBy.unit.toUpperCase(), field: partitionBy.column } }),
    ...(clusterBy === undefined ? {} : { clustering: { fields: clusterBy } }),
    ...(kmsKey === null ? {} : { encryptionConfiguration: { kmsKeyName: kmsKey } }),
    ...(expiresAt === undefined ? {} : { expirationTime: String(expiresAt) }),
  };
}

function field({ name, type, required, description }: TableColumn): FieldSchema {
  return { name, type, mode: required ? 'REQUIRED' : 'NULLABLE', description };
}

/** What a table's settings do that they mustn't, and the options of `bq update` that end it. */
function wrongSettings({ timePartitioning, expirationTime, requirePartitionFilter }: TableResource) {
  return [
    ...(Number(timePartitioning?.expirationMs ?? 0) > 0
      ? [{ problem: 'its partitions expire', option: '--time_partitioning_expiration=0' }]
      : []),
    ...(expirationTime === undefined ? [] : [{ problem: 'it expires', option: '--expiration=0' }]),
    ...(requirePartitionFilter === true || timePartitioning?.requirePartitionFilter === true
      ? [{ problem: 'its queries must filter by partition', option: '--norequire_partition_filter' }]
      : []),
  ];
}

/** A server that gives no partitions, as BigQuery always does of a partitioned table, is trusted. */
function otherPartitions({ timePartitioning }: TableResource, { partitionBy }: TableDefinition): readonly string[] {
  if (timePartitioning?.type === undefined || partitionBy === undefined) return [];
  const { type, field = 'the time of loading' } = timePartitioning;
  const { unit, column } = partitionBy;
  if (type === unit.toUpperCase() && field === column) return [];
  return [`it is partitioned by the ${type.toLowerCase()} of ${field}, not by the ${unit} of ${column}`];
}

function problemsOf({ type, schema }: TableResource, columns: readonly TableColumn[]): readonly string[] {
  if (type !== undefined && type !== 'TABLE') return [`it is a ${type}`];
  const found = new Map((schema?.fields ?? []).map((column) => [column.name ?? '', column]));
  const missing = columns.flatMap((column) => {
    const other = found.get(column.name);
    if (other === undefined) return [`no column ${column.name}`];
    const otherType = SYNONYMS[other.type ?? ''] ?? other.type;
    return otherType === column.type ? [] : [`column ${column.name} is ${otherType}`];
  });
  const known = new Set(columns.map(({ name }) => name));
  const demanding = [...found.values()].filter(({ name = '', mode }) => mode === 'REQUIRED' && !known.has(name));
  return [
    ...missing,
    ...collatedColumns(columns.flatMap(({ name }) => found.get(name) ?? [])),
    ...demanding.map(({ name }) => `column ${name} is required`),
  ];
}
