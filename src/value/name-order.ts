import { Buffer } from 'node:buffer';
import { compareText } from './sort.ts';

/** What is kept of names, in bytes: a table's own are far fewer, and maps that are keyed by ids are bounded by it. */
const MAX_BYTES = 4_000_000;
/** About what a name takes besides its characters. */
const NAME_BYTES = 500;

/**
 * The order of a map's names, learnt once for each sequence in which names come.
 *
 * The items of a table name their attributes again and again in the same sequence. So sequences are kept as a tree: a
 * map's names are followed from its root, each with one comparison if the map is like others before, and where they end
 * stands the order in which to write them, and each name as it is written.
 */
export class NameOrder {
  #root = new NameNode(undefined, '', -1);
  #bytes = 0;

  /** Where every map begins. */
  get root(): NameNode {
    return this.#root;
  }

  /** The node of a name that follows `node` and isn't its usual one; `undefined` if JSON can't carry the name. */
  follow(node: NameNode, name: string): NameNode | undefined {
    const known = node.others?.get(name);
    if (known) return known;
    if (!name.isWellFormed()) return undefined;
    this.#bytes += NAME_BYTES + 3 * name.length;
    if (this.#bytes > MAX_BYTES) {
      // Learnt anew. Whoever is on the way goes on in the old tree.
      this.#root = new NameNode(undefined, '', -1);
      this.#bytes = 0;
    }
    const next = new NameNode(node, name, node.index + 1);
    if (!node.usual) node.usual = next;
    else {
      node.others ??= new Map();
      node.others.set(name, next);
    }
    return next;
  }
}

/** A name after certain others. */
export class NameNode {
  readonly #before: NameNode | undefined;
  readonly name: string;
  /** How many names came before it. */
  readonly index: number;
  /** The name that came after it first. */
  usual: NameNode | undefined = undefined;
  /** Other names that came after it. */
  others: Map<string, NameNode> | undefined = undefined;
  /** The name as it begins a map, `{"name":`, if it was met often enough to be kept. */
  opening: Uint8Array | undefined = undefined;
  /** The name as it follows in a map, `,"name":`. */
  following: Uint8Array | undefined = undefined;
  #isMet = false;
  #sorted: readonly NameNode[] | undefined = undefined;

  constructor(before: NameNode | undefined, name: string, index: number) {
    this.#before = before;
    this.name = name;
    this.index = index;
  }

  /** Keeps the name as it is written from its second time on: one that is an id is never met again. */
  meet(): void {
    if (this.#isMet) {
      const json = JSON.stringify(this.name);
      this.opening = Buffer.from(`{${json}:`);
      this.following = Buffer.from(`,${json}:`);
    }
    this.#isMet = true;
  }

  /** This name and those before it, in code-unit order. */
  get sorted(): readonly NameNode[] {
    this.#sorted ??= this.#line().sort((a, b) => compareText(a.name, b.name));
    return this.#sorted;
  }

  #line(): NameNode[] {
    const line: NameNode[] = [];
    for (let node: NameNode | undefined = this; node.#before; node = node.#before) line.push(node);
    return line;
  }
}
