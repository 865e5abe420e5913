import type { SnapshotId } from '../snapshot/snapshot-id.ts';

/** Prefix of the names that Tailrace reserves. */
export const RESERVED_PREFIX = 'tailrace_';

/** The ledger of all tables' snapshots: one per destination. */
export const LEDGER = `${RESERVED_PREFIX}snapshots`;

/** The logical clock of a DuckDB file: one for all tables. */
export const CLOCK = `${RESERVED_PREFIX}clock`;

/** Names of a source table's objects in a destination. */
export type ObjectNames = {
  readonly changelog: string;
  /** The view that the other views select from. */
  readonly state: string;
  /** The latest view. */
  readonly latest: string;
  /** The first typed view. */
  readonly typed: string;
  snapshot(id: SnapshotId): string;
};

/**
 * Names a source table's objects in the destination.
 *
 * `.` and `-` become `_`, which every warehouse takes; nothing else changes. Two tables may meet on one name so: see
 * {@link refuseNameClash}.
 *
 * ```text
 * my-app.orders  →  my_app_orders_changelog, my_app_orders_state, my_app_orders_latest, my_app_orders, my_app_orders_snapshot_<id>
 * ```
 */
export function objectNames(tableName: string): ObjectNames {
  const base = tableName.replace(/[.-]/g, '_');
  return {
    changelog: `${base}_changelog`,
    state: `${base}_state`,
    latest: `${base}_latest`,
    typed: base,
    snapshot: (id) => `${base}_snapshot_${id}`,
  };
}

/** Name of the table in which one comparison stores what it has read, while it lasts. */
export function comparisonName(id: string): string {
  return `${RESERVED_PREFIX}compare_${id}`;
}

/** Name of the table into which a backfill loads what becomes a snapshot. */
export function loadName(id: SnapshotId): string {
  return `${RESERVED_PREFIX}load_${id}`;
}
