import type { ObjectNames } from '../../src/names/object-names.ts';
import type { TypedColumn } from '../../src/schema/typed-column.ts';
import type { Published } from '../../src/snapshot/published.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { foldedSnapshot, snapshotCount } from '../../src/views/snapshot.ts';
import type { GoogleSql, SqlTable } from './google-sql.ts';
import { DATASET, pathOf, snapshotColumns } from './tables.ts';

const dialect = googlesql(DATASET);

/** A state on the reference implementation: what it stands on, and the typed columns that its snapshot has. */
export type Stand = { readonly published: Published; readonly stored: ReadonlySet<string> };

export type FoldParts = {
  readonly names: ObjectNames;
  readonly snapshotId: string;
  /** When the fold began, in milliseconds since the epoch. */
  readonly from: number;
  readonly columns: readonly TypedColumn[];
};

/** Folds a state over the tables as they are visible to it, and gives the table of its snapshot. */
export async function fold(
  google: GoogleSql,
  { published, stored }: Stand,
  { names, snapshotId, from, columns }: FoldParts,
  tables: readonly SqlTable[],
): Promise<Stand & { readonly made: SqlTable }> {
  const select = foldedSnapshot(dialect, names, { published, columns, stored }, published.floor);
  const table = { path: pathOf(names.snapshot(snapshotId)), columns: snapshotColumns(columns) };
  const made = await google.tableAs(table, select, tables);
  const [count = []] = await google.evaluate(snapshotCount(dialect, names, snapshotId, published.streamLabel), [made]);
  const folded = count[2] === null ? null : String(count[2]);
  return {
    made,
    published: { ...published, snapshotId, from, folded },
    stored: new Set(columns.map(({ name }) => name)),
  };
}
