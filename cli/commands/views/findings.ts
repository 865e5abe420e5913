import type { ColumnMisfits, Misfit, Misfits, ViewStore } from '../../../src/destination/view-store.ts';
import { type LikeliestPath, likeliestPath } from '../../../src/schema/likeliest-path.ts';
import { isEachStep, isSamePath, type Path, plainPrefix } from '../../../src/schema/path.ts';
import type { SchemaColumn } from '../../../src/schema/schema.ts';
import type { KnownPath } from '../../../src/schema/shape-paths.ts';
import { type NameReader, type NamesRead, nameReader } from './item-names.ts';
import type { ViewPlan } from './plan.ts';

/** What a column finds in the items. */
export type ColumnFinding = {
  readonly column: SchemaColumn;
  /** Items with something at the column's path. */
  readonly present: number;
  /** Of these, items with NULL. */
  readonly nulls: number;
  readonly misfits: number;
  /** How many of the misfits have each of JSON's types. */
  readonly byType: ColumnMisfits['byType'];
  /** The first of them, by their keys. */
  readonly listed: readonly Misfit[];
  /** Whether no item has the column's path, though there are items. */
  readonly isAbsent: boolean;
  /** Whether the column takes a part of a text that no value has. */
  readonly isNeverSplit: boolean;
  /** What an absent column's path was probably meant to be. */
  readonly likeliest: LikeliestPath | undefined;
};

/** What a typed view finds in the items of its table. */
export type ViewFindings = {
  readonly items: number;
  readonly columns: readonly ColumnFinding[];
  /** Which items' names the likeliest paths come from; `null` if they weren't needed. */
  readonly names: NamesRead | null;
};

/**
 * Counts what doesn't fit a view, and looks for the names that absent columns were probably meant to have. The second
 * takes a statement of its own, which is sent only if a column is absent.
 *
 * @param listed Misfits of each column that are listed, at most.
 * @param names To be shared by the views of a table. @default one for this view
 */
export async function findingsOf(
  destination: Pick<ViewStore, 'countMisfits' | 'itemShapes'>,
  { table, view }: ViewPlan,
  listed: number,
  names: NameReader = nameReader(destination, table),
): Promise<ViewFindings> {
  const counts = await destination.countMisfits(table, view, listed);
  const { items } = counts;
  if (!view.columns.some((_, index) => isAbsent(counts, index))) {
    return { items, columns: columnFindings(view.columns, counts, []), names: null };
  }
  const { known, read } = await names(items);
  return { items, columns: columnFindings(view.columns, counts, known), names: read };
}

const NOTHING: ColumnMisfits = {
  present: 0,
  nulls: 0,
  misfits: 0,
  byType: { string: 0, number: 0, boolean: 0, object: 0, array: 0 },
  listed: [],
};

function columnFindings(
  columns: readonly SchemaColumn[],
  counts: Misfits,
  known: readonly KnownPath[],
): readonly ColumnFinding[] {
  return columns.map((column, index) => {
    const { present, nulls, misfits, byType, listed } = counts.byColumn[index] ?? NOTHING;
    const absent = isAbsent(counts, index);
    const likeliest = absent ? likeliestOf(column.path, others(columns, known)) : undefined;
    const isNeverSplit = column.split !== undefined && misfits > 0 && misfits === present - nulls;
    return { column, present, nulls, misfits, byType, listed, isAbsent: absent, isNeverSplit, likeliest };
  });
}

/** The paths that no column has already: a misspelt column means none of those. */
function others(columns: readonly SchemaColumn[], known: readonly KnownPath[]) {
  return known.filter(({ path }) => !columns.some((column) => isSamePath(column.path, path)));
}

/** As {@link likeliestPath}; the paths of shapes have a list's first element where a schema has each. */
export function likeliestOf(path: Path, known: readonly KnownPath[]): LikeliestPath | undefined {
  const first = path.map((step) => (isEachStep(step) ? 0 : step));
  const found = likeliestPath(plainPrefix(first).prefix, known);
  if (found === undefined || isSamePath(found.path, path)) return undefined;
  const isEach = (index: number) => path.slice(0, index + 1).some(isEachStep);
  return { ...found, path: found.path.map((step, index) => (step === 0 && isEach(index) ? { each: true } : step)) };
}

function isAbsent({ items, byColumn }: Misfits, index: number): boolean {
  return items > 0 && byColumn[index]?.present === 0;
}
