import type { Matches } from '../../../src/destination/view-store.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import { counted } from '../../terminal/format.ts';

/** The views of kinds of items: those with conditions, of items and not of the elements of their lists. */
export function kindsOf(views: readonly TypedView[]): readonly TypedView[] {
  return views.filter(({ where = [], unnest = null }) => where.length > 0 && unnest === null);
}

/** How the items of a table fall to its views of kinds, as lines for a person. */
export function matchLines(table: string, { items, unmatched, repeated }: Matches): readonly string[] {
  if (items === 0) return [];
  return [
    unmatched === 0
      ? `Every item of ${table} is in one of the views that have conditions.`
      : `${counted(unmatched, 'item')} of ${table} ${unmatched === 1 ? 'is' : 'are'} in no view that has conditions, of ${counted(items, 'item')}.`,
    ...(repeated === 0
      ? []
      : [
          `${counted(repeated, 'item')} of ${table} ${repeated === 1 ? 'is' : 'are'} in more than one of them: narrow their conditions.`,
        ]),
  ];
}
