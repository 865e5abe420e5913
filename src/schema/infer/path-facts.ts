import { NumberFacts } from './number-facts.ts';
import { SplitFacts } from './split-facts.ts';
import { isNumberText, type TextKind, textKind } from './text-kind.ts';

/** A map with more distinct names than this is keyed by data. */
export const MAX_NAMES = 100;

/** How many paths may still be followed, over all: memory is bounded by it. */
export type PathLimit = { left: number };

/** What is known of all values at one path, whatever their number and order. */
export class PathFacts {
  readonly #limit: PathLimit;
  nulls = 0;
  bools = 0;
  maps = 0;
  /** Of the maps, those without members. */
  emptyMaps = 0;
  lists = 0;
  texts = 0;
  readonly #kinds = new Map<TextKind, number>();
  #lastKind: TextKind = 'other';
  #ofLastKind = 0;
  numbers: NumberFacts | undefined;
  /** Of digit texts, for a guess at times. */
  digits: NumberFacts | undefined;
  /** By their names; `null` for a map with so many that they are data, or one too deep to look into. */
  members: Map<string, PathFacts> | null | undefined;
  /** Of all elements of the lists. */
  elements: PathFacts | undefined;
  /** What stands in texts of JSON; `null` once a text was not JSON. */
  inside: PathFacts | null | undefined;
  /** The shape of composite texts; `null` once a text had another. */
  split: SplitFacts<PathFacts> | null | undefined;

  constructor(limit: PathLimit) {
    this.#limit = limit;
    limit.left--;
  }

  /** How many of the texts are of each kind. */
  get kinds(): ReadonlyMap<TextKind, number> {
    this.#settleKinds();
    return this.#kinds;
  }

  /** Values in all, NULL among them. */
  get values(): number {
    return this.nulls + this.bools + this.maps + this.lists + this.texts + (this.numbers?.count ?? 0);
  }

  /** Adds a text, or the number that it is: see {@link isNumberText}. Returns whether it may be JSON. */
  addText(text: string): boolean {
    if (isNumberText(text)) {
      this.addNumber(text);
      this.split = null;
      return false;
    }
    this.texts++;
    const kind = textKind(text);
    this.#countKind(kind);
    if (kind === 'digits') {
      this.digits ??= new NumberFacts();
      this.digits.add(text);
    }
    if (this.split !== null) this.#addSplit(text);
    if (kind === 'json') return true;
    this.inside = null;
    return false;
  }

  /** Most texts at a path are of one kind: they are counted at once when it is asked for them, or another one comes. */
  #countKind(kind: TextKind): void {
    if (kind !== this.#lastKind) {
      this.#settleKinds();
      this.#lastKind = kind;
    }
    this.#ofLastKind++;
  }

  #settleKinds(): void {
    if (this.#ofLastKind === 0) return;
    this.#kinds.set(this.#lastKind, (this.#kinds.get(this.#lastKind) ?? 0) + this.#ofLastKind);
    this.#ofLastKind = 0;
  }

  /** @param text The canonical decimal. */
  addNumber(text: string): void {
    this.numbers ??= new NumberFacts();
    this.numbers.add(text);
  }

  /** As {@link addNumber}, for one as it stands in JSON within a text. */
  addSpelled(text: string): void {
    this.numbers ??= new NumberFacts();
    this.numbers.addSpelled(text);
  }

  /** Facts without any value, for what is below these. */
  another(): PathFacts {
    return new PathFacts(this.#limit);
  }

  /** The facts of a member; `undefined` if the names are too many to be followed. */
  member(name: string): PathFacts | undefined {
    if (this.members === null) return undefined;
    this.members ??= new Map();
    const known = this.members.get(name);
    if (known !== undefined) return known;
    if (this.members.size === MAX_NAMES || this.#limit.left <= 0) {
      this.members = null;
      return undefined;
    }
    const facts = this.another();
    this.members.set(name, facts);
    return facts;
  }

  /** The facts of what the lists have. */
  element(): PathFacts {
    this.elements ??= this.another();
    return this.elements;
  }

  /** Adds what is known of other values. */
  merge(other: PathFacts): void {
    this.nulls += other.nulls;
    this.bools += other.bools;
    this.maps += other.maps;
    this.emptyMaps += other.emptyMaps;
    this.lists += other.lists;
    this.texts += other.texts;
    for (const [kind, count] of other.kinds) this.#kinds.set(kind, (this.kinds.get(kind) ?? 0) + count);
    this.numbers = mergedNumbers(this.numbers, other.numbers);
    this.digits = mergedNumbers(this.digits, other.digits);
    this.#mergeMembers(other.members);
    if (other.elements) this.element().merge(other.elements);
    this.#mergeInside(other.inside);
    this.#mergeSplit(other.split);
  }

  #addSplit(text: string): void {
    if (this.split === undefined) this.split = SplitFacts.of(text, () => this.another());
    else if (!this.split?.add(text)) this.split = null;
  }

  #mergeMembers(others: PathFacts['members']): void {
    if (others === undefined) return;
    if (others === null) {
      this.members = null;
      return;
    }
    this.members ??= this.members === null ? null : new Map();
    for (const [name, facts] of others) this.member(name)?.merge(facts);
  }

  #mergeInside(other: PathFacts['inside']): void {
    if (other === null) this.inside = null;
    else if (other !== undefined && this.inside !== null) {
      this.inside ??= this.another();
      this.inside.merge(other);
    }
  }

  /** What was merged from must not change with this. */
  #mergeSplit(other: PathFacts['split']): void {
    if (other === null) this.split = null;
    else if (other !== undefined) {
      if (this.split === undefined) this.split = other.emptied(() => this.another());
      if (!this.split?.merge(other)) this.split = null;
    }
  }
}

function mergedNumbers(a: NumberFacts | undefined, b: NumberFacts | undefined): NumberFacts | undefined {
  if (b === undefined) return a;
  const merged = a ?? new NumberFacts();
  merged.merge(b);
  return merged;
}
