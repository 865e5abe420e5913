import { parse } from 'node:path';
import { duckdb } from '../../views/duckdb.ts';

/**
 * Names that a catalog can't have: those of DuckDB's own catalogs, and of the schemas in every catalog. If a file were
 * attached under the name of a schema, `USE` would choose that schema of the database in memory.
 */
const RESERVED = new Set(['information_schema', 'main', 'memory', 'pg_catalog', 'system', 'temp']);

/**
 * The name of an attached file's catalog: the file's name without its extension, as DuckDB has it. A reserved name, in
 * upper or lower case, gets the suffix `_db`, which DuckDB gives to some. Stored SQL names no catalog.
 *
 * @param path The file's path, without links.
 */
export function catalogOf(path: string): string {
  const { name } = parse(path);
  if (!/^[\p{L}\p{N} ._-]+$/u.test(name)) return 'tailrace_file';
  return RESERVED.has(name.toLowerCase()) ? `${name}_db` : name;
}

/** The statement that makes a catalog the default. It names the schema, since the file may have one of its own name. */
export function useCatalog(catalog: string): string {
  return `USE ${duckdb.identifier(catalog)}."main"`;
}
