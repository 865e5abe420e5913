import {
  BACKSLASH,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  EMPTY_LIST,
  LINE_FEED,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
} from './json-bytes.ts';

/** Longer than the name of any list that is given piece by piece. */
const MAX_NAME = 16;

/**
 * The bytes of one JSON value, as they come. In an object, reading stops at the beginning of a list whose name is one of
 * `names`. It resumes behind the list's end as if the list were empty.
 */
export class JsonValue {
  /** The line that it begins in. */
  readonly line: number;
  readonly parts: Uint8Array[] = [];
  bytes = 0;
  /** Line ends read so far. */
  lines = 0;
  /** `begun` if the chunk has ended, `whole` if the value has; `list` if a list named {@link word} begins. */
  state: 'begun' | 'whole' | 'list' = 'begun';
  /** The last string directly in the object, as far as it can be the name of a list. */
  word = '';
  /** Whether only the byte behind it shows that it has ended. */
  readonly isScalar: boolean;
  readonly #names: ReadonlySet<string>;
  readonly #isObject: boolean;
  #depth: number;
  #isInString: boolean;
  #isEscaped = false;
  #isNamed = false;

  /** @param byte Its first one: not that of a list, white space or punctuation. */
  constructor(byte: number, line: number, names: ReadonlySet<string>) {
    this.line = line;
    this.#names = names;
    this.#isObject = byte === OPEN_OBJECT;
    this.#isInString = byte === QUOTE;
    this.isScalar = !this.#isObject && !this.#isInString;
    this.#depth = this.#isObject ? 1 : 0;
  }

  /** Resumes behind the list that it stopped at. */
  resume(): void {
    this.parts.push(EMPTY_LIST);
    this.state = 'begun';
    this.#isNamed = false;
  }

  /**
   * Reads on in a chunk.
   *
   * @param start The first byte to look at, if the one at `from` was looked at before.
   * @returns the index that it has reached.
   */
  read(chunk: Uint8Array, from: number, start = from): number {
    const end = this.isScalar ? this.#endOfScalar(chunk, start) : this.#end(chunk, start);
    const to = this.state === 'list' ? end - 1 : end;
    this.bytes += to - from;
    this.parts.push(chunk.subarray(from, to));
    return end;
  }

  #endOfScalar(chunk: Uint8Array, start: number): number {
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      const isPunctuation = byte <= SPACE || byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT;
      if (isPunctuation || byte === OPEN_LIST || byte === OPEN_OBJECT || byte === QUOTE) {
        this.state = 'whole';
        return at;
      }
    }
    return chunk.length;
  }

  #end(chunk: Uint8Array, start: number): number {
    const isObject = this.#isObject;
    let [depth, isInString, isEscaped] = [this.#depth, this.#isInString, this.#isEscaped];
    let at = start;
    for (; at < chunk.length && this.state === 'begun'; at++) {
      const byte = chunk[at] as number;
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) {
          isInString = false;
          if (depth === 0) this.state = 'whole';
          continue;
        }
        if (depth === 1 && isObject && this.word.length < MAX_NAME) this.word += String.fromCharCode(byte);
      } else if (byte === QUOTE) {
        isInString = true;
        if (depth === 1) [this.word, this.#isNamed] = ['', false];
      } else if (byte === OPEN_LIST && depth === 1 && this.#isNamed && this.#names.has(this.word)) {
        this.state = 'list';
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (--depth === 0) this.state = 'whole';
      } else if (byte === LINE_FEED) this.lines++;
      else if (byte === COLON && depth === 1) this.#isNamed = true;
      else if (byte === COMMA && depth === 1) this.#isNamed = false;
    }
    [this.#depth, this.#isInString, this.#isEscaped] = [depth, isInString, isEscaped];
    return at;
  }
}
