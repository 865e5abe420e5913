import type { TypedView } from '../schema/typed-view.ts';
import type { SnapshotFacts } from '../snapshot/ledger.ts';
import { matchColumns } from '../views/match-count.ts';
import { JSON_TYPES, type JsonType, misfitColumns } from '../views/misfits.ts';
import type { ChangelogStatus } from './destination.ts';
import type { MadeSnapshot, StateDifference } from './snapshot-store.ts';
import { number, optionalText, optionalTime, type SqlRow, text } from './sql-row.ts';
import type { ItemShape, Matches, Misfit, Misfits } from './view-store.ts';

/** The facts of a snapshot that is whole, by the result of `snapshotCount`. */
export function madeSnapshot(facts: SnapshotFacts, row: SqlRow): MadeSnapshot {
  const itemCount = number(row, 'rows') - number(row, 'tombstones');
  return { ...facts, itemCount, folded: facts.kind === 'compaction' ? optionalText(row, 'folded') : null };
}

/**
 * Reads the result of `changelogCount`.
 *
 * @param rows All rows, by the destination's catalogue.
 */
export function changelogStatus(row: SqlRow, rows: number | null): ChangelogStatus {
  return {
    rows,
    recentRows: number(row, 'rows'),
    newestChangedAt: optionalTime(row, 'newest_changed_at'),
    newestIngestedAt: optionalTime(row, 'newest_ingested_at'),
    newestPosition: optionalText(row, 'newest_position'),
  };
}

/** Reads the result of `misfitCount` for a view. */
export function misfits(row: SqlRow, { columns }: TypedView): Misfits {
  return {
    items: number(row, 'items'),
    byColumn: columns.map((_, index) => {
      const named = misfitColumns(index);
      const listed: unknown = JSON.parse(text(row, named.listed));
      return {
        present: number(row, named.present),
        nulls: number(row, named.nulls),
        misfits: number(row, named.misfits),
        byType: Object.fromEntries(JSON_TYPES.map((type) => [type, number(row, named.ofType(type))])) as Record<
          JsonType,
          number
        >,
        listed: Array.isArray(listed) ? listed.filter((line) => typeof line === 'string').map(misfitOf) : [],
      };
    }),
  };
}

/** Reads the result of `matchCount` for some views. */
export function matches(row: SqlRow, views: readonly TypedView[]): Matches {
  return {
    items: number(row, 'items'),
    unmatched: number(row, 'unmatched'),
    repeated: number(row, 'repeated'),
    byView: views.map(({ where = [], unnest = null }, index) => {
      const { matched, found, lists, others } = matchColumns(index);
      const ofList = (name: string) => (unnest === null ? 0 : number(row, name));
      return {
        matched: number(row, matched),
        found: where.map((_, at) => number(row, found(at))),
        lists: ofList(lists),
        others: ofList(others),
      };
    }),
  };
}

/** Takes `<key> <type>` apart: a key may hold spaces, a type holds none. */
function misfitOf(line: string): Misfit {
  const space = line.lastIndexOf(' ');
  return { key: line.slice(0, space), type: line.slice(space + 1) };
}

/** Reads a row of `shapeSelect`. */
export function itemShape(row: SqlRow): ItemShape {
  return { shape: text(row, 'shape'), items: number(row, 'items') };
}

/** Reads the result of `stateDifference`. */
export function stateDifferenceOf(row: SqlRow): StateDifference {
  return {
    added: number(row, 'added'),
    removed: number(row, 'removed'),
    different: number(row, 'different'),
    unchanged: number(row, 'unchanged'),
  };
}
