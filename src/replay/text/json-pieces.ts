import { isUtf8 } from 'node:buffer';
import { Unreadable } from './unreadable.ts';

/** One JSON value out of many. */
export type Piece = {
  /** What was parsed. Of an object whose lists were given piece by piece, the rest: these lists are empty in it. */
  readonly value: unknown;
  /** The list that it is an element of, by the list's name in its object; `''` for a list without; `null` for none. */
  readonly list: string | null;
  /** Its index in that list. */
  readonly index: number;
  /** Names of its own lists that were given piece by piece, before it. */
  readonly lists: readonly string[];
  /** Tells the values of one list from those of another; every value that is in none has a number of its own. */
  readonly batch: number;
  /** The line that it begins in, from 1. */
  readonly line: number;
  /** Bytes of its text. */
  readonly bytes: number;
};

/**
 * The most that one value may take, in bytes: more than a failure leaves behind, which is 6 MB of event, escaped as text
 * within text.
 * Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
 */
export const MAX_VALUE_BYTES = 32 * 1024 * 1024;

/** Lists within lists: deeper is nothing that a failure leaves behind. */
const MAX_DEPTH = 8;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [TAB, LINE_FEED, RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];
/** U+FEFF in UTF-8, as files that were joined have it in the middle. */
const MARK = [0xef, 0xbb, 0xbf];
const EMPTY_LIST = Buffer.from('[]');

/** An open list, or an open object whose list is being read. */
type Frame =
  | {
      readonly of: 'list';
      readonly name: string;
      readonly batch: number;
      count: number;
      next: 'first' | 'value' | 'comma';
    }
  | { readonly of: 'object'; readonly begun: Begun; readonly lists: string[] };

/** A value whose text isn't whole yet. */
type Begun = { readonly line: number; readonly parts: Uint8Array[]; bytes: number };

/**
 * Takes JSON text apart as it comes: any number of values one after the other, with or without white space between them,
 * as NDJSON and as Firehose writes them. The elements of a list on the outside, and of the lists in `names` of an object
 * on the outside or in such a list, are given one by one, so that memory holds one of them, however many there are. An
 * object is given after the elements of its lists.
 *
 * Chunks may end anywhere, within a character too. What it gives is what `JSON.parse` gives of each value.
 *
 * Not to be used any more once it has thrown {@link Unreadable}: not JSON, not UTF-8, or a value that is too large.
 */
export class JsonPieces {
  readonly #names: ReadonlySet<string>;
  readonly #maxBytes: number;
  readonly #frames: Frame[] = [];
  #pieces: Piece[] = [];
  #line = 1;
  #batches = 0;
  /** Bytes between values since the last one: a small gzip file may hold gigabytes of white space. */
  #blank = 0;
  #mark = 0;

  /** The value at hand, if there is one: a scalar, a string, or an object or list by its depth. */
  #begun: Begun | undefined;
  #isScalar = false;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Whether the value at hand is an object whose lists are looked for. */
  #isOpen = false;
  /** The last string directly in that object, as far as it can be the name of a list. */
  #word = '';
  #isNamed = false;

  /** @param names What lists are called whose elements are given one by one. */
  constructor(names: ReadonlySet<string>, maxBytes = MAX_VALUE_BYTES) {
    this.#names = names;
    this.#maxBytes = maxBytes;
  }

  /** The values that end in this chunk. */
  push(chunk: Uint8Array): readonly Piece[] {
    this.#pieces = [];
    let at = 0;
    while (at < chunk.length) at = this.#begun ? this.#goOn(chunk, at) : this.#between(chunk, at);
    return this.#pieces;
  }

