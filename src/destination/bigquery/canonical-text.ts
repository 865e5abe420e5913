import { isObject } from '../../value/is-object.ts';

/**
 * The canonical text of a JSON that BigQuery gave as text of its own: it stores the value, not the text, and writes names
 * in order of UTF-8 and `1e-7` as `1e-07`.
 */
export function canonicalText(json: string): string {
  return write(JSON.parse(json));
}

function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${write(value[name])}`).join(',')}}`;
}
