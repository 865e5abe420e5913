import { isKind, TailraceError } from '../../errors.ts';
import { objectNames } from '../../names/object-names.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { type Annotation, readAnnotation } from '../annotation.ts';
import type { Dataset } from './dataset.ts';
import type { TableResource } from './resources.ts';

/** What a table says of itself as a snapshot of `table`, in its description; `undefined` if it isn't one, or was edited. */
export function snapshotIn(
  resource: TableResource | undefined,
  table: SourceTable,
): Extract<Annotation, { of: 'snapshot' }> | undefined {
  const annotation = readAnnotation(resource?.description ?? null);
  return annotation?.of === 'snapshot' && annotation.tableName === table.name ? annotation : undefined;
}

/** Gives the table of a snapshot, which must be there as for {@link requireTable}. */
export function requireSnapshot(dataset: Dataset, table: SourceTable, id: SnapshotId): Promise<TableResource> {
  return requireTable(dataset, table, objectNames(table.name).snapshot(id));
}

/**
 * Gives the table of a snapshot, or of what is to become one.
 *
 * @throws {TailraceError} `destination-missing` if there is no such table: only a backfill brings its rows back.
 */
export async function requireTable(dataset: Dataset, table: SourceTable, tableId: string): Promise<TableResource> {
  try {
    return await dataset.getTable(tableId);
  } catch (error) {
    if (!isKind(error, 'destination-missing')) throw error;
    throw new TailraceError('destination-missing', error.message, {
      context: { table: table.name, object: tableId },
      remedy: `It was dropped, or has expired: run \`tailrace backfill ${table.name}\`.`,
      cause: error,
    });
  }
}

/** The names of a table's columns. */
export function columnNames({ schema }: TableResource): ReadonlySet<string> {
  return new Set((schema?.fields ?? []).map(({ name = '' }) => name));
}
