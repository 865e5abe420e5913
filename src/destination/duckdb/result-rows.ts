import { createRequire } from 'node:module';
import {
  ARRAY,
  BLOB,
  type DuckDBDataChunk,
  type DuckDBMaterializedResult,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUnionType,
  DuckDBVector,
  LIST,
  MAP,
} from '@duckdb/node-api';
import type { SqlValue } from '../destination.ts';
import { sqlValue } from './sql-value.ts';

/** The part of the client's native binding that is used here. */
type Binding = {
  data_chunk_get_vector(chunk: DuckDBDataChunk['chunk'], column: number): Parameters<typeof DuckDBVector.create>[0];
};

/** The client's own copy of the binding: another copy couldn't read its chunks. */
const binding: Binding = createRequire(createRequire(import.meta.url).resolve('@duckdb/node-api'))(
  '@duckdb/node-bindings',
);

/**
 * All rows of a result, their values as {@link sqlValue} gives them.
 *
 * Text is read as bytes, at any depth: the client's decoder drops a U+FEFF at a text's beginning, as a byte order mark,
 * and has no option for it. Both types have the same layout in memory.
 * Source: <https://encoding.spec.whatwg.org/#dom-textdecoder-ignorebom>
 */
export function resultRows(result: DuckDBMaterializedResult): readonly (readonly SqlValue[])[] {
  // The result's own types: those of its chunks don't say which text is JSON.
  const types = result.columnTypes();
  const read = types.map(textAsBytes);
  const rows: SqlValue[][] = [];
  // All chunks are in memory: awaiting them one by one would take longer than most statements.
  for (let index = 0; index < result.chunkCount; index++) {
    const chunk = result.getChunk(index);
    const { rowCount } = chunk;
    const vectors = read.map((type, column) =>
      DuckDBVector.create(binding.data_chunk_get_vector(chunk.chunk, column), rowCount, type),
    );
    for (let row = 0; row < rowCount; row++) {
      rows.push(types.map((type, column) => sqlValue(vectors[column]?.getItem(row) ?? null, type)));
    }
  }
  return rows;
}

/** A type with bytes in place of text, at any depth. */
function textAsBytes(type: DuckDBType): DuckDBType {
  switch (type.typeId) {
    case DuckDBTypeId.VARCHAR:
      return BLOB;
    case DuckDBTypeId.LIST:
      return LIST(textAsBytes(type.valueType));
    case DuckDBTypeId.ARRAY:
      return ARRAY(textAsBytes(type.valueType), type.length);
    case DuckDBTypeId.MAP:
      return MAP(textAsBytes(type.keyType), textAsBytes(type.valueType));
    case DuckDBTypeId.STRUCT:
      return new DuckDBStructType(type.entryNames, type.entryTypes.map(textAsBytes));
    case DuckDBTypeId.UNION:
      return new DuckDBUnionType(type.memberTags, type.memberTypes.map(textAsBytes));
    default:
      return type;
  }
}
