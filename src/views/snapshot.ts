import { loadName, type ObjectNames } from '../names/object-names.ts';
import type { TypedColumn } from '../schema/typed-column.ts';
import type { Published } from '../snapshot/published.ts';
import type { SnapshotId } from '../snapshot/snapshot-id.ts';
import { CHANGES } from './changes.ts';
import type { Dialect } from './dialect.ts';
import type { KeyCondition, StatePart } from './key-condition.ts';
import { CARRIED, type StateParts, type StateRows, typedState } from './state.ts';
import { storedPosition, wholePosition } from './stored-position.ts';
import { typedRows } from './typed-rows.ts';

/** The order of a snapshot's columns in the SELECTs below. */
export function snapshotColumnNames(columns: readonly TypedColumn[]): readonly string[] {
  return [...CARRIED, 'removed', ...columns.map(({ name }) => name)];
}

/**
 * The rows of a snapshot out of what a backfill loaded: each key once, with typed columns.
 *
 * @param isRepeated Whether a key may be there more than once, as where a page was read twice. Any of its rows will do: an
 *   item that changed in between has its change in the stream.
 */
export function loadedSnapshot(
  dialect: Dialect,
  id: SnapshotId,
  columns: readonly TypedColumn[],
  { isRepeated, among }: { readonly isRepeated: boolean; readonly among?: KeyCondition | undefined },
): string {
  const q = dialect.identifier;
  const where = among ? `\nWHERE ${among(q('key'))}` : '';
  const ranked = [
    `FROM (`,
    `  SELECT ${['key', 'item', 'digest'].map(q).join(', ')},`,
    `    ROW_NUMBER() OVER (PARTITION BY ${q('key')} ORDER BY ${q('digest')} DESC) AS ${q('recency')}`,
    `  FROM ${dialect.table(loadName(id))}${where.replace('\n', '\n  ')}`,
    `) AS ${q('loaded')}`,
    `WHERE ${q('recency')} = 1`,
  ].join('\n');
  const nothing = (type: 'STRING' | 'TIMESTAMP' | 'BOOL') => `CAST(NULL AS ${dialect.type(type)})`;
  return typedRows(dialect, columns, {
    from: isRepeated ? ranked : `FROM ${dialect.table(loadName(id))} AS ${q('loaded')}${where}`,
    own: [
      ...['key', 'item', 'digest'].map((name) => ({ name, expression: `${q('loaded')}.${q(name)}` })),
      { name: 'position', expression: nothing('STRING') },
      { name: 'changed_at', expression: nothing('TIMESTAMP') },
      { name: 'removed', expression: nothing('BOOL') },
    ],
    item: `${q('loaded')}.${q('item')}`,
  });
}

/**
 * The rows of a compaction: the state, with the positions of its changes and with a tombstone for every removed key, so that
 * a change which arrives later still finds what it must be compared with.
 *
 * Rows of the snapshot that no change won over keep their typed values. Tombstones older than the new floor are left out: no
 * change so old counts over it.
 *
 * @param floor The new snapshot's.
 */
export function foldedSnapshot(
  dialect: Dialect,
  names: ObjectNames,
  parts: StateParts,
  floor: number | null,
  part?: StatePart,
): string {
  const q = dialect.identifier;
  const removed = (table: string) => `${q(table)}.${q('removed')}`;
  const rows: StateRows = {
    // A compaction has the stream label of what it folds: positions that are stored already stay as they are.
    position: (table, position) =>
      table === CHANGES ? storedPosition(dialect, position, parts.published.streamLabel) : position,
    own: (table) => [{ name: 'removed', expression: `CASE WHEN ${removed(table)} THEN TRUE END` }],
    isKept: (table) =>
      floor === null
        ? null
        : `(${removed(table)} IS NOT TRUE OR ${q(table)}.${q('changed_at')} >= ${dialect.timestamp(floor)})`,
  };
  return typedState(dialect, names, parts, rows, part);
}

/** What a snapshot holds, as `rows`, `tombstones` and `folded`, the greatest position. */
export function snapshotCount(
  dialect: Dialect,
  names: ObjectNames,
  id: SnapshotId,
  streamLabel: string | null,
): string {
  const q = dialect.identifier;
  const position = wholePosition(dialect, q('position'), streamLabel);
  return [
    `SELECT COUNT(*) AS ${q('rows')}, COUNT(${q('removed')}) AS ${q('tombstones')}, MAX(${position}) AS ${q('folded')}`,
    `FROM ${dialect.table(names.snapshot(id))}`,
  ].join('\n');
}

/** Rows and distinct keys of what a backfill loaded, as `rows` and `keys`. */
export function loadCount(dialect: Dialect, id: SnapshotId, among?: KeyCondition): string {
  const q = dialect.identifier;
  return [
    `SELECT COUNT(*) AS ${q('rows')}, COUNT(DISTINCT ${q('key')}) AS ${q('keys')}`,
    `FROM ${dialect.table(loadName(id))}`,
    ...(among ? [`WHERE ${among(q('key'))}`] : []),
  ].join('\n');
}

/** What a compaction of `base` inherits: its reading, and a floor that may be raised to the horizon. */
export function foldedFloor(base: Published, horizon: number | null): number | null {
  if (horizon === null) return base.floor;
  return base.floor === null ? horizon : Math.max(base.floor, horizon);
}
