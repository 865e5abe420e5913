import { compareText } from '../../value/sort.ts';
import type { ItemFacts, KindFacts, SignAttribute } from './item-facts.ts';
import type { KindSign } from './kind-sign.ts';
import { isSortKeyName } from './kind-sign.ts';
import type { PathFacts } from './path-facts.ts';
import type { ProposedCondition } from './proposal.ts';

/** What is known of some items together. */
export type Facts = {
  readonly items: number;
  /** Whether in any of them no key attribute is the beginning of the other. */
  readonly hasKeysApart: boolean;
  readonly attributes: ReadonlyMap<string, PathFacts>;
};

/** Items of one kind: the conditions that tell them, and what is known of them. */
export type Kind = Facts & {
  /** One for each attribute that tells the kind, in order. */
  readonly where: readonly ProposedCondition[];
  /** The words that tell it, and the one of them that tells most. */
  readonly words: readonly string[];
  readonly word: string;
};

/** The most that the attributes of kinds may have in common, by how surely an attribute tells kinds: the surest, … */
const MOST_ALIKE = { 0: 0.95, 1: 0.75, 2: 0.75, 3: 0.7, 4: 0.6 } as const;

/** With less of the items, an attribute tells no kinds where keys tell more. */
const ENOUGH = 0.9;

/** Everything known of all items together. */
export function factsOfAll(facts: ItemFacts): Facts {
  return together(facts.kinds, facts);
}

/**
 * The kinds of items in a table, of which no item is of two; none if all items are of one kind.
 *
 * An attribute with few distinct words tells kinds if they differ in their attributes, too. So do the beginnings of keys.
 * Items that it doesn't tell are of no kind.
 */
export function itemKinds(facts: ItemFacts): readonly Kind[] {
  const byKeys = keyKinds(facts);
  const shareOf = (kinds: readonly Kind[]) => kinds.reduce((sum, { items }) => sum + items, 0) / facts.items;
  const byAttribute = facts.signAttributes
    .filter(({ of }) => of === 'discriminator')
    .map((attribute) => attributeKinds(facts, attribute))
    .filter((kinds) => kinds.length > 0);
  const [best] = byAttribute.filter((kinds) => shareOf(kinds) >= Math.min(ENOUGH, shareOf(byKeys)));
  return best ?? byKeys;
}

function attributeKinds(facts: ItemFacts, { name, rank }: SignAttribute): readonly Kind[] {
  const groups = Map.groupBy(facts.kinds, ({ signs }) => signs.get(name)?.text);
  const kinds = [...groups].flatMap(([text, members]): Kind[] => {
    if (text === undefined) return [];
    return [{ ...together(members, facts), where: [{ path: name, equals: text }], words: [text], word: text }];
  });
  return differ(kinds, new Set([name]), rank) ? inOrder(kinds) : [];
}

/** The kinds that the key attributes tell, each attribute that differs among them. */
function keyKinds(facts: ItemFacts): readonly Kind[] {
  const names = facts.signAttributes
    .filter(({ of }) => of === 'key')
    .map(({ name }) => name)
    .sort((a, b) => keyPlace(facts, a) - keyPlace(facts, b) || compareText(a, b));
  const telling = names.filter((name) => new Set(facts.kinds.map(({ signs }) => idOf(signs.get(name)))).size > 1);
  const groups = Map.groupBy(facts.kinds, ({ signs }) => telling.map((name) => idOf(signs.get(name))).join('\u0000'));
  const all = [...groups.values()].map((members) => {
    const signs = telling.map((name) => ({ name, sign: members[0]?.signs.get(name) }));
    return { members, signs };
  });
  const kinds = all.flatMap(({ members, signs }): Kind[] => {
    const told = signs.filter((one): one is { name: string; sign: KindSign } => one.sign !== undefined);
    // Nothing says that a sign is absent: then others of the same remaining signs would be of this kind, too.
    const isTold = told.length > 0 && all.every((other) => other.signs === signs || !told.every(hasSign(other.signs)));
    if (!isTold) return [];
    return [{ ...together(members, facts), where: told.map(condition), ...wordsOf(names, members) }];
  });
  return differ(kinds, new Set(names), 1) ? inOrder(kinds) : [];
}

function hasSign(signs: readonly { readonly name: string; readonly sign: KindSign | undefined }[]) {
  return ({ name, sign }: { readonly name: string; readonly sign: KindSign }) =>
    signs.some((other) => other.name === name && idOf(other.sign) === idOf(sign));
}

/** The partition key comes first, as far as it is known. */
function keyPlace({ keys }: ItemFacts, name: string): number {
  return keys.length > 0 ? keys.indexOf(name) : isSortKeyName(name) ? 1 : 0;
}

function condition({ name, sign }: { readonly name: string; readonly sign: KindSign }): ProposedCondition {
  return sign.how === 'prefix' ? { path: name, prefix: sign.text } : { path: name, equals: sign.text };
}

/** The words that all members' keys have. The sort key's tells most, but for a constant such as `METADATA`. */
function wordsOf(names: readonly string[], members: readonly KindFacts[]): Pick<Kind, 'words' | 'word'> {
  const signs = names.flatMap((name) => {
    const found = members.map((member) => member.signs.get(name));
    const [first] = found;
    return first !== undefined && found.every((sign) => idOf(sign) === idOf(first)) ? [first] : [];
  });
  const most = signs.findLast(({ how }) => how === 'prefix') ?? signs.at(-1);
  return { words: signs.map(({ text }) => text), word: most?.text ?? '' };
}

function idOf(sign: KindSign | undefined): string {
  return sign === undefined ? '' : `${sign.how} ${sign.text}`;
}

/** Whether there are several kinds, whose attributes differ. */
function differ(kinds: readonly Kind[], besides: ReadonlySet<string>, rank: number): boolean {
  if (kinds.length < 2) return false;
  const alike: number[] = [];
  for (const [index, kind] of kinds.entries()) {
    for (const other of kinds.slice(index + 1)) alike.push(likeness(kind, other, besides));
  }
  const mean = alike.reduce((sum, one) => sum + one, 0) / alike.length;
  return mean <= MOST_ALIKE[Math.min(rank, 4) as keyof typeof MOST_ALIKE];
}

/** How much of their attributes two kinds have in common, from 0 to 1, each by the share of the items that has it. */
function likeness(a: Facts, b: Facts, besides: ReadonlySet<string>): number {
  const share = ({ items, attributes }: Facts, name: string) => (attributes.get(name)?.values ?? 0) / items;
  let common = 0;
  let either = 0;
  for (const name of new Set([...a.attributes.keys(), ...b.attributes.keys()])) {
    if (besides.has(name)) continue;
    common += Math.min(share(a, name), share(b, name));
    either += Math.max(share(a, name), share(b, name));
  }
  return either === 0 ? 1 : common / either;
}

function inOrder(kinds: readonly Kind[]): readonly Kind[] {
  const text = ({ where }: Kind) => JSON.stringify(where);
  return kinds.toSorted((a, b) => compareText(text(a), text(b)));
}

function together(kinds: readonly KindFacts[], facts: ItemFacts): Facts {
  const attributes = new Map<string, PathFacts>();
  let items = 0;
  for (const kind of kinds) {
    items += kind.items;
    for (const [name, paths] of kind.attributes) {
      const into = attributes.get(name) ?? facts.emptyPath();
      into.merge(paths);
      attributes.set(name, into);
    }
  }
  return { items, hasKeysApart: kinds.some((kind) => kind.hasKeysApart), attributes };
}
