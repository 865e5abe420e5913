import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  LINE_FEED,
  MARK,
  OPEN_LIST,
  parsed,
  RETURN,
  SPACE,
  TAB,
} from './json-bytes.ts';
import { JsonValue } from './json-value.ts';
import { type Piece, UnreadableText, where } from './piece.ts';

/**
 * The largest value, in bytes. A failure leaves less behind: an event of 6 MB at most, which grows where it is escaped as
 * text within text.
 * Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
 */
export const MAX_VALUE_BYTES = 32 * 1024 * 1024;

/** Lists within lists. A failure leaves none that are deeper. */
const MAX_DEPTH = 8;

/** An open list, or an open object whose list is being read. */
type Frame =
  | {
      readonly of: 'list';
      readonly name: string;
      readonly group: number;
      count: number;
      next: 'first' | 'value' | 'comma';
    }
  | { readonly of: 'object'; readonly begun: JsonValue; readonly lists: string[] };

/**
 * Parses JSON text piece by piece: any number of values one after the other, with or without white space between them, as
 * in NDJSON and in Firehose's files. The elements of an outermost list are given one by one. So are those of the lists in
 * `names`, in an object that is outermost or in such a list. Memory holds one element, however many there are. An object is
 * given after the elements of its lists.
 *
 * Chunks may end anywhere, even within a character. Each value is the one that `JSON.parse` gives.
 *
 * It throws {@link UnreadableText} for text that is not JSON or not UTF-8, or a value that is too large. It can't be used
 * after that.
 */
export class JsonPieces {
  readonly #names: ReadonlySet<string>;
  readonly #maxBytes: number;
  readonly #frames: Frame[] = [];
  #pieces: Piece[] = [];
  #line = 1;
  #groups = 0;
  /** Bytes of white space since the last value: a small gzip file may hold gigabytes of it. */
  #blank = 0;
  #mark = 0;

  /** The value that is being read, if one is. */
  #begun: JsonValue | undefined;

  /** @param names Names of the lists whose elements are given one by one. */
  constructor(names: ReadonlySet<string>, maxBytes = MAX_VALUE_BYTES) {
    this.#names = names;
    this.#maxBytes = maxBytes;
  }

  /** The values that end in this chunk. */
  push(chunk: Uint8Array): readonly Piece[] {
    this.#pieces = [];
    let at = 0;
    while (at < chunk.length) at = this.#begun ? this.#continue(this.#begun, chunk, at) : this.#between(chunk, at);
    return this.#pieces;
  }

  /** The last value, if it is one that only the end of the text completes. */
  end(): readonly Piece[] {
    this.#pieces = [];
    if (this.#mark > 0) throw this.#notJson();
    if (this.#begun?.isScalar && this.#frames.length === 0) this.#finish(this.#begun);
    if (this.#begun || this.#frames.length > 0) throw new UnreadableText(`ends within a JSON value${this.#where()}`);
    return this.#pieces;
  }

  /** Reads on between values, up to the beginning of one. Returns the index that it has reached. */
  #between(chunk: Uint8Array, from: number): number {
    const frame = this.#frames.at(-1);
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (byte === MARK[this.#mark] && !frame) {
        this.#mark = (this.#mark + 1) % MARK.length;
        continue;
      }
      if (this.#mark > 0) throw this.#notJson();
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

  /** Whether a byte between the elements of a list is punctuation, and valid there. */
  #isPunctuation(frame: Frame & { of: 'list' }, byte: number): boolean {
    if (byte === CLOSE_LIST && frame.next !== 'value') {
      this.#closeList(frame);
      return true;
    }
    if (byte === COMMA && frame.next === 'comma') {
      frame.next = 'value';
      return true;
    }
    if (frame.next === 'comma') throw this.#notJson();
    return false;
  }

  #begin(chunk: Uint8Array, at: number, byte: number): number {
    if (byte === OPEN_LIST) {
      this.#openList('');
      return at + 1;
    }
    if (byte === COMMA || byte === COLON || byte === CLOSE_LIST || byte === CLOSE_OBJECT) throw this.#notJson();
    this.#begun = new JsonValue(byte, this.#line, this.#names);
    return this.#continue(this.#begun, chunk, at, at + 1);
  }

  /** Reads on within a value, up to its end or to a named list of it. Returns the index that it has reached. */
  #continue(value: JsonValue, chunk: Uint8Array, from: number, start = from): number {
    const before = value.lines;
    const at = value.read(chunk, from, start);
    this.#line += value.lines - before;
    if (value.bytes > this.#maxBytes) throw this.#tooLarge();
    if (value.state === 'whole') this.#finish(value);
    if (value.state === 'list') this.#openNamed(value);
    return at;
  }

  /** Gives the value that was read. */
  #finish({ line, bytes, parts }: JsonValue): void {
    this.#begun = undefined;
    const frame = this.#frames.at(-1);
    let lists: readonly string[] = [];
    if (frame?.of === 'object') {
      lists = frame.lists;
      this.#frames.pop();
    }
    this.#pieces.push({ value: parsed(parts, line), ...this.#nextIndex(), lists, line, bytes });
  }

  /** Counts an element of the open list; a value in no list is a group of its own. */
  #nextIndex(): Pick<Piece, 'list' | 'index' | 'group'> {
    const frame = this.#frames.at(-1);
    if (frame?.of !== 'list') return { list: null, index: 0, group: this.#groups++ };
    frame.next = 'comma';
    return { list: frame.name, index: frame.count++, group: frame.group };
  }

  #openList(name: string): void {
    if (this.#frames.length >= MAX_DEPTH) throw new UnreadableText('is wrapped in too many lists');
    this.#frames.push({ of: 'list', name, group: this.#groups++, count: 0, next: 'first' });
  }

  /** Suspends the object that is being read until a list of it is read. */
  #openNamed(begun: JsonValue): void {
    this.#begun = undefined;
    const frame = this.#frames.at(-1);
    if (frame?.of === 'object') frame.lists.push(begun.word);
    else this.#frames.push({ of: 'object', begun, lists: [begun.word] });
    this.#openList(begun.word);
  }

  #closeList(frame: Frame & { of: 'list' }): void {
    this.#frames.pop();
    const outer = this.#frames.at(-1);
    if (outer?.of === 'object') {
      // The object is resumed, with an empty list in place of this one.
      this.#begun = outer.begun;
      this.#begun.resume();
    } else if (frame.count === 0) this.#pieces.push(this.#emptyList());
    else if (outer?.of === 'list') [outer.next, outer.count] = ['comma', outer.count + 1];
  }

  /** An empty list is given as a value: it has no elements to give. */
  #emptyList(): Piece {
    return { value: [], ...this.#nextIndex(), lists: [], line: this.#line, bytes: 2 };
  }

  #notJson(): UnreadableText {
    return new UnreadableText(`is not JSON${this.#where()}`);
  }

  #tooLarge(): UnreadableText {
    const megabytes = Math.floor(this.#maxBytes / 1024 / 1024);
    return new UnreadableText(
      `holds more than ${megabytes} MB in one value: more than any failure leaves behind${this.#where()}`,
    );
  }

  #where(): string {
    return where(this.#begun?.line ?? this.#line);
  }
}
