import { Buffer } from 'node:buffer';

/** Up to this length a loop over a text's characters beats a call out of JavaScript. */
const SHORT = 40;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** 1 for the two bytes of JSON text that a JSON string escapes; JSON text has no control characters. */
const IS_ESCAPED = new Uint8Array(256);
IS_ESCAPED[QUOTE] = 1;
IS_ESCAPED[BACKSLASH] = 1;

/**
 * Writes text in UTF-8 into one buffer, which grows and is used again.
 *
 * Several times as fast as joining strings, each of which is an object and is copied once more at the end. Methods
 * reserve room first, and then write without checks.
 */
export class Utf8Writer {
  #bytes: Buffer;
  #view: DataView;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
    this.#view = viewOf(this.#bytes);
  }

  /** Bytes written. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that fit without growing. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Drops everything from the byte at `length` on. */
  cut(length: number): void {
    this.#length = length;
  }

  /** Writes one character of ASCII. */
  byte(code: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = code;
  }

  /** Writes bytes of UTF-8. */
  bytes(utf8: Uint8Array): void {
    this.#reserve(utf8.length);
    this.#bytes.set(utf8, this.#length);
    this.#length += utf8.length;
  }

  /**
   * Writes the first bytes of some words, which is faster than {@link bytes} for a few.
   *
   * @param words UTF-8, and what is left of the last word.
   */
  words(words: DataView, length: number): void {
    this.#reserve(words.byteLength);
    const view = this.#view;
    const at = this.#length;
    for (let index = 0; index < length; index += 4) view.setInt32(at + index, words.getInt32(index));
    this.#length = at + length;
  }

  /** Writes a text of ASCII only. */
  ascii(text: string): void {
    const { length } = text;
    this.#reserve(length);
    if (length > SHORT) this.#bytes.write(text, this.#length, 'latin1');
    else {
      const bytes = this.#bytes;
      let at = this.#length;
      for (let index = 0; index < length; index++) bytes[at++] = text.charCodeAt(index);
    }
    this.#length += length;
  }

  /** Writes a text without lone surrogates. */
  text(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /**
   * Writes the JSON string of a text, as `JSON.stringify` would.
   *
   * @returns `false`, with nothing written, if the text has a lone surrogate, which no JSON engine preserves.
   */
  jsonString(text: string): boolean {
    // At most three bytes a character, two quotes, and a word that is read beyond the end.
    this.#reserve(text.length * 3 + 6);
    return (text.length <= SHORT && this.#plainString(text)) || this.#anyString(text);
  }

  /** Writes JSON text as a JSON string. */
  jsonInString(json: string): void {
    // The text is written behind the room that its escaped form may take, and read from there.
    const most = json.length * 3;
    this.#reserve(2 * most + 3);
    const bytes = this.#bytes;
    let at = this.#length;
    const from = at + most + 3;
    const to = from + bytes.write(json, from);
    bytes[at++] = QUOTE;
    for (let index = from; index < to; index++) {
      const byte = bytes[index] as number;
      // The byte overwrites the backslash unless it is escaped: a branch would be mispredicted too often.
      bytes[at] = BACKSLASH;
      at += IS_ESCAPED[byte] as number;
      bytes[at++] = byte;
    }
    bytes[at++] = QUOTE;
    this.#length = at;
  }

  toString(): string {
    return this.#bytes.toString('utf8', 0, this.#length);
  }

  /** The bytes written; valid until the next write. */
  get view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** A copy of the bytes written, from `start` on. */
  copy(start = 0): Buffer {
    return Buffer.from(this.#bytes.subarray(start, this.#length));
  }

  /** Writes a text without escapes and surrogates; `false`, with nothing written, if it has any. */
  #plainString(text: string): boolean {
    const bytes = this.#bytes;
    const { length } = text;
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x80) {
        if (code < SPACE || code === QUOTE || code === BACKSLASH) return false;
        bytes[at++] = code;
      } else if (code < 0x800) {
        bytes[at++] = 0xc0 | (code >> 6);
        bytes[at++] = 0x80 | (code & 0x3f);
      } else {
        if (code >= 0xd800 && code <= 0xdfff) return false;
        bytes[at++] = 0xe0 | (code >> 12);
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
        bytes[at++] = 0x80 | (code & 0x3f);
      }
    }
    bytes[at++] = QUOTE;
    this.#length = at;
    return true;
  }

  #anyString(text: string): boolean {
    const start = this.#length + 1;
    const written = this.#bytes.write(text, start);
    // In ASCII each character is a byte, so only other texts can hold half a pair.
    if (written !== text.length && !text.isWellFormed()) return false;
    if (this.#isEscaped(start, start + written)) {
      this.text(JSON.stringify(text));
      return true;
    }
    this.#bytes[this.#length] = QUOTE;
    this.#bytes[start + written] = QUOTE;
    this.#length = start + written + 1;
    return true;
  }

  /** Whether a JSON string escapes any of these bytes. Tests four at a time: https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord */
  #isEscaped(start: number, end: number): boolean {
    const view = this.#view;
    view.setInt32(end, 0x20202020);
    for (let at = start; at < end; at += 4) {
      const word = view.getInt32(at);
      const quotes = word ^ 0x22222222;
      const backslashes = word ^ 0x5c5c5c5c;
      const found =
        ((word - 0x20202020) & ~word) | ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes);
      if ((found & 0x80808080) !== 0) return true;
    }
    return false;
  }

  #reserve(count: number): void {
    if (this.#length + count > this.#bytes.length) this.#grow(count);
  }

  #grow(count: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#length + count));
    this.#bytes.copy(bytes, 0, 0, this.#length);
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
