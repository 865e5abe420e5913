/** Names that an attribute can have and that a column must be able to carry. */
export const HOSTILE_NAMES: readonly string[] = [
  'a"b',
  'a`b',
  "it's",
  'back\\slash',
  '\\`',
  '\\"',
  'a.b',
  'a b',
  '$x',
  '@p',
  '?',
  '%s',
  '--',
  '/* x */',
  '; DROP TABLE t',
  'select',
  'from',
  'group',
  'order',
  'rank',
  'é',
  '日本語',
  '😀',
  '__proto__',
  '_TABLE_',
  'Name',
  '0',
  'x'.repeat(400),
];

/** Names that can't be: empty, with control characters, with half a character. */
export const IMPOSSIBLE_NAMES: readonly string[] = ['', '\0', 'a\nb', 'a\tb', '\u007f', '\u0085', 'a\ud800', '\udc00'];
