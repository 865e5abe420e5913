import type { Buffer } from 'node:buffer';
import { TailraceError } from '../errors.ts';
import type { AttributeMap } from '../value/attribute-value.ts';
import { readAttributeMap } from './raw-item.ts';

/** Items of a page. They can be read once: their memory may be freed with the last. */
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
 * Reads the answer to a Scan except for its items: they stay bytes, and each is parsed when it is read.
 *
 * Parsed at once, a page of 1 MB takes ten times as much memory, as long as any of it is in use. Item by item, each is garbage
 * before the next one is parsed.
 *
 * @param bytes In memory of their own, which is freed with the last item.
 * @returns the answer with `Items` as {@link PageItems}, or as `JSON.parse` gives it where that is no list of objects.
 * @throws {SyntaxError} if the answer isn't JSON. An item that isn't throws a {@link TailraceError} `source-invalid` when it is
 *   read.
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
    // Frees the memory now: a collector that looks only at small objects would let dozens of pages gather.
    this.#bytes.buffer.transfer(0);
  }

  #parse(from: number | undefined, to: number | undefined): unknown {
    try {
      return JSON.parse(this.#bytes.toString('utf8', from, to));
    } catch {
      // Its message would quote the item.
      throw new TailraceError('source-invalid', `${this.#endpoint} answers with a text that is no JSON`);
    }
  }
}

/** The offsets of a list in an answer, and of the beginning and end of each of its objects in turn. */
type List = { readonly from: number; readonly to: number; readonly bounds: readonly number[] };

/** Finds the answer's own `Items` by its braces and brackets, if it is a list of objects only. */
function findItems(bytes: Buffer): List | undefined {
  const bounds: number[] = [];
  let depth = 0;
  let from = -1;
  /** The last text of the answer's own level, with its quotes: the name of the value after it. */
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

/** The offset of the quote that closes the text whose opening quote is at `at`. */
function endOfText(bytes: Buffer, at: number): number {
  let end = at + 1;
  while (end < bytes.length && bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1;
  return end;
}
