import { googlesqlIdentifier } from './googlesql-quote.ts';

/** Implements `Dialect.bind`. */
export function googlesqlBind(name: string, value: string, inside: (name: string) => string): string {
  const quoted = googlesqlIdentifier(name);
  return `(SELECT ${inside(quoted)} FROM UNNEST([${value}]) AS ${quoted})`;
}
