/** Where a comma stands in a whole number. By hand: the tables of `Intl` take 20 ms to load. */
const THOUSANDS = /\B(?=(?:\d{3})+$)/g;

/** A count with thousands apart: `12,345`. */
export function count(value: number): string {
  return String(Math.round(value)).replace(THOUSANDS, ',');
}

/** A count and its noun: `1 item`, `2 items`. Below 10 it shows one decimal, if there is one: `0.5 units`. */
export function counted(value: number, noun: string): string {
  const shown = value < 10 ? String(Math.round(value * 10) / 10) : count(value);
  return `${shown} ${noun}${shown === '1' ? '' : 's'}`;
}

/** A sum of US dollars: `$1.50`, `under $0.01`. */
export function dollars(amount: number): string {
  return amount > 0 && amount < 0.01 ? 'under $0.01' : `$${amount.toFixed(2)}`;
}

const SIZES = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** A number of bytes in its greatest decimal unit: `512 bytes`, `84 MB`. */
export function size(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${count(bytes / 1000 ** power)} ${SIZES[power]}`;
}

const UNITS = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
  { unit: 's', ms: 1_000 },
] as const;

/** A length of time in its two greatest units: `820 ms`, `12 s`, `3 min 5 s`, `2 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  let rest = Math.round(ms / 1_000) * 1_000;
  const first = UNITS.findIndex((unit) => rest >= unit.ms);
  const parts: string[] = [];
  for (const { unit, ms: size } of UNITS.slice(first, first + 2)) {
    const whole = Math.floor(rest / size);
    rest -= whole * size;
    if (whole > 0) parts.push(`${whole} ${unit}`);
  }
  return parts.join(' ');
}

/** A time in milliseconds since the epoch, in UTC: `2026-11-22T10:15:00Z`. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

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
