import type { Buffer } from 'node:buffer';
import { TailraceError } from '../errors.ts';
import type { AttributeMap } from '../value/attribute-value.ts';
import { readAttributeMap } from './raw-item.ts';

/** Items of a page, to be gone through once: their memory may go with the last. */
export type PageItems = Iterable<AttributeMap> & { readonly length: number };

const QUOTE = 0x22;
const COMMA = 0x2c;
const SPACE = 0x20;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Reads the answer to a Scan, but for its items: they stay the bytes that came, and each is parsed when its turn comes.
 *
 * Parsed at once, a page of 1 MB takes ten times as much, for as long as any of it is held. Item by item it is garbage
 * before the next one.
 *
 * @param bytes In memory of their own, which goes with the last item.
 * @returns The answer with `Items` as {@link PageItems}, or as `JSON.parse` gives it where that is no list of objects.
 * @throws {SyntaxError} if it isn't JSON. Within an item that shows when someone comes to it: {@link TailraceError}
 *   `source-invalid`.
 */
export function readPage(bytes: Buffer<ArrayBuffer>, endpoint: string): unknown {
  const list = findItems(bytes);
  if (!list) return JSON.parse(bytes.toString('utf8'));
  const rest: unknown = JSON.parse(`${bytes.toString('utf8', 0, list.from)}null${bytes.toString('utf8', list.to)}`);
  return Object.assign({}, rest, { Items: new UnreadItems(bytes, list.bounds, endpoint) });
}

/** Whether these are the items of a page that {@link readPage} found. */
export function isPageItems(value: unknown): value is PageItems {
  return value instanceof UnreadItems;
}

class UnreadItems implements PageItems {
  readonly #bytes: Buffer<ArrayBuffer>;
  readonly #bounds: readonly number[];
  readonly #endpoint: string;

  constructor(bytes: Buffer<ArrayBuffer>, bounds: readonly number[], endpoint: string) {
    this.#bytes = bytes;
    this.#bounds = bounds;
    this.#endpoint = endpoint;
  }

  get length(): number {
    return this.#bounds.length / 2;
  }

  *[Symbol.iterator](): Generator<AttributeMap> {
    for (let index = 0; index < this.#bounds.length; index += 2) {
      yield readAttributeMap(this.#parse(this.#bounds[index], this.#bounds[index + 1]), this.#endpoint);
    }
    // Frees it now: a collector that looks at small objects alone would let dozens of pages gather.
    this.#bytes.buffer.transfer(0);
  }

  #parse(from: number | undefined, to: number | undefined): unknown {
    try {
      return JSON.parse(this.#bytes.toString('utf8', from, to));
    } catch {
      // Its message would quote the item.
      throw new TailraceError('source-invalid', `${this.#endpoint} answers with something else than JSON`);
    }
  }
}

/** Where a list stands in an answer, and where each of its objects begins and ends, in turn. */
type List = { readonly from: number; readonly to: number; readonly bounds: readonly number[] };

/** Finds the answer's own `Items` by its braces and brackets, if it is a list of objects and nothing else. */
function findItems(bytes: Buffer): List | undefined {
  const bounds: number[] = [];
  let depth = 0;
  let from = -1;
  /** The last text of the answer's own level, its quotes included: what stands before a value is its name. */
  let name = { from: 0, to: 0 };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const start = at;
      at = endOfText(bytes, at);
      if (depth === 1) name = { from: start, to: at + 1 };
      if (depth === 2 && from >= 0) return undefined;
    } else if (byte === OPEN_BRACE) {
      if (depth++ === 2 && from >= 0) bounds.push(at);
    } else if (byte === CLOSE_BRACE) {
      if (--depth === 2 && from >= 0) bounds.push(at + 1);
    } else if (byte === OPEN_BRACKET) {
      if (depth === 2 && from >= 0) return undefined;
      if (depth++ === 1 && bytes.toString('latin1', name.from, name.to) === '"Items"') from = at;
    } else if (byte === CLOSE_BRACKET) {
      if (--depth === 1 && from >= 0) return bounds.length % 2 === 0 ? { from, to: at + 1, bounds } : undefined;
    } else if (depth === 2 && from >= 0 && byte !== COMMA && (byte ?? 0) > SPACE) return undefined;
  }
  return undefined;
}

/** Where the text that begins with the quote at `at` has its closing one. */
function endOfText(bytes: Buffer, at: number): number {
  let end = at + 1;
  while (end < bytes.length && bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1;
  return end;
}
