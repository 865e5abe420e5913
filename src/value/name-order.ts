import { Buffer } from 'node:buffer';
import { compareText } from './sort.ts';

/** What is kept of names and their order, in bytes: a table's own are far fewer, and maps keyed by ids are bounded by it. */
const MAX_BYTES = 4_000_000;
/** About what a name takes besides its characters. */
const NAME_BYTES = 500;
/** A place in an array. */
const PLACE_BYTES = 8;

/**
 * The order of a map's names, learnt once for each sequence in which names come.
 *
 * The items of a table name their attributes again and again in the same sequence. So sequences are kept as a tree: a
 * map's names are followed from its root, each with one comparison if the map is like others before, and where they end
 * stands the order in which to write them, and each name as it is written.
 *
 * Everything that stays is counted where it is made, and beyond {@link MAX_BYTES} all of it is learnt again. What one map
 * takes until then is the caller's to bound: a map of very many names isn't followed to its end.
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
    this.#keep(NAME_BYTES + 3 * name.length);
    const next = new NameNode(node, name, node.index + 1);
    if (!node.usual) node.usual = next;
    else {
      node.others ??= new Map();
      node.others.set(name, next);
    }
    return next;
  }

  /** The name of a node and those before it, in code-unit order, kept from their second time on as {@link meet} does. */
  sort(node: NameNode): readonly NameNode[] {
    const sorted = node.line().sort((a, b) => compareText(a.name, b.name));
    if (node.isEnd) {
      this.#keep(PLACE_BYTES * sorted.length);
      node.sorted = sorted;
    }
    node.isEnd = true;
    return sorted;
  }

  /** Keeps a name as it is written from its second time on: one that is an id is never met again. */
  meet(node: NameNode): void {
    if (node.isMet) {
      const json = JSON.stringify(node.name);
      node.opening = Buffer.from(`{${json}:`);
      node.following = Buffer.from(`,${json}:`);
      this.#keep(node.opening.length + node.following.length);
    }
    node.isMet = true;
  }

  #keep(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= MAX_BYTES) return;
    // Whoever is on the way goes on in the old tree.
    this.#root = new NameNode(undefined, '', -1);
    this.#bytes = 0;
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
  /** This name and those before it, in code-unit order, if maps ended here often enough for it to be kept. */
  sorted: readonly NameNode[] | undefined = undefined;
  isMet = false;
  isEnd = false;

  constructor(before: NameNode | undefined, name: string, index: number) {
    this.#before = before;
    this.name = name;
    this.index = index;
  }

  /** This name and those before it, the last first. */
  line(): NameNode[] {
    const line: NameNode[] = [];
    for (let node: NameNode | undefined = this; node.#before; node = node.#before) line.push(node);
    return line;
  }
}
