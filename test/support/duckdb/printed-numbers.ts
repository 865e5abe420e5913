import { DuckDBInstance } from '@duckdb/node-api';
import { duckdb } from '../../../src/views/duckdb.ts';

/**
 * What DuckDB prints of each JSON text as a member of an object: itself, the whole object parsed and merged, and what
 * becomes of a fraction by way of a DOUBLE.
 */
export async function printedByDuckDb(texts: readonly string[]): Promise<readonly (readonly unknown[])[]> {
  const items = texts.map((text) => duckdb.text(`{"n":${text}}`));
  const n = duckdb.jsonAt('item', ['n']);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const result = await connection.runAndReadAll(
      `SELECT ${[
        duckdb.jsonText(n),
        duckdb.jsonText('json(item)'),
        duckdb.jsonText(`json_merge_patch(item, '{}')`),
        duckdb.jsonText(`CASE WHEN json_type(${n}) = 'DOUBLE' THEN to_json(CAST(${n} AS DOUBLE)) ELSE ${n} END`),
      ].join(', ')} FROM (SELECT CAST(unnest([${items.join(', ')}]) AS JSON) AS item)`,
    );
    return result.getRows();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
