const EQUALS = 0x3d;
const NO_SEXTET = 0xff;

/** The six bits that each character of base64 stands for. */
const SEXTETS = new Uint8Array(128).fill(NO_SEXTET);
for (const [sextet, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  SEXTETS[character.charCodeAt(0)] = sextet;
}

/**
 * The base64 text of binary that is given as bytes or as base64 text, or `undefined` if it is neither.
 *
 * One text for each sequence of bytes, so that a value reads the same whichever way it came.
 */
export function canonicalBase64(value: unknown): string | undefined {
  if (typeof value === 'string') return canonicalOf(value);
  if (!(value instanceof Uint8Array)) return undefined;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
}

function canonicalOf(text: string): string | undefined {
  const { length } = text;
  if (length % 4 !== 0) return undefined;
  const padding = text.charCodeAt(length - 2) === EQUALS ? 2 : text.charCodeAt(length - 1) === EQUALS ? 1 : 0;
  let sextet = 0;
  for (let at = 0; at < length - padding; at++) {
    const code = text.charCodeAt(at);
    sextet = code < SEXTETS.length ? (SEXTETS[code] as number) : NO_SEXTET;
    if (sextet === NO_SEXTET) return undefined;
  }
  if (padding === 2 && text.charCodeAt(length - 1) !== EQUALS) return undefined;
  // Encoders write zeros as the unused bits of the last character. A text with other bits there means the same bytes.
  const spare = padding === 0 ? 0 : padding === 1 ? 0b11 : 0b1111;
  return (sextet & spare) === 0 ? text : Buffer.from(text, 'base64').toString('base64');
}
