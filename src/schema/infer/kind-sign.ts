import { nameWords } from './name-words.ts';

/** What a text says of the kind of its item: by its beginning, or by all of it. */
export type KindSign = { readonly how: 'prefix' | 'equals'; readonly text: string };

/** Behind a word without digits, which would be an id. A sign of punctuation may stand first: `#META#17`. */
const PREFIX = /^([#$_]?[A-Za-z][A-Za-z_-]{0,39})(#|\||~|::|:|\/)/;

/** A text that is a constant: a word in capitals, or one of those that models use. */
const CONSTANT =
  /^[#$_]?[A-Z][A-Z_-]{1,39}$|^[#$_]?(?:profile|metadata|meta|info|details|config|settings|root|main|summary)$/i;
const HAS_SMALL = /[a-z]/;
const COMMON = /^[#$_]?(?:profile|metadata|meta|info|details|config|settings|root|main|summary)$/i;

/** The sign of a text of a key attribute; `null` if it says nothing. */
export function signOfKey(text: string): KindSign | null {
  const prefix = PREFIX.exec(text);
  if (prefix) return { how: 'prefix', text: prefix[0] };
  if (!CONSTANT.test(text) || (HAS_SMALL.test(text) && !COMMON.test(text))) return null;
  return { how: 'equals', text };
}

const KEY_NAMES = /^_?(?:pk|hk|hash_?key|partition_?key|primary_?key)$|^_?(?:sk|rk|sort_?key|range_?key)$/i;
const SORT_NAMES = /^_?(?:sk|rk|sort_?key|range_?key)$/i;

/** Whether an attribute is a part of the key by its name, in a table whose key nobody told. */
export function isKeyName(name: string): boolean {
  return KEY_NAMES.test(name);
}

/** Whether it is the second part. */
export function isSortKeyName(name: string): boolean {
  return SORT_NAMES.test(name);
}

/** Attributes that tell the kind of an item, the surest first. Only the last word of a name counts, but for the first ones. */
const DISCRIMINATORS = [
  ['entitytype', 'typename', 'et', 'entity', 'itemtype', 'objecttype', 'recordtype', 'doctype', 'documenttype'],
  ['type', 'edbe', 'modeltype', 'rowtype'],
  ['kind', 'model', 'class', 'discriminator', 't'],
] as const;
const LAST_WORDS = new Set(['type', 'kind', 'category', 'class', 'entity', 'model']);

/** How surely an attribute of this name tells the kinds of items apart, 0 the surest; `undefined` if it hardly does. */
export function discriminatorRank(name: string): number | undefined {
  const words = nameWords(name);
  const whole = words.join('');
  const rank = DISCRIMINATORS.findIndex((names) => (names as readonly string[]).includes(whole));
  if (rank !== -1) return rank;
  return LAST_WORDS.has(words.at(-1) ?? '') ? DISCRIMINATORS.length : undefined;
}

/** A word, as the names of kinds are. Ids and sentences are none. */
const KIND = /^[\p{L}_$#][\p{L}\p{N} _.:$#/-]{0,49}$/u;

/** The sign of a text that may be the name of a kind of items; `null` if it can't be. */
export function signOfKind(text: string): KindSign | null {
  return KIND.test(text) ? { how: 'equals', text } : null;
}
