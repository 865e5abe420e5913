import { optionalText, optionalTime, text } from '../../../src/destination/sql-row.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import type { MemoryDatabase } from '../world/memory-database.ts';
import { TABLE } from '../world/table.ts';
import type { StoredRow } from '../world/warehouse-requests.ts';
import type { World } from '../world/world.ts';
import { latestItems } from './oracle.ts';

/** A row of a snapshot's table. */
export type SnapshotEntry = {
  readonly key: string;
  readonly item: string | null;
  readonly digest: string | null;
  readonly position: string | null;
  /** Milliseconds since the epoch. */
  readonly changedAt: number | null;
  readonly removed: boolean | null;
};

/** What a latest view is made of at a moment of rest, and what it shows: enough to ask another engine. */
export type Evidence = {
  readonly published: Published;
  readonly changes: readonly StoredRow[];
  readonly snapshot: readonly SnapshotEntry[];
  /** Canonical texts of the items that it shows, by key. */
  readonly shown: ReadonlyMap<string, string>;
};

/** Collects the evidence of now. */
export async function evidenceOf(world: World, database: MemoryDatabase): Promise<Evidence> {
  const { warehouse } = world;
  await warehouse.showDue();
  const published = await warehouse.store.published(TABLE);
  if (!published) throw new Error('There is no latest view');
  const { snapshotId } = published;
  const rows =
    snapshotId === null
      ? []
      : await database.use((session) =>
          session.rows(
            `SELECT key, CAST(item AS VARCHAR) || '' AS item, digest, position, changed_at, removed FROM ${duckdb.table(objectNames(TABLE.name).snapshot(snapshotId))}`,
          ),
        );
  return {
    published,
    changes: warehouse.seen,
    snapshot: rows.map((row) => ({
      key: text(row, 'key'),
      item: optionalText(row, 'item'),
      digest: optionalText(row, 'digest'),
      position: optionalText(row, 'position'),
      changedAt: optionalTime(row, 'changed_at'),
      removed: row['removed'] === true ? true : null,
    })),
    shown: await latestItems(database),
  };
}
