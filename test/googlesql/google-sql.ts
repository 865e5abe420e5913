import { isObject } from '../../src/value/is-object.ts';
import type { TableColumn } from '../../src/views/table-definition.ts';
import { connect, type ZetaSqlClient } from './client.ts';

/** A value of a table or result: TIMESTAMPs are milliseconds since the epoch, JSON its text, INT64 a number. */
export type SqlCell = string | number | boolean | null;

/** A value of any type, as the reference implementation gave it. */
type StoredCell = { readonly stored: object };

/** A column of a table: of one of Tailrace's own, or typed by a schema. */
export type SqlColumn = Omit<TableColumn, 'required' | 'description'>;

/** A table as a statement names it in backticks, with its rows. */
export type SqlTable = {
  readonly path: string;
  readonly columns: readonly SqlColumn[];
  readonly rows: readonly (readonly (SqlCell | StoredCell)[])[];
};

/** Array parameters of a statement, of strings. */
export type SqlArrays = Readonly<Record<string, readonly string[]>>;

/** The kinds of statements that Tailrace sends. */
const STATEMENTS = [
  'QUERY',
  'CREATE_TABLE',
  'CREATE_TABLE_AS_SELECT',
  'CREATE_VIEW',
  'ALTER_TABLE',
  'DROP',
  'INSERT',
  'DELETE',
  'MERGE',
].map((kind) => `RESOLVED_${kind}_STMT`);

/** Features of BigQuery's that the reference implementation doesn't count among its finished ones. */
const COLLATION_FEATURES = ['FEATURE_V_1_3_ANNOTATION_FRAMEWORK', 'FEATURE_V_1_3_COLLATION_SUPPORT'];

/** GoogleSQL as Google's reference implementation understands it, with the features of BigQuery. */
export class GoogleSql implements Disposable {
  readonly #client: ZetaSqlClient;
  readonly #language: object;

  private constructor(client: ZetaSqlClient, language: object) {
    this.#client = client;
    this.#language = language;
  }

  /** @param address `host:port` */
  static async connect(address: string): Promise<GoogleSql> {
    const client = connect(address);
    const all = await client.call('getLanguageOptions', { maximumFeatures: true });
    const language = {
      ...(isObject(all) ? all : {}),
      enabledLanguageFeatures: [...listOf(pick(all, 'enabledLanguageFeatures')), ...COLLATION_FEATURES],
      productMode: 'PRODUCT_EXTERNAL',
      supportedStatementKinds: STATEMENTS,
    };
    return new GoogleSql(client, language);
  }

