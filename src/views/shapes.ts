import type { ObjectNames } from '../names/object-names.ts';
import { type Dialect, indent } from './dialect.ts';
import { itemsOf, LATEST } from './item-source.ts';
import { inSample, type KeySample } from './sample.ts';

/** Matches a name with its colon, which stays; text and all else but brackets, which go. */
const NO_SHAPE = String.raw`("(?:[^"\\]|\\.)*":)|"(?:[^"\\]|\\.)*"|[^{}\[\]"]+`;

/** Characters of a shape that are read: the names of an item as large as DynamoDB takes fill more. */
const MAX_SHAPE = 20_000;

/** The most frequent shapes are read. */
export const MAX_SHAPES = 1_000;

/**
 * The shapes of the items of a sample, by default of the latest view, as `shape`, and how many items have each, as `items`: the most
 * frequent first, at most {@link MAX_SHAPES}.
 *
 * A shape is the JSON of an item without its values: names and brackets, `{"id":"lines":[{"sku":}]}`. It ends early
 * behind {@link MAX_SHAPE} characters. No value leaves the warehouse, and items that differ in values alone are one row.
 */
export function shapeSelect(dialect: Dialect, names: ObjectNames, sample: KeySample, source = LATEST): string {
  const q = dialect.identifier;
  const shape = dialect.replaceAll(dialect.jsonText(q('item')), NO_SHAPE, '\\1');
  const condition = inSample(dialect, q('key'), sample);
  return [
    `SELECT ${q('shape')}, COUNT(*) AS ${q('items')}`,
    `FROM (`,
    `  SELECT SUBSTR(${shape}, 1, ${MAX_SHAPE}) AS ${q('shape')}`,
    indent(`FROM ${itemsOf(dialect, names, source)} AS ${q('sampled')}`),
    ...(condition === null ? [] : [`  WHERE ${condition}`]),
    `) AS ${q('shapes')}`,
    `GROUP BY ${q('shape')}`,
    `ORDER BY ${q('items')} DESC, ${q('shape')}`,
    `LIMIT ${MAX_SHAPES}`,
  ].join('\n');
}
