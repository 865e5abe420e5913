import { sortByCodeUnit } from '../../value/sort.ts';
import { isDataName } from './data-names.ts';
import { discriminatorRank, isKeyName, type KindSign, signOfKey, signOfKind } from './kind-sign.ts';
import { type Observe, observeAttribute, observeJson } from './observe.ts';
import { PathFacts, type PathLimit } from './path-facts.ts';

/** Of more distinct names of attributes, those first in code-unit order are followed. */
const MAX_ATTRIBUTES = 1_000;

/** Paths in all kinds together. Beyond, maps not seen before are one column each: only then the order of items matters. */
const MAX_PATHS = 100_000;

/** An attribute with more distinct signs than this tells of data and not of kinds. */
const MAX_SIGNS = 40;

/** Combinations of signs; beyond, the least sure attribute is left out. */
const MAX_KINDS = 300;

/** What separates the parts of composite texts. */
const PART_ENDS = /[#|~:]/;

/** A sign by which the kind of an item may be known: an attribute, and the least sure ones last. */
export type SignAttribute = { readonly name: string; readonly of: 'key' | 'discriminator'; readonly rank: number };

/** What is known of the items with the same signs. */
export type KindFacts = {
  readonly signs: ReadonlyMap<string, KindSign>;
  items: number;
  /** Whether in any of the items no key attribute is the beginning of the other. */
  hasKeysApart: boolean;
  readonly attributes: Map<string, PathFacts>;
};

type Attribute = { readonly name: string; isKey: boolean; sign: Signs | undefined };

/** The signs of one attribute, as they are met. */
type Signs = SignAttribute & { readonly known: Map<string, KindSign>; current: string };

/** One of the forms that items have. */
type Form = { readonly observe: Observe; readonly textOf: (value: unknown) => string | undefined };

const ATTRIBUTES: Form = {
  observe: observeAttribute,
  textOf: (value) => (value as { readonly S?: string } | null)?.S,
};
const JSON_VALUES: Form = {
  observe: observeJson,
  textOf: (value) => (typeof value === 'string' ? value : undefined),
};

/**
 * What is known of a table's items after one pass over them: the types, forms and numbers at each path, by kinds of items.
 *
 * Memory is bounded by the number of names, and not by that of the items. Nothing depends on the order of items.
 */
export class ItemFacts {
  readonly keys: readonly string[];
  items = 0;
  /** Names of attributes that look like data, and aren't followed. */
  readonly limits = { hasDataNames: false, hasTooManyNames: false };
  readonly #attributes = new Map<string, Attribute>();
  #ceiling: string | undefined;
  #signs: readonly Signs[] = [];
  #kinds = new Map<string, KindFacts>();
  readonly #limit: PathLimit = { left: MAX_PATHS };
  /** The attributes of one item, while it is added. Entries beyond its own are stale. */
  readonly #met: Attribute[] = [];

  /** @param keys Names of the table's key attributes; empty if nobody told them: then some are known by their names. */
  constructor(keys: readonly string[]) {
    this.keys = keys;
  }

  /** Adds an item as a table or an export has it. Throws as {@link observeAttribute}; then the facts can't be used any more. */
  addAttributes(item: Readonly<Record<string, unknown>>): void {
    this.#add(item, ATTRIBUTES);
  }

  /** Adds an item as a destination has it. */
  addJson(item: Readonly<Record<string, unknown>>): void {
    this.#add(item, JSON_VALUES);
  }

  /** The attributes by whose signs kinds differ, the surest first. */
  get signAttributes(): readonly SignAttribute[] {
    return this.#signs;
  }

  /** The kinds by all signs that were met, in no order. */
  get kinds(): readonly KindFacts[] {
    return [...this.#kinds.values()];
  }

  /** Facts without items, to merge others into. */
  emptyPath(): PathFacts {
    return new PathFacts(this.#limit);
  }

  #add(item: Readonly<Record<string, unknown>>, { observe, textOf }: Form): void {
    this.items++;
    const met = this.#met;
    let count = 0;
    let keyText: string | undefined;
    let keys = 0;
    let isApart = false;
    for (const name in item) {
      const attribute = this.#attributes.get(name) ?? this.#meet(name);
      if (attribute === undefined) continue;
      met[count++] = attribute;
      if (!attribute.isKey && attribute.sign === undefined) continue;
      const text = textOf(item[name]);
      if (attribute.isKey) {
        isApart ||= keys > 0 && !isBeginning(keyText, text);
        keyText = text;
        keys++;
      }
      if (attribute.sign !== undefined) this.#note(attribute.sign, text);
    }
    const kind = this.#currentKind();
    kind.items++;
    kind.hasKeysApart ||= isApart;
    for (let index = 0; index < count; index++) {
      const { name } = met[index] as Attribute;
      let facts = kind.attributes.get(name);
      if (facts === undefined) {
        if (!this.#attributes.has(name)) continue;
        facts = this.emptyPath();
        kind.attributes.set(name, facts);
      }
      observe(facts, item[name], 1);
    }
    if (this.#kinds.size > MAX_KINDS) this.#leaveOut(this.#signs.at(-1));
  }

  /** An attribute that is met for the first time; `undefined` if it isn't followed. */
  #meet(name: string): Attribute | undefined {
    const isKey = this.keys.includes(name);
    if (!isKey && this.#ceiling !== undefined && name >= this.#ceiling) return undefined;
    if (!isKey && isDataName(name)) {
      this.limits.hasDataNames = true;
      return undefined;
    }
    const attribute: Attribute = { name, isKey: false, sign: undefined };
    this.#attributes.set(name, attribute);
    if (this.#attributes.size > MAX_ATTRIBUTES) this.#dropGreatest();
    if (!this.#attributes.has(name)) return undefined;
    const signed = this.#signAttribute(name);
    if (signed !== undefined) {
      attribute.isKey = signed.of === 'key';
      attribute.sign = { ...signed, known: new Map(), current: '' };
      this.#signs = [...this.#signs, attribute.sign].sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
    }
    return attribute;
  }

  #dropGreatest(): void {
    const others = [...this.#attributes.keys()].filter((name) => !this.keys.includes(name));
    const greatest = sortByCodeUnit(others).at(-1) ?? '';
    this.limits.hasTooManyNames = true;
    this.#ceiling = greatest;
    this.#leaveOut(this.#attributes.get(greatest)?.sign);
    this.#attributes.delete(greatest);
    for (const { attributes } of this.#kinds.values()) attributes.delete(greatest);
  }

  #signAttribute(name: string): SignAttribute | undefined {
    const isKey = this.keys.length > 0 ? this.keys.includes(name) : isKeyName(name);
    if (isKey) return { name, of: 'key', rank: 1 };
    const rank = discriminatorRank(name);
    // Keys come after the surest discriminators, and before the others.
    return rank === undefined ? undefined : { name, of: 'discriminator', rank: rank === 0 ? 0 : rank + 1 };
  }

  #note(signs: Signs, text: string | undefined): void {
    const found = text === undefined ? null : signs.of === 'key' ? signOfKey(text) : signOfKind(text);
    if (found === null) return;
    signs.current = textOfSign(found);
    if (signs.known.has(signs.current)) return;
    signs.known.set(signs.current, found);
    if (signs.known.size > MAX_SIGNS) this.#leaveOut(signs);
  }

  #currentKind(): KindFacts {
    let label = '';
    for (const { name, current } of this.#signs) if (current !== '') label += labelPart(name, current);
    let kind = this.#kinds.get(label);
    if (kind === undefined) {
      const signs = new Map<string, KindSign>();
      for (const { name, current, known } of this.#signs) {
        const sign = known.get(current);
        if (sign !== undefined) signs.set(name, sign);
      }
      kind = { signs, items: 0, hasKeysApart: false, attributes: new Map() };
      this.#kinds.set(label, kind);
    }
    for (const signs of this.#signs) signs.current = '';
    return kind;
  }

  /** Makes one kind of those that differ by this attribute's sign alone. */
  #leaveOut(out: Signs | undefined): void {
    if (out === undefined) return;
    const attribute = this.#attributes.get(out.name);
    if (attribute) attribute.sign = undefined;
    this.#signs = this.#signs.filter((signs) => signs !== out);
    const before = this.kinds;
    this.#kinds = new Map();
    for (const { signs, ...kind } of before) {
      const remaining = new Map(signs);
      remaining.delete(out.name);
      const label = this.#signs.map(({ name }) => labelOf(name, remaining.get(name))).join('');
      const into = this.#kinds.get(label) ?? { signs: remaining, items: 0, hasKeysApart: false, attributes: new Map() };
      this.#kinds.set(label, into);
      mergeKind(into, kind);
    }
  }
}

/** Whether one text is the other, or its first parts: `USER#1` and `USER#1#ORDER#2`, and not `USER#12`. */
function isBeginning(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  return long.startsWith(short) && (long.length === short.length || PART_ENDS.test(long.charAt(short.length)));
}

/** Adds what is known of the items of a kind to another. */
function mergeKind(into: KindFacts, { items, hasKeysApart, attributes }: Omit<KindFacts, 'signs'>): void {
  into.items += items;
  into.hasKeysApart ||= hasKeysApart;
  for (const [name, facts] of attributes) {
    const known = into.attributes.get(name);
    if (known === undefined) into.attributes.set(name, facts);
    else known.merge(facts);
  }
}

function labelOf(name: string, sign: KindSign | undefined): string {
  return sign === undefined ? '' : labelPart(name, textOfSign(sign));
}

function labelPart(name: string, sign: string): string {
  return `${name}\u0000${sign}\u0000`;
}

function textOfSign({ how, text }: KindSign): string {
  return `${how} ${text}`;
}
