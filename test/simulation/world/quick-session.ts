import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { appendRows } from '../../../src/destination/duckdb/append-rows.ts';
import { Session } from '../../../src/destination/duckdb/session.ts';
import type { SqlRow } from '../../../src/destination/sql-row.ts';
import type { Column } from '../../../src/views/column.ts';

/** The statements that change what the catalog says of tables and views, and how. */
const CATALOG_CHANGES: readonly (readonly [
  RegExp,
  (objects: Map<string, SqlRow>, name: string, rest: string) => void,
])[] = [
  [
    /^CREATE TABLE IF NOT EXISTS "([^"]+)" \(/,
    (objects, name) => void (objects.has(name) || objects.set(name, { name, kind: 'table', comment: null })),
  ],
  [
    /^CREATE OR REPLACE VIEW "([^"]+)" AS\n/,
    (objects, name) => void objects.set(name, { name, kind: 'view', comment: null }),
  ],
  [
    /^COMMENT ON (?:TABLE|VIEW) "([^"]+)" IS '/,
    (objects, name, rest) =>
      void objects.set(name, { ...objects.get(name), comment: rest.slice(0, -1).replaceAll("''", "'") }),
  ],
  [/^DROP TABLE IF EXISTS "([^"]+)"$/, (objects, name) => void objects.delete(name)],
];

/** Statements that change no answer. The engine's memory and threads are set for all histories at once. */
const LEFT_OUT = /^(?:COMMENT ON COLUMN|SET|RESET) /;

/**
 * Leaves out what only takes time here: descriptions of columns, settings, transactions that write nothing or only once, and
 * asking for what was answered before and nothing has changed, or has changed by statements that say how.
 */
export class QuickSession extends Session {
  readonly #connection: DuckDBConnection;
  /** What was answered since the last write, by what was asked. */
  readonly #answers = new Map<string, readonly SqlRow[]>();
  /** What the catalog says, by name, once it was asked. */
  #catalog: Map<string, SqlRow> | undefined;
  /** What was answered once and for all: the columns of tables. */
  readonly #columns = new Map<string, readonly SqlRow[]>();
  /** Rows that nobody has asked for, by table, and what appends them. */
  readonly #waiting = new Map<string, unknown[]>();
  readonly #flushes = new Map<string, () => Promise<void>>();
  #transaction: 'none' | 'wanted' | 'begun' = 'none';

  constructor(connection: DuckDBConnection, instance: DuckDBInstance) {
    super(connection, instance);
    this.#connection = connection;
  }

  override async run(...given: readonly string[]): Promise<void> {
    const statements = given.filter((statement) => !LEFT_OUT.test(statement));
    if (statements.every((statement) => statement.startsWith('SELECT '))) return super.run(...statements);
    this.#answers.clear();
    await this.#flush();
    if (this.#transaction === 'wanted') {
      await super.run('BEGIN');
      this.#transaction = 'begun';
    }
    for (const statement of statements) {
      await super.run(statement);
      this.#changeCatalog(statement);
    }
  }

  /** Appends rows when somebody looks, together with those that come until then. */
  override async append<Row>(table: string, columns: readonly Column<Row>[], rows: readonly Row[]): Promise<void> {
    this.#answers.clear();
    // To a table that isn't there it fails at once.
    if (!this.#catalog?.has(table)) return appendRows(this.#connection, table, columns, rows);
    const waiting = this.#waiting.get(table) ?? [];
    waiting.push(...rows);
    this.#waiting.set(table, waiting);
    // All rows of a table are of one kind.
    this.#flushes.set(table, () => appendRows(this.#connection, table, columns, waiting as Row[]));
  }

  override async transaction<T>(work: () => Promise<T>): Promise<T> {
    this.#transaction = 'wanted';
    try {
      const result = await work();
      if (this.#isBegun()) await super.run('COMMIT');
      return result;
    } catch (error) {
      this.#answers.clear();
      this.#catalog = undefined;
      if (this.#isBegun()) await super.run('ROLLBACK');
      throw error;
    } finally {
      this.#transaction = 'none';
    }
  }

  override async rows(
    select: string,
    parameters: Readonly<Record<string, readonly string[]>> = {},
  ): Promise<readonly SqlRow[]> {
    if (select.includes('FROM duckdb_tables()')) return this.#objects(select);
    const known = select.startsWith('DESCRIBE ') ? this.#columns : this.#answers;
    const asked = `${select} ${JSON.stringify(parameters)}`;
    const answer = known.get(asked);
    if (answer) return answer;
    await this.#flush();
    const rows = await super.rows(select, parameters);
    known.set(asked, rows);
    return rows;
  }

  async #flush(): Promise<void> {
    const flushes = [...this.#flushes.values()];
    this.#waiting.clear();
    this.#flushes.clear();
    for (const flush of flushes) await flush();
  }

  async #objects(select: string): Promise<readonly SqlRow[]> {
    this.#catalog ??= new Map((await super.rows(select)).map((row) => [String(row['name']), row]));
    return [...this.#catalog.values()].sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1));
  }

  #changeCatalog(statement: string): void {
    for (const [pattern, change] of CATALOG_CHANGES) {
      const [start, name] = pattern.exec(statement) ?? [];
      if (start === undefined || name === undefined) continue;
      if (this.#catalog) change(this.#catalog, name, statement.slice(start.length));
      return;
    }
    this.#catalog = undefined;
  }

  /** Asked anew: the work in between may have begun it. */
  #isBegun(): boolean {
    return this.#transaction === 'begun';
  }
}
