import { checkedName, checkedText } from './name-check.ts';

/** Implements `Dialect.identifier`. */
export function duckdbIdentifier(name: string): string {
  return `"${checkedName(name).replaceAll('"', '""')}"`;
}

/** Implements `Dialect.text`. */
export function duckdbText(value: string): string {
  return `'${checkedText(value).replaceAll("'", "''")}'`;
}
