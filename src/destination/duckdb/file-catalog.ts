import { parse } from 'node:path';
import { duckdb } from '../../views/duckdb.ts';

/**
 * Names that mean something else wherever a catalog is named: DuckDB's own catalogs, and the schemas that every catalog
 * has. Attached under one of the latter, a file would be there and `USE` would choose the schema, of a database in memory.
 */
const TAKEN = new Set(['information_schema', 'main', 'memory', 'pg_catalog', 'system', 'temp']);

/**
 * What the catalog of a file is called while it is attached: the file's name without its extension, as DuckDB calls it.
 * A name that is DuckDB's own, in any case, gets `_db` behind it, as DuckDB does with some. Stored SQL names no catalog.
 *
 * @param path The file's path, without links.
 */
export function catalogOf(path: string): string {
  const { name } = parse(path);
  if (!/^[\p{L}\p{N} ._-]+$/u.test(name)) return 'tailrace_file';
  return TAKEN.has(name.toLowerCase()) ? `${name}_db` : name;
}

/** Statement after which names without a catalog are of this one. With its schema, as a file may have one called like itself. */
export function useCatalog(catalog: string): string {
  return `USE ${duckdb.identifier(catalog)}."main"`;
}
