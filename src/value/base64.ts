const ALPHABET = /^[A-Za-z0-9+/]*={0,2}$/;

/** A last group whose spare bits are zero, as every encoder writes it; others name the same bytes by another text. */
const CANONICAL_END = /(?:^|[^=]{2}[A-Za-z0-9+/]{2}|[^=][AQgw]==|[^=]{2}[AEIMQUYcgkosw048]=)$/;

/**
 * The base64 text of binary that is given as bytes or as base64 text, or `undefined` if it is neither.
 *
 * One text for each sequence of bytes, so that a value reads the same whichever way it came.
 */
export function canonicalBase64(value: unknown): string | undefined {
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (typeof value !== 'string' || value.length % 4 !== 0 || !ALPHABET.test(value)) return undefined;
  return CANONICAL_END.test(value.slice(-4)) ? value : Buffer.from(value, 'base64').toString('base64');
}
