import { isObject } from './is-object.ts';

/**
 * The canonical text of an item's JSON, as a destination gives it back: engines store the value and not its text. They
 * order names otherwise and add white space.
 *
 * @returns Empty text, which no item has, if `json` isn't JSON.
 */
export function canonicalText(json: string): string {
  try {
    return write(JSON.parse(json));
  } catch (error) {
    if (error instanceof SyntaxError) return '';
    throw error;
  }
}

function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${write(value[name])}`).join(',')}}`;
}