  /** Rejects with the analyzer's own error if a statement is wrong in any way. */
  async analyze(sqlStatement: string, tables: readonly SqlTable[], arrays: SqlArrays = {}): Promise<void> {
    await this.#client.call('analyze', {
      sqlStatement,
      options: this.#options(arrays),
      simpleCatalog: this.#catalog(tables),
    });
  }

  /** Gives a query's rows, in their order. */
  async evaluate(
    sql: string,
    tables: readonly SqlTable[] = [],
    arrays: SqlArrays = {},
  ): Promise<readonly (readonly SqlCell[])[]> {
    return (await this.#evaluate(sql, tables, arrays)).rows.map((cells) => cells.map(fromCell));
  }

  /** Gives a query's only row by the names of its columns. */
  async record(sql: string, tables: readonly SqlTable[]): Promise<Readonly<Record<string, SqlCell>>> {
    const { names, rows } = await this.#evaluate(sql, tables);
    const [row = []] = rows;
    return Object.fromEntries(names.map((name, index) => [name, fromCell(row[index])]));
  }

  /** Gives the table that holds a query's rows. */
  async tableAs(
    { path, columns }: Pick<SqlTable, 'path' | 'columns'>,
    sql: string,
    tables: readonly SqlTable[],
  ): Promise<SqlTable> {
    const rows = (await this.#evaluate(sql, tables)).rows.map((cells) => cells.map((stored) => ({ stored })));
    return { path, columns, rows };
  }

  async #evaluate(
    sql: string,
    tables: readonly SqlTable[],
    arrays: SqlArrays = {},
  ): Promise<{ readonly names: readonly string[]; readonly rows: readonly (readonly object[])[] }> {
    const answer = await this.#client.call('evaluateQuery', {
      sql,
      options: this.#options(arrays),
      simpleCatalog: this.#catalog(tables),
      tableContent: Object.fromEntries(
        tables.map(({ path, columns, rows }) => [
          path,
          {
            tableData: {
              row: rows.map((row) => ({ cell: columns.map(({ type }, i) => toCell(type, row[i] ?? null)) })),
            },
          },
        ]),
      ),
      params: Object.entries(arrays).map(([name, values]) => ({
        name,
        value: { arrayValue: { element: values.map((stringValue) => ({ stringValue })) } },
      })),
    });
    return {
      names: listOf(pick(answer, 'prepared', 'columns')).map((column) => String(pick(column, 'name'))),
      rows: listOf(pick(answer, 'content', 'tableData', 'row')).map(cellsOf),
    };
  }

  [Symbol.dispose](): void {
    this.#client[Symbol.dispose]();
  }

  #options(arrays: SqlArrays): object {
    return {
      languageOptions: this.#language,
      queryParameters: Object.keys(arrays).map((name) => ({
        name,
        type: { typeKind: 'TYPE_ARRAY', arrayType: { elementType: { typeKind: 'TYPE_STRING' } } },
      })),
    };
  }

  #catalog(tables: readonly SqlTable[]): object {
    return {
      name: 'catalog',
      builtinFunctionOptions: { languageOptions: this.#language },
      table: tables.map(({ path, columns }) => ({
        name: path,
        column: columns.map((column) => ({ name: column.name, type: typeOf(column) })),
      })),
    };
  }
}

/** The reference implementation's description of a column's type. */
function typeOf({ type, isRepeated = false, fields }: Omit<SqlColumn, 'name'>): object {
  if (isRepeated) {
    const elementType = typeOf({ type, ...(fields && { fields }) });
    return { typeKind: 'TYPE_ARRAY', arrayType: { elementType } };
  }
  if (fields === undefined) return { typeKind: `TYPE_${type === 'FLOAT64' ? 'DOUBLE' : type}` };
  const field = fields.map((one) => ({ fieldName: one.name, fieldType: typeOf(one) }));
  return { typeKind: 'TYPE_STRUCT', structType: { field } };
}

function toCell(type: SqlColumn['type'], value: SqlCell | StoredCell): object {
  if (value === null) return {};
  if (typeof value === 'object') return value.stored;
  switch (type) {
    case 'STRING':
      return { stringValue: value };
    case 'JSON':
      return { jsonValue: value };
    case 'BOOL':
      return { boolValue: value };
    case 'INT64':
      return { int64Value: value };
    case 'TIMESTAMP': {
      const ms = Number(value);
      const seconds = Math.floor(ms / 1000);
      return { timestampValue: { seconds, nanos: (ms - seconds * 1000) * 1_000_000 } };
    }
    default:
      throw new Error(`A value of ${type} was not expected`);
  }
}

function cellsOf(row: unknown): readonly object[] {
  return listOf<object>(pick(row, 'cell'));
}

function listOf<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? value : [];
}

function fromCell(cell: unknown): SqlCell {
  const kind = pick(cell, 'value');
  if (kind === undefined) return null;
  const value = pick(cell, String(kind));
  switch (kind) {
    case 'stringValue':
    case 'jsonValue':
      return String(value);
    case 'boolValue':
      return value === true;
    case 'int64Value':
    case 'doubleValue':
      return Number(value);
    case 'timestampValue':
      return Number(pick(value, 'seconds') ?? 0) * 1000 + Number(pick(value, 'nanos') ?? 0) / 1_000_000;
    default:
      throw new Error(`A result of ${String(kind)} was not expected`);
  }
}

function pick(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}
