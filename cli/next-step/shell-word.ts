/** Characters that no shell gives a meaning to, wherever they stand in a word. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u001f\u007f]/g;

/** Text as one word of a command line, quoted where the user's shell needs it, and always on one line. */
export function shellWord(text: string, platform: NodeJS.Platform): string {
  if (PLAIN.test(text)) return text;
  if (platform === 'win32') return `"${text.replaceAll('"', '\\"')}"`;
  // bash, zsh and ksh read $'…' so; a line end within '…' would be pasted as one.
  if (text.search(CONTROL) !== -1) {
    const escaped = text.replaceAll(/[\\']/g, '\\$&').replaceAll(CONTROL, (it) => `\\${octal(it)}`);
    return `$'${escaped}'`;
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function octal(character: string): string {
  return character.charCodeAt(0).toString(8).padStart(3, '0');
}
