/** Line ends with the indentation around them, and tabs, become one space. */
const WHITE_SPACE = / *[\t\r\n\u0085\u2028\u2029]\s*/g;

/** Everything else that a terminal would obey rather than show. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is what this is for.
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/** Text as one harmless line: no line ends, and control characters shown as their escapes. */
export function oneLine(text: string): string {
  return text
    .replaceAll(WHITE_SPACE, ' ')
    .replaceAll(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
