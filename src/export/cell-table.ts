import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBListType,
  DuckDBStructType,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  structValue,
  VARCHAR,
} from '@duckdb/node-api';
import { duckdb } from '../views/duckdb.ts';
import { valueOfCell } from '../views/exported-cell.ts';
import type { ExportedColumn, ExportedType } from '../views/exported-type.ts';
import type { Cell, CellRow } from './export-writer.ts';

/** DuckDB's own vector size: a chunk has no more rows. */
const CHUNK_ROWS = 2048;

const OPTIONS = { autoinstall_known_extensions: 'false', memory_limit: '256MB', threads: '1' };

/**
 * Cells in a database of their own, on their way into a file: any number of them takes no memory. Disposing of it closes the
 * database, whose file stays.
 */
export class CellTable implements Disposable {
  readonly connection: DuckDBConnection;
  /** Gives the columns by their names, and their values of their types. */
  readonly select: string;
  rows = 0;
  readonly #instance: DuckDBInstance;
  readonly #types: readonly DuckDBType[];

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, columns: readonly ExportedColumn[]) {
    this.#instance = instance;
    this.connection = connection;
    this.#types = columns.map(({ type }) => cellType(type));
    const values = columns.map(
      ({ name, type }, index) => `${valueOfCell(`rows.c${index}`, type)} AS ${duckdb.identifier(name)}`,
    );
    this.select = `SELECT ${values.join(', ')} FROM rows`;
  }

  /** Makes the database. The file doesn't exist. */
  static async create(path: string, columns: readonly ExportedColumn[]): Promise<CellTable> {
    const instance = await DuckDBInstance.create(path, { ...OPTIONS, temp_directory: `${path}.spill` });
    try {
      const connection = await instance.connect();
      const table = new CellTable(instance, connection, columns);
      const defined = table.#types.map((type, index) => `c${index} ${type}`);
      await connection.run(`CREATE TABLE rows (${defined.join(', ')})`);
      return table;
    } catch (error) {
      instance.closeSync();
      throw error;
    }
  }

  /** Appends rows: all of them once it resolves. */
  async append(rows: readonly CellRow[]): Promise<void> {
    const appender = await this.connection.createAppender('rows');
    try {
      for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
        const part = rows.slice(start, start + CHUNK_ROWS);
        const chunk = DuckDBDataChunk.create(this.#types, part.length);
        chunk.setColumns(this.#types.map((type, column) => part.map((row) => cellValueOf(row[column] ?? null, type))));
        appender.appendDataChunk(chunk);
      }
      appender.closeSync();
    } catch (error) {
      // Not closed: that would write once more, fail once more, and hide this error.
      appender.clear();
      throw error;
    }
    this.rows += rows.length;
  }

  [Symbol.dispose](): void {
    this.connection.closeSync();
    this.#instance.closeSync();
  }
}

/** The type with text in place of every scalar. */
function cellType(type: ExportedType): DuckDBType {
  if ('element' in type) return LIST(cellType(type.element));
  if ('fields' in type) {
    return new DuckDBStructType(
      type.fields.map(({ name }) => name),
      type.fields.map((field) => cellType(field.type)),
    );
  }
  return VARCHAR;
}

function cellValueOf(cell: Cell, type: DuckDBType): DuckDBValue {
  if (cell === null || typeof cell === 'string') return cell;
  if (isList(cell)) {
    if (!(type instanceof DuckDBListType)) throw unexpected();
    return listValue(cell.map((one) => cellValueOf(one, type.valueType)));
  }
  if (!(type instanceof DuckDBStructType)) throw unexpected();
  return structValue(
    Object.fromEntries(
      type.entryNames.map((name, index) => [name, cellValueOf(cell[name] ?? null, type.entryTypes[index] ?? VARCHAR)]),
    ),
  );
}

function isList(cell: Cell): cell is readonly Cell[] {
  return Array.isArray(cell);
}

/** Only a column of another type than its table's can end here. */
function unexpected(): TypeError {
  return new TypeError('A cell is not of the type of its column');
}
