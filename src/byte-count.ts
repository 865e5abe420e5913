const UNITS = ['', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** The powers of the units that a person may give. */
const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  ...Object.fromEntries(['kib', 'mib', 'gib', 'tib', 'pib'].map((unit, index) => [unit, 1024 ** (index + 1)])),
  ...Object.fromEntries(['kb', 'mb', 'gb', 'tb', 'pb'].map((unit, index) => [unit, 1000 ** (index + 1)])),
};

/** Reads a number of bytes, such as `1099511627776`, `500 GB` or `1.5TiB`; `undefined` if the text is none. */
export function readByteCount(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d{1,16}(?:\.\d{1,6})?)\s*([kmgtp]i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(number) * (FACTORS[unit.toLowerCase()] ?? 1));
  return number === '' || !Number.isSafeInteger(bytes) ? undefined : bytes;
}

/** A number of bytes for a person, in its greatest binary unit: `1 TiB`, `10 MiB`, `152.4 GiB`, `512 bytes`. */
export function binarySize(bytes: number): string {
  const power = powerOf(bytes);
  if (power === 0) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  return `${(Math.round((bytes / 1024 ** power) * 10) / 10).toLocaleString('en-US')} ${UNITS[power]}`;
}

/** The least round number of bytes from `bytes` on, as {@link readByteCount} reads it: `2TiB`. */
export function roundedUp(bytes: number): string {
  const power = powerOf(bytes);
  return `${Math.ceil(bytes / 1024 ** power)}${UNITS[power]}`;
}

function powerOf(bytes: number): number {
  return bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
}
