import type { ItemShapes, ViewStore } from '../../../src/destination/view-store.ts';
import { type KnownPath, pathsOfShapes } from '../../../src/schema/shape-paths.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { ItemSource } from '../../../src/views/item-source.ts';
import { MAX_SHAPES } from '../../../src/views/shapes.ts';

/** Items whose names are read to find the likeliest one: about as many, of a table that has more. */
const MAX_SAMPLED = 100_000;

/** All items, those of the most frequent shapes, a sample of about this many, or none because of a cap in bytes. */
export type NamesRead =
  | { readonly of: 'all' }
  | { readonly of: 'shapes'; readonly shapes: number }
  | { readonly of: 'sample'; readonly items: number }
  | { readonly of: 'none'; readonly maxBytes: number };

/** The names in the items of a table, as paths, and which items they come from. */
export type ItemNames = { readonly known: readonly KnownPath[]; readonly read: NamesRead };

/** Gives the names in a table's items. @param items How many there are. */
export type NameReader = (items: number) => Promise<ItemNames>;

/** A reader of names that reads the items when it is asked first, and never again: BigQuery bills them whole. */
export function nameReader(
  destination: Pick<ViewStore, 'itemShapes'>,
  table: SourceTable,
  source?: ItemSource,
): NameReader {
  let reading: Promise<ItemNames> | undefined;
  return (items) => {
    const sample = { share: Math.min(1, MAX_SAMPLED / items), salt: '' };
    reading ??= destination.itemShapes(table, sample, source).then((shapes) => namesIn(shapes, items));
    return reading;
  };
}

/** The names in shapes. @param items How many items there are, of which the shapes may be a sample. */
export function namesIn(shapes: ItemShapes, items: number): ItemNames {
  if (!shapes.isRead) return { known: [], read: { of: 'none', maxBytes: shapes.maxBytes } };
  const known = pathsOfShapes(shapes.shapes);
  if (shapes.shapes.length >= MAX_SHAPES) return { known, read: { of: 'shapes', shapes: MAX_SHAPES } };
  return { known, read: items > MAX_SAMPLED ? { of: 'sample', items: MAX_SAMPLED } : { of: 'all' } };
}
