import { Buffer } from 'node:buffer';
import { compareText } from './sort.ts';

/** Most bytes of learnt names and orders. A table's own take far fewer: this bounds maps keyed by ids. */
const MAX_BYTES = 4_000_000;
/** About what a name takes besides its characters. */
const NAME_BYTES = 500;
/** An element of an array. */
const ELEMENT_BYTES = 8;

/**
 * The order of a map's names, learnt once for each sequence in which names come.
 *
 * The items of a table name their attributes again and again in the same sequence. So sequences form a tree: a
 * map's names are followed from its root, each with one comparison if the map is like others before, and where they end
 * stands the order in which to write them, and each name as it is written.
 *
 * Everything learnt is counted, and dropped once it is more than {@link MAX_BYTES}. The caller bounds what one map adds:
 * it doesn't follow a map of very many names to its end.
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
    this.#count(NAME_BYTES + 3 * name.length);
    const next = new NameNode(node, name, node.index + 1);
    if (!node.usual) node.usual = next;
    else {
      node.others ??= new Map();
      node.others.set(name, next);
    }
    return next;
  }

  /** The name of a node and those before it, in code-unit order; remembered from its second time on. */
  sort(node: NameNode): readonly NameNode[] {
    const sorted = node.line().sort((a, b) => compareText(a.name, b.name));
    if (node.isEnd) {
      this.#count(ELEMENT_BYTES * sorted.length);
      node.sorted = sorted;
    }
    node.isEnd = true;
    return sorted;
  }

  /** Counts a name's use, and remembers its written form from the second on: an id is never met again. */
  meet(node: NameNode): void {
    if (node.isMet) {
      const json = JSON.stringify(node.name);
      node.opening = wordsOf(`{${json}:`);
      node.following = wordsOf(`,${json}:`);
      node.length = Buffer.byteLength(json) + 2;
      this.#count(2 * node.length);
    }
    node.isMet = true;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= MAX_BYTES) return;
    // A map that is being followed ends in the old tree.
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
  /** The name as it begins a map, `{"name":`, in words; from its second use on. */
  opening: DataView | undefined = undefined;
  /** The name as it follows in a map, `,"name":`. */
  following: DataView | undefined = undefined;
  /** Bytes of each of the two. */
  length = 0;
  /** This name and those before it, in code-unit order; once a second map ended here. */
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

/** A text in UTF-8, with zeros up to the end of its last word. */
function wordsOf(text: string): DataView {
  const utf8 = Buffer.from(text);
  const words = new Uint8Array(Math.ceil(utf8.length / 4) * 4);
  words.set(utf8);
  return new DataView(words.buffer);
}
