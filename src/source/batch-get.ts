import type { AttributeMap } from '../value/attribute-value.ts';
import { canonicalKey } from '../value/key.ts';

/** What one BatchGetItem gave. */
export type BatchAnswer = {
  /** The items that exist, in any order. */
  readonly items: readonly AttributeMap[];
  /** Keys that it didn't get to: the answer was too large, or it was throttled half-way. */
  readonly unprocessed: readonly AttributeMap[];
};

/** Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html> */
const MAX_KEYS = 100;

/**
 * Reads the items of `keys`, in their order; `null` for one that doesn't exist.
 *
 * @param request Sends one BatchGetItem of distinct keys. It gets further with each call, or throws.
 */
export async function batchGet(
  keys: readonly AttributeMap[],
  request: (keys: readonly AttributeMap[]) => Promise<BatchAnswer>,
): Promise<readonly (AttributeMap | null)[]> {
  const texts = keys.map((key) => canonicalKey(key));
  const distinct = [...new Map(keys.map((key, index) => [texts[index], key])).values()];
  const found = new Map<string, AttributeMap>();
  const names = Object.keys(keys[0] ?? {});

  for (let start = 0; start < distinct.length; start += MAX_KEYS) {
    let wanted: readonly AttributeMap[] = distinct.slice(start, start + MAX_KEYS);
    while (wanted.length > 0) {
      const { items, unprocessed } = await request(wanted);
      for (const item of items) found.set(canonicalKey(keyOf(item, names)), item);
      wanted = unprocessed;
    }
  }
  return texts.map((text) => found.get(text) ?? null);
}

function keyOf(item: AttributeMap, names: readonly string[]): AttributeMap {
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}
