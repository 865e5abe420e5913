/**
 * What a double-quoted text of YAML can't hold as it is, beyond what JSON escapes: line ends of Unicode, which a reader
 * folds, and all that isn't printable.
 * Source: <https://yaml.org/spec/1.2.2/#51-character-set>
 */
const UNQUOTABLE = /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * A text as YAML's double-quoted text, on one line: JSON's, which every reader of YAML 1.1 and 1.2 takes. Half a surrogate pair,
 * which is no text, becomes U+FFFD.
 */
export function yamlText(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    UNQUOTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
