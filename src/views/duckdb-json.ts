import type { PlainPath, PlainStep } from '../schema/path.ts';
import { duckdbBind } from './duckdb-bind.ts';
import { duckdbText } from './duckdb-quote.ts';

/** Implements `Dialect.jsonAt`. */
export function duckdbJsonAt(expression: string, path: PlainPath): string {
  return path.reduce<string>((json, step) => `json_extract(${json}, ${duckdbText(jsonPath(step))})`, expression);
}

/**
 * Implements `Dialect.jsonList`: one parse of the item for all paths. A path with a name that needs a pointer of its own is
 * read by itself.
 */
export function duckdbJsonList(expression: string, paths: readonly PlainPath[]): string {
  const isPlain = (path: PlainPath) => path.every((step) => step !== '' && step !== '*');
  if (!paths.every(isPlain)) return `[${paths.map((path) => duckdbJsonAt(expression, path)).join(', ')}]`;
  return `json_extract(${expression}, [${paths.map((path) => duckdbText(`$${path.map(jsonStep).join('')}`)).join(', ')}])`;
}

/** Texts of JSON, whose characters mean nothing. */
const TEXTS = String.raw`"(?:[^"\\]|\\.)*"`;

/** What DuckDB takes beside JSON: commas behind the last element, and numbers that are none. */
const LENIENCE = String.raw`,\s*[\]}]|(?i:nan|inf)`;

/** Implements `Dialect.parseJson`: without white space, and with each character of a text written in one way. */
export function duckdbParseJson(expression: string): string {
  return duckdbBind('json', expression, (json) => {
    const bare = `regexp_replace(${json}, ${duckdbText(TEXTS)}, '""', 'g')`;
    const parsed = `json_extract(TRY_CAST(${json} AS JSON), '$')`;
    return `CASE WHEN NOT regexp_matches(${bare}, ${duckdbText(LENIENCE)}) THEN ${parsed} END`;
  });
}

/**
 * One step as a path of DuckDB's. Quoted names take everything but the empty name and, as it would be every name, `*`;
 * those two are JSON pointers, which on a list would select nothing either.
 *
 * Source: <https://duckdb.org/docs/stable/data/json/json_functions>
 */
function jsonPath(step: PlainStep): string {
  return step === '' || step === '*' ? `/${step}` : `$${jsonStep(step)}`;
}

function jsonStep(step: PlainStep): string {
  return typeof step === 'number' ? `[${step}]` : `."${step.replace(/[\\"]/g, '\\$&')}"`;
}
