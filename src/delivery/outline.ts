import { isObject } from '../value/is-object.ts';

/** DynamoDB nests 32 levels; deeper values are no item's, and are left out. */
const MAX_DEPTH = 64;

/**
 * The structure of a record without its values: names stay, a text becomes its length, a number or boolean its type.
 */
export function outline(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return `<text of ${value.length}>`;
  if (value === null) return null;
  if (typeof value !== 'object') return `<${typeof value}>`;
  if (depth === MAX_DEPTH) return '<more>';
  if (Array.isArray(value)) return value.map((inner) => outline(inner, depth + 1));
  if (!isObject(value)) return '<bytes>';
  // From entries, which define properties: an attribute named __proto__ is one like any other.
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, outline(inner, depth + 1)]));
}
