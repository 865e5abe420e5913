import type { Dialect } from './dialect.ts';

/** The text that a JSON string is, by its JSON text; NULL of any other JSON. */
export function stringIn(dialect: Dialect, text: string): string {
  return `CASE WHEN STARTS_WITH(${text}, '"') THEN ${dialect.stringOfJson(text)} END`;
}
