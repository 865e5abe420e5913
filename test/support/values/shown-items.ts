import type { SqlRunner, SqlValue } from '../../../src/destination/destination.ts';
import type { TemporaryDestination } from '../stages/temporary-destination.ts';

/** An item as the latest view shows it, by the view's columns. */
export type ShownItem = {
  readonly item: SqlValue;
  readonly digest: SqlValue;
  readonly position: SqlValue;
  readonly changed_at: SqlValue;
  readonly snapshot_id: SqlValue;
};

/** The items that a latest view shows, by key. Throws if a key is in it twice. */
export async function shownItems(
  destination: SqlRunner,
  place: Pick<TemporaryDestination, 'table'>,
  view: string,
): Promise<ReadonlyMap<string, ShownItem>> {
  const { rows } = await destination.query(
    `SELECT key, item, digest, position, changed_at, snapshot_id FROM ${place.table(view)}`,
  );
  const shown = new Map<string, ShownItem>();
  for (const [key, item = null, digest = null, position = null, changed_at = null, snapshot_id = null] of rows) {
    if (shown.has(String(key))) throw new Error(`Key ${String(key)} stands twice in ${view}`);
    shown.set(String(key), { item, digest, position, changed_at, snapshot_id });
  }
  return shown;
}
