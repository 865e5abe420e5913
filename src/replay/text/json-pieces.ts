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
 * The most that one value may take, in bytes: more than a failure leaves behind, which is 6 MB of event, escaped as text
 * within text.
 * Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
 */
export const MAX_VALUE_BYTES = 32 * 1024 * 1024;

/** Lists within lists: deeper is nothing that a failure leaves behind. */
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
 * Takes JSON text apart as it comes: any number of values one after the other, with or without white space between them,
 * as NDJSON and as Firehose writes them. The elements of a list on the outside, and of the lists in `names` of an object
 * on the outside or in such a list, are given one by one, so that memory holds one of them, however many there are. An
 * object is given after the elements of its lists.
 *
 * Chunks may end anywhere, within a character too. What it gives is what `JSON.parse` gives of each value.
 *
 * Not to be used any more once it has thrown {@link UnreadableText}: not JSON, not UTF-8, or a value that is too large.
 */
export class JsonPieces {
  readonly #names: ReadonlySet<string>;
  readonly #maxBytes: number;
  readonly #frames: Frame[] = [];
  #pieces: Piece[] = [];
  #line = 1;
  #groups = 0;
  /** Bytes between values since the last one: a small gzip file may hold gigabytes of white space. */
  #blank = 0;
  #mark = 0;

  /** The value at hand, if there is one that isn't whole yet. */
  #begun: JsonValue | undefined;

  /** @param names What lists are called whose elements are given one by one. */
  constructor(names: ReadonlySet<string>, maxBytes = MAX_VALUE_BYTES) {
    this.#names = names;
    this.#maxBytes = maxBytes;
  }

  /** The values that end in this chunk. */
  push(chunk: Uint8Array): readonly Piece[] {
    this.#pieces = [];
    let at = 0;
    while (at < chunk.length) at = this.#begun ? this.#goOn(this.#begun, chunk, at) : this.#between(chunk, at);
    return this.#pieces;
  }

  /** The last value, where only the end says that it is whole. */
  end(): readonly Piece[] {
    this.#pieces = [];
    if (this.#mark > 0) throw this.#noJson();
    if (this.#begun?.isScalar && this.#frames.length === 0) this.#finish(this.#begun);
    if (this.#begun || this.#frames.length > 0) throw new UnreadableText(`ends within a JSON value${this.#where()}`);
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
    this.#begun = new JsonValue(byte, this.#line, this.#names);
    return this.#goOn(this.#begun, chunk, at, at + 1);
  }

  /** Reads on within a value, up to its end, or to a list of it. Gives where it stands. */
  #goOn(value: JsonValue, chunk: Uint8Array, from: number, start = from): number {
    const before = value.lines;
    const at = value.read(chunk, from, start);
    this.#line += value.lines - before;
    if (value.bytes > this.#maxBytes) throw this.#tooLarge();
    if (value.state === 'whole') this.#finish(value);
    if (value.state === 'list') this.#openNamed(value);
    return at;
  }

  /** Gives the value at hand. */
  #finish({ line, bytes, parts }: JsonValue): void {
    this.#begun = undefined;
    const frame = this.#frames.at(-1);
    let lists: readonly string[] = [];
    if (frame?.of === 'object') {
      lists = frame.lists;
      this.#frames.pop();
    }
    this.#pieces.push({ value: parsed(parts, line), ...this.#place(), lists, line, bytes });
  }

  /** Counts an element of the list at hand; what is in none is a group of its own. */
  #place(): Pick<Piece, 'list' | 'index' | 'group'> {
    const frame = this.#frames.at(-1);
    if (frame?.of !== 'list') return { list: null, index: 0, group: this.#groups++ };
    frame.next = 'comma';
    return { list: frame.name, index: frame.count++, group: frame.group };
  }

  #openList(name: string): void {
    if (this.#frames.length >= MAX_DEPTH) throw new UnreadableText('is wrapped in too many lists');
    this.#frames.push({ of: 'list', name, group: this.#groups++, count: 0, next: 'first' });
  }

  /** Puts the object at hand aside until a list of it is read. */
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
      // The object goes on, with an empty list where this one was.
      this.#begun = outer.begun;
      this.#begun.resume();
    } else if (frame.count === 0) this.#pieces.push(this.#emptyList());
    else if (outer?.of === 'list') [outer.next, outer.count] = ['comma', outer.count + 1];
  }

  /** An empty list is a value like any other: nothing else would be given of it. */
  #emptyList(): Piece {
    return { value: [], ...this.#place(), lists: [], line: this.#line, bytes: 2 };
  }

  #noJson(): UnreadableText {
    return new UnreadableText(`is not JSON${this.#where()}`);
  }

  #tooLarge(): UnreadableText {
    const megabytes = Math.floor(this.#maxBytes / 1024 / 1024);
    return new UnreadableText(
      `holds more than ${megabytes} MB in one value: nothing that a failure leaves behind${this.#where()}`,
    );
  }

  #where(): string {
    return where(this.#begun?.line ?? this.#line);
  }
}