  /** The last value, where only the end says that it is whole. */
  end(): readonly Piece[] {
    this.#pieces = [];
    if (this.#mark > 0) throw this.#noJson();
    if (this.#begun && this.#isScalar && this.#frames.length === 0) this.#finish();
    if (this.#begun || this.#frames.length > 0) throw new Unreadable(`ends within a JSON value${this.#where()}`);
    return this.#pieces;
  }

  /** Reads on between values, up to where one begins. Gives where it stands. */
  #between(chunk: Uint8Array, from: number): number {
    const frame = this.#frames.at(-1);
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (byte === MARK[this.#mark] && !frame) {
        this.#mark = (this.#mark + 1) % MARK.length;
        continue;
      }
      if (this.#mark > 0) throw this.#noJson();
      if (byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB) {
        if (byte === LINE_FEED) this.#line++;
        if (++this.#blank > this.#maxBytes) throw this.#tooLarge();
        continue;
      }
      this.#blank = 0;
      if (frame?.of === 'list' && this.#isPunctuation(frame, byte)) {
        if (byte === CLOSE_LIST) return at + 1;
        continue;
      }
      return this.#begin(chunk, at, byte);
    }
    return chunk.length;
  }

  /** Whether a byte in a list is no beginning of a value, but may stand there. */
  #isPunctuation(frame: Frame & { of: 'list' }, byte: number): boolean {
    if (byte === CLOSE_LIST && frame.next !== 'value') {
      this.#closeList(frame);
      return true;
    }
    if (byte === COMMA && frame.next === 'comma') {
      frame.next = 'value';
      return true;
    }
    if (frame.next === 'comma') throw this.#noJson();
    return false;
  }

  #begin(chunk: Uint8Array, at: number, byte: number): number {
    if (byte === OPEN_LIST) {
      this.#openList('');
      return at + 1;
    }
    if (byte === COMMA || byte === COLON || byte === CLOSE_LIST || byte === CLOSE_OBJECT) throw this.#noJson();
    this.#begun = { line: this.#line, parts: [], bytes: 0 };
    this.#isOpen = byte === OPEN_OBJECT;
    this.#isScalar = byte !== OPEN_OBJECT && byte !== QUOTE;
    this.#isInString = byte === QUOTE;
    this.#isEscaped = false;
    this.#depth = this.#isOpen ? 1 : 0;
    this.#word = '';
    this.#isNamed = false;
    return this.#goOn(chunk, at, at + 1);
  }

  /** Reads on within a value, up to its end, or to a list of it. Gives where it stands. */
  #goOn(chunk: Uint8Array, from: number, start = from): number {
    if (this.#isScalar) return this.#goOnScalar(chunk, from, start);
    let at = start;
    let [depth, isInString, isEscaped] = [this.#depth, this.#isInString, this.#isEscaped];
    const isOpen = this.#isOpen;
    for (; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) {
          isInString = false;
          if (depth === 0) break;
          continue;
        }
        if (depth === 1 && isOpen && this.#word.length < 16) this.#word += String.fromCharCode(byte);
      } else if (byte === QUOTE) {
        isInString = true;
        if (depth === 1) {
          this.#word = '';
          this.#isNamed = false;
        }
      } else if (byte === OPEN_OBJECT) depth++;
      else if (byte === CLOSE_OBJECT) {
        if (--depth === 0) break;
      } else if (byte === OPEN_LIST) {
        if (depth === 1 && isOpen && this.#isNamed && this.#names.has(this.#word)) {
          this.#hold(chunk, from, at);
          this.#openNamed();
          return at + 1;
        }
        depth++;
      } else if (byte === CLOSE_LIST) {
        if (--depth === 0) break;
      } else if (byte === LINE_FEED) this.#line++;
      else if (byte === COLON && depth === 1) this.#isNamed = true;
      else if (byte === COMMA && depth === 1) this.#isNamed = false;
    }
    [this.#depth, this.#isInString, this.#isEscaped] = [depth, isInString, isEscaped];
    const isWhole = at < chunk.length;
    this.#hold(chunk, from, isWhole ? at + 1 : at);
    if (isWhole) this.#finish();
    return isWhole ? at + 1 : at;
  }

  #goOnScalar(chunk: Uint8Array, from: number, start: number): number {
    let at = start;
    for (; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (byte <= SPACE || byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT) break;
      if (byte === OPEN_LIST || byte === OPEN_OBJECT || byte === QUOTE) break;
    }
    this.#hold(chunk, from, at);
    if (at < chunk.length) this.#finish();
    return at;
  }

  #hold(chunk: Uint8Array, from: number, to: number): void {
    const begun = this.#begun as Begun;
    begun.bytes += to - from;
    if (begun.bytes > this.#maxBytes) throw this.#tooLarge();
    begun.parts.push(chunk.subarray(from, to));
  }

  /** Gives the value at hand. */
  #finish(): void {
    const begun = this.#begun as Begun;
    this.#begun = undefined;
    const frame = this.#frames.at(-1);
    let lists: readonly string[] = [];
    if (frame?.of === 'object') {
      lists = frame.lists;
      this.#frames.pop();
    }
    const { line, bytes } = begun;
    this.#pieces.push({ value: this.#parse(begun), ...this.#place(), lists, line, bytes });
  }

  /** Counts an element of the list at hand; what is in none is a batch of its own. */
  #place(): Pick<Piece, 'list' | 'index' | 'batch'> {
    const frame = this.#frames.at(-1);
    if (frame?.of !== 'list') return { list: null, index: 0, batch: this.#batches++ };
    frame.next = 'comma';
    return { list: frame.name, index: frame.count++, batch: frame.batch };
  }

  #openList(name: string): void {
    if (this.#frames.length >= MAX_DEPTH) throw new Unreadable('is wrapped in too many lists');
    this.#frames.push({ of: 'list', name, batch: this.#batches++, count: 0, next: 'first' });
  }

  /** Puts the object at hand aside until a list of it is read. */
  #openNamed(): void {
    const begun = this.#begun as Begun;
    this.#begun = undefined;
    const frame = this.#frames.at(-1);
    if (frame?.of === 'object') frame.lists.push(this.#word);
    else this.#frames.push({ of: 'object', begun, lists: [this.#word] });
    this.#openList(this.#word);
  }

  #closeList(frame: Frame & { of: 'list' }): void {
    this.#frames.pop();
    const outer = this.#frames.at(-1);
    if (outer?.of === 'object') {
      // The object goes on, with an empty list where this one was.
      this.#begun = outer.begun;
      this.#begun.parts.push(EMPTY_LIST);
      [this.#isOpen, this.#isScalar, this.#isInString, this.#isEscaped, this.#depth] = [true, false, false, false, 1];
      [this.#word, this.#isNamed] = ['', false];
    } else if (frame.count === 0) this.#pieces.push(this.#emptyList());
    else if (outer?.of === 'list') [outer.next, outer.count] = ['comma', outer.count + 1];
  }

  /** An empty list is a value like any other: nothing else would be given of it. */
  #emptyList(): Piece {
    return { value: [], ...this.#place(), lists: [], line: this.#line, bytes: 2 };
  }

  #parse({ parts, line }: Begun): unknown {
    const [first = EMPTY_LIST] = parts;
    const bytes = parts.length === 1 ? Buffer.from(first.buffer, first.byteOffset, first.length) : Buffer.concat(parts);
    if (!isUtf8(bytes)) throw new Unreadable(`is not UTF-8 text${where(line)}`);
    try {
      return JSON.parse(bytes.toString());
    } catch (error) {
      // The parser's own message is dropped: it quotes the text.
      if (error instanceof SyntaxError) throw new Unreadable(`is not JSON${where(line)}`);
      throw error;
    }
  }

  #noJson(): Unreadable {
    return new Unreadable(`is not JSON${this.#where()}`);
  }

  #tooLarge(): Unreadable {
    const megabytes = Math.floor(this.#maxBytes / 1024 / 1024);
    return new Unreadable(
      `holds more than ${megabytes} MB in one value: nothing that a failure leaves behind${this.#where()}`,
    );
  }

  #where(): string {
    return where(this.#begun?.line ?? this.#line);
  }
}

/** Names a line, except for the first: most files are one value. */
export function where(line: number): string {
  return line === 1 ? '' : ` (line ${line})`;
}
