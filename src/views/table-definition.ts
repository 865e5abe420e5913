import { CHANGELOG_COLUMNS } from '../changelog/columns.ts';
import type { PartitionUnit } from '../changelog/storage.ts';
import type { StreamedChange } from '../changelog/streamed-change.ts';
import type { Column, ColumnType } from '../column.ts';
import { comparisonName, LEDGER, loadName, type ObjectNames } from '../names/object-names.ts';
import { MAX_CLUSTER_COLUMNS } from '../schema/cluster-column.ts';
import type { SchemaType } from '../schema/column-type.ts';
import type { TypedColumn } from '../schema/typed-column.ts';
import { LOAD_COLUMNS, SNAPSHOT_COLUMNS } from '../snapshot/columns.ts';
import { LEDGER_COLUMNS } from '../snapshot/ledger.ts';
import type { KeyDigest } from '../snapshot/row.ts';
import type { SnapshotId } from '../snapshot/snapshot-id.ts';

/** A table that Tailrace creates, whatever the dialect. */
export type TableDefinition = {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  /** Kept with the table and shown by the warehouse. */
  readonly comment: string;
  /** TIMESTAMP column by whose day or hour (UTC) the table is partitioned, where the warehouse partitions. */
  readonly partitionBy?: { readonly column: string; readonly unit: PartitionUnit };
  /** Columns that the table is clustered by, where the warehouse clusters. */
  readonly clusterBy?: readonly string[];
  /** Column by which queries join the table: stored in the form that is read fastest, where the warehouse has a choice. */
  readonly joinedBy?: string;
  /** Labels, where the warehouse has them. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Key that encrypts the table, where the warehouse takes one. @default the warehouse's own */
  readonly kmsKey?: string;
};

export type TableColumn = {
  readonly name: string;
  readonly type: ColumnType | SchemaType;
  readonly required: boolean;
  readonly description: string;
  /** Whether it is a list of the type; such a column is never required. @default false */
  readonly isRepeated?: boolean;
  /** Of records instead of the type's values: their fields. @default none */
  readonly fields?: readonly Omit<TableColumn, 'required' | 'description'>[];
};

/** Characters of a column's description. Source: <https://cloud.google.com/bigquery/docs/schemas#column_descriptions> */
const MAX_DESCRIPTION = 1_000;

/** What a comparison keeps of the source: the key of every item, and the digest it had when it was read. */
export const COMPARISON_COLUMNS = [
  { name: 'key', field: 'key', type: 'STRING', required: true, description: 'Primary key of an item of the source.' },
  { name: 'digest', field: 'digest', type: 'STRING', required: true, description: "The item's digest." },
] as const satisfies readonly Column<KeyDigest>[];

/** What a search for gaps keeps of the stream: every change that it holds, by what the changelog would know it by. */
export const STREAMED_COLUMNS = [
  { name: 'shard_id', field: 'shardId', type: 'STRING', required: true, description: 'Shard of the stream.' },
  {
    name: 'position',
    field: 'position',
    type: 'STRING',
    required: true,
    description: 'Place in the order of changes.',
  },
  { name: 'key', field: 'key', type: 'STRING', required: true, description: 'Primary key; empty if it is unreadable.' },
  {
    name: 'sequence_number',
    field: 'sequenceNumber',
    type: 'STRING',
    required: true,
    description: "The stream's own sequence number.",
  },
  { name: 'changed_at', field: 'changedAt', type: 'TIMESTAMP', required: true, description: 'When it changed (UTC).' },
  { name: 'parked', field: 'parked', type: 'INT64', required: true, description: '1 if it is among the dead letters.' },
] as const satisfies readonly Column<StreamedChange>[];

/** The changelog's column by which it is partitioned. */
export const CHANGELOG_PARTITION = 'ingested_at';

/** What was ingested since some time is one range of partitions, and the changes of one key lie together. */
export function changelogTable(names: ObjectNames, unit: PartitionUnit, comment: string): TableDefinition {
  return {
    name: names.changelog,
    columns: CHANGELOG_COLUMNS,
    comment,
    partitionBy: { column: CHANGELOG_PARTITION, unit },
    clusterBy: ['key'],
  };
}

/** The table into which a backfill loads what it reads. */
export function loadTable(id: SnapshotId, comment: string): TableDefinition {
  return { name: loadName(id), columns: LOAD_COLUMNS, comment };
}

/** A snapshot: each key once, with the typed columns in force when it was made. */
export function snapshotTable(
  names: ObjectNames,
  id: SnapshotId,
  comment: string,
  typed: readonly TypedColumn[] = [],
): TableDefinition {
  const columns = typed.map((column) => ({
    ...storedAs(column),
    required: false,
    description: descriptionOf(column).slice(0, MAX_DESCRIPTION),
  }));
  const clusterBy = ['key', ...typed.filter(({ cluster }) => cluster).map(({ name }) => name)].slice(
    0,
    MAX_CLUSTER_COLUMNS + 1,
  );
  return { name: names.snapshot(id), columns: [...SNAPSHOT_COLUMNS, ...columns], comment, clusterBy, joinedBy: 'key' };
}

function descriptionOf({ type, path, test, elements }: TypedColumn): string {
  const place = `${JSON.stringify(path)} of the item`;
  if (test !== undefined) return `Whether the value at ${place} meets a condition of a view.`;
  return elements === undefined ? `${type} at ${place}.` : `The elements of the list at ${place}.`;
}

/** A typed column as a table has it. */
export function storedAs({ name, type, mode, elements }: TypedColumn): Omit<TableColumn, 'required' | 'description'> {
  if (elements === undefined) return { name, type, ...(mode === 'REPEATED' && { isRepeated: true }) };
  // A record has at least one field.
  const fields = elements.length === 0 ? [{ name: 'none', type: 'BOOL' as const }] : elements.map(storedAs);
  return { name, type, isRepeated: true, fields };
}

export function ledgerTable(comment: string): TableDefinition {
  return { name: LEDGER, columns: LEDGER_COLUMNS, comment };
}

/** @param id Names the comparison: `[a-z0-9]+`. */
export function comparisonTable(id: string, comment: string): TableDefinition {
  return { name: comparisonName(id), columns: COMPARISON_COLUMNS, comment };
}

/** @param id Names the search: `[a-z0-9]+`. */
export function streamedTable(id: string, comment: string): TableDefinition {
  return { name: comparisonName(id), columns: STREAMED_COLUMNS, comment };
}
