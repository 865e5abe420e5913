import { checkedName, checkedText } from './name-check.ts';

/** Implements `Dialect.identifier`. */
export function googlesqlIdentifier(name: string): string {
  return `\`${checkedName(name).replace(/[\\`]/g, '\\$&')}\``;
}

/** Implements `Dialect.text`. */
export function googlesqlText(value: string): string {
  return `'${checkedText(value)
    .replace(/[\\']/g, '\\$&')
    .replace(/\p{Cc}/gu, escaped)}'`;
}

/** A literal may not span lines, so every control character is escaped. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
