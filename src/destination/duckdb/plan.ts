import type { DuckDBConnection } from '@duckdb/node-api';
import { isObject } from '../../value/is-object.ts';
import { resultRows } from './result-rows.ts';

/** DuckDB's plan of a statement, as JSON text; `undefined` if it makes none, as of a PRAGMA. Nothing is run. */
export async function planOf(connection: DuckDBConnection, sql: string): Promise<string | undefined> {
  const explain = `EXPLAIN (FORMAT json) ${sql.replace(/^[\s;]+/, '')}`;
  const result = await connection.run(explain).catch(() => undefined);
  return result && resultRows(result).flat().join('\n');
}

/** The rows that a plan's scans read, as DuckDB estimates them; `null` if the plan doesn't say. */
export function rowsRead(plan: string): number | null {
  const start = plan.indexOf('[');
  if (start === -1) return null;
  try {
    return leavesOf(JSON.parse(plan.slice(start))).reduce<number | null>(
      (sum, leaf) => add(sum, cardinalityOf(leaf)),
      0,
    );
  } catch {
    return null;
  }
}

function add(sum: number | null, rows: number | null): number | null {
  return sum === null || rows === null ? null : sum + rows;
}

/** The operators of a plan that read from no other operator. */
function leavesOf(plan: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(plan)) return plan.flatMap(leavesOf);
  if (!isObject(plan)) return [];
  const { children } = plan;
  return Array.isArray(children) && children.length > 0 ? children.flatMap(leavesOf) : [plan];
}

/** A scan's rows; 0 for what gives one row of nothing, as in a SELECT without FROM. */
function cardinalityOf(leaf: Readonly<Record<string, unknown>>): number | null {
  if (leaf['name'] === 'DUMMY_SCAN' || leaf['name'] === 'EMPTY_RESULT') return 0;
  const info = leaf['extra_info'];
  const rows = isObject(info) ? Number(info['Estimated Cardinality']) : Number.NaN;
  return Number.isFinite(rows) ? rows : null;
}
