import type { AttributeMap } from '../value/attribute-value.ts';
import { canonicalKey } from '../value/key.ts';
import type { GetPage } from './table-reader.ts';

/** Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html> */
export const MAX_GET_KEYS = 100;

/**
 * Reads the items of `keys`, in their order; `null` for one that doesn't exist.
 *
 * @param request Reads some of the distinct keys, from the first one on. Each call reads at least one, or throws.
 * @param read Converts an item at once, so that only one answer's items are ever in memory.
 */
export async function batchGet<T>(
  keys: readonly AttributeMap[],
  request: (keys: readonly AttributeMap[]) => Promise<Pick<GetPage, 'items' | 'unprocessed'>>,
  read: (item: AttributeMap) => T,
): Promise<readonly (T | null)[]> {
  const texts = keys.map((key) => canonicalKey(key));
  const found = new Map<string, T>();
  const names = Object.keys(keys[0] ?? {});

  let wanted: readonly AttributeMap[] = [...new Map(keys.map((key, index) => [texts[index], key])).values()];
  while (wanted.length > 0) {
    const { items, unprocessed } = await request(wanted);
    for (const item of items) found.set(canonicalKey(keyOf(item, names)), read(item));
    wanted = unprocessed;
  }
  return texts.map((text) => found.get(text) ?? null);
}

function keyOf(item: AttributeMap, names: readonly string[]): AttributeMap {
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}
