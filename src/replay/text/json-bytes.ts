import { isUtf8 } from 'node:buffer';
import { UnreadableText, where } from './piece.ts';

// The bytes of JSON outside its strings: all are ASCII, and no byte of a longer UTF-8 character is one of them.

export const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
export const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
export const [TAB, LINE_FEED, RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];
/** The byte order mark, U+FEFF in UTF-8; joined files have it in the middle. */
export const MARK = [0xef, 0xbb, 0xbf];
export const EMPTY_LIST = Buffer.from('[]');

/**
 * Parses JSON text that came in parts.
 *
 * @param line The line that it begins in, for messages.
 * @throws {UnreadableText} if it isn't UTF-8, or isn't JSON.
 */
export function parsed(parts: readonly Uint8Array[], line: number): unknown {
  const [first = EMPTY_LIST] = parts;
  const bytes = parts.length === 1 ? Buffer.from(first.buffer, first.byteOffset, first.length) : Buffer.concat(parts);
  if (!isUtf8(bytes)) throw new UnreadableText(`is not UTF-8 text${where(line)}`);
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    // The parser's own message is dropped: it quotes the text.
    if (error instanceof SyntaxError) throw new UnreadableText(`is not JSON${where(line)}`);
    throw error;
  }
}
