/** What JSON writes otherwise than it stands: quotes, backslashes, control characters. And any half of a surrogate pair. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes exactly these.
const SPECIAL = /["\\\u0000-\u001f\ud800-\udfff]/;

/** The JSON string of a text, or `undefined` for what no JSON engine gives back as it was: a lone surrogate. */
export function jsonText(text: string): string | undefined {
  if (!SPECIAL.test(text)) return `"${text}"`;
  return text.isWellFormed() ? JSON.stringify(text) : undefined;
}
