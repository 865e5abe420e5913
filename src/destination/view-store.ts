import type { TypedView } from '../schema/typed-view.ts';
import type { SourceTable } from '../source/source-table.ts';
import type { ItemSource } from '../views/item-source.ts';
import type { JsonType } from '../views/misfits.ts';
import type { KeySample } from '../views/sample.ts';

/** What was done to a typed view, or would be. */
export type AppliedView = {
  readonly name: string;
  /** `dropped`: it was made by an earlier schema, and isn't declared any more. */
  readonly action: 'created' | 'replaced' | 'unchanged' | 'dropped';
  /** `null` if there was none. */
  readonly before: ViewText | null;
  /** `null` if there is none any more. */
  readonly after: ViewText | null;
};

/** A view as the destination has it: its statement in the destination's own form, and its columns in order. */
export type ViewText = {
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly description: string | null }[];
};

/** The most misfits of a column that are ever listed. */
export const MAX_LISTED = 10_000;

/** A value that doesn't fit its column: the item's key as the destination holds it, and JSON's word for the value's type. */
export type Misfit = { readonly key: string; readonly type: string };

/** What a column of a typed view finds in the items. */
export type ColumnMisfits = {
  /** Items with something at the column's path, NULL included. */
  readonly present: number;
  /** Items with NULL at the column's path. */
  readonly nulls: number;
  /** Values that don't fit, and are NULL in the view. */
  readonly misfits: number;
  /** How many of them have each of JSON's types. */
  readonly byType: Readonly<Record<JsonType, number>>;
  /** The first of the misfits, in order of their keys' text. */
  readonly listed: readonly Misfit[];
};

/** How many items a typed view has, and what each of its columns finds in them. */
export type Misfits = { readonly items: number; readonly byColumn: readonly ColumnMisfits[] };

/** What the items of a table are to the conditions and the list of a view. */
export type ViewMatches = {
  /** Items for which all conditions hold. */
  readonly matched: number;
  /** Of each condition, the items that have something at its path. */
  readonly found: readonly number[];
  /** Of the matched items, those with a list where the view has `unnest`. */
  readonly lists: number;
  /** Of the matched items, those with something else there that isn't NULL: it has no row. */
  readonly others: number;
};

/** How the items of a table fall to its views. */
export type Matches = {
  readonly items: number;
  /** Items that are in no view of a kind of items; 0 without such views. */
  readonly unmatched: number;
  /** Items that are in more than one of those. */
  readonly repeated: number;
  /** In the order of the views. */
  readonly byView: readonly ViewMatches[];
};

/** The shapes of items, or the cap in bytes that kept them from being read. */
export type ItemShapes =
  | { readonly isRead: true; readonly shapes: readonly ItemShape[] }
  | { readonly isRead: false; readonly maxBytes: number };

/** The JSON of an item without its values, and how many items have it. */
export type ItemShape = { readonly shape: string; readonly items: number };

export interface ViewStore {
  /**
   * Makes `views` the typed views of `table`: creates them or replaces those that it made before, with the columns'
   * descriptions, and drops those that aren't among them any more. Each view is replaced atomically: a reader sees the old
   * one or the new one.
   *
   * What exists under each name is checked before anything is changed. Only views are ever replaced or dropped, and only those
   * of this table that weren't edited since.
   *
   * @param options.dryRun Refuse what would be refused, return what would be done, and change nothing.
   * @returns One entry for each view, in their order, and then one for each that is dropped.
   * @throws {TailraceError} `destination-conflict` if a table has one of the names, or a view that isn't Tailrace's, is
   *   another source's, or was edited by hand: it names all of them; `destination-missing` if the table has no latest view.
   */
  applyViews(
    table: SourceTable,
    views: readonly TypedView[],
    options?: { readonly dryRun?: boolean },
  ): Promise<readonly AppliedView[]>;

  /**
   * Counts what doesn't fit a typed view, which need not be applied for it. Reads the columns' attributes of every item.
   *
   * @param listed How many misfits of each column are listed, at most: from 1 to {@link MAX_LISTED}.
   * @param source Whose items are judged. @default those of the current state
   */
  countMisfits(table: SourceTable, view: TypedView, listed: number, source?: ItemSource): Promise<Misfits>;

  /**
   * Counts the items that views have, and have not; they need not be applied. Reads every item.
   *
   * @param source Whose items are counted. @default those of the current state
   */
  countMatches(table: SourceTable, views: readonly TypedView[], source?: ItemSource): Promise<Matches>;

  /**
   * The most frequent shapes of the items of a sample, the most frequent first: names, and no values. Reads the items
   * whole, unless that would be billed beyond a cap.
   *
   * @param source Whose items are read. @default those of the current state
   */
  itemShapes(table: SourceTable, sample: KeySample, source?: ItemSource): Promise<ItemShapes>;
}
