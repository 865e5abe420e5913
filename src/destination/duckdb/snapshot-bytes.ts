import { loadName, objectNames } from '../../names/object-names.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { number } from '../sql-row.ts';
import { Catalog } from './catalog.ts';
import type { Session } from './session.ts';

/**
 * Implements `SnapshotStore.snapshotBytes`: the blocks of the file in which a snapshot's columns are stored, long texts
 * included. Rows that are still in the write-ahead log aren't counted.
 * Source: <https://duckdb.org/docs/stable/configuration/pragmas#storage-information>
 */
export async function snapshotBytes(session: Session, table: SourceTable, id: SnapshotId): Promise<number | null> {
  const catalog = await Catalog.read(session);
  const name = [objectNames(table.name).snapshot(id), loadName(id)].find((one) => catalog.find(one) !== undefined);
  if (name === undefined) return null;
  // The function takes the quoted name as a text.
  const info = `pragma_storage_info(${duckdb.text(duckdb.table(name))})`;
  const [row = {}] = await session.rows(
    [
      `SELECT COUNT(DISTINCT block) * (`,
      `  SELECT block_size FROM pragma_database_size() WHERE database_name = current_database()`,
      `) AS bytes`,
      `FROM (`,
      `  SELECT block_id AS block FROM ${info} WHERE persistent`,
      `  UNION ALL`,
      `  SELECT UNNEST(additional_block_ids) FROM ${info} WHERE persistent`,
      `)`,
    ].join('\n'),
  );
  return number(row, 'bytes');
}
