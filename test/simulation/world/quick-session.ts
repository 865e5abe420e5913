import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Column } from '../../../src/column.ts';
import { appendRows } from '../../../src/destination/duckdb/append-rows.ts';
import { Session } from '../../../src/destination/duckdb/session.ts';
import type { SqlRow } from '../../../src/destination/sql-row.ts';
import { QuickCatalog } from './quick-catalog.ts';

/** Statements that change no answer. The engine's memory and threads are set once for all histories. */
const LEFT_OUT = /^(?:COMMENT ON COLUMN|SET|RESET) /;

/** Statements that can't fail, since the catalog is known. */
const SAFE = /^(?:CREATE TABLE IF NOT EXISTS|COMMENT ON|DROP TABLE IF EXISTS) /;

/** A change of a table or view that hasn't been read yet: a statement, or rows to append. */
type Write =
  | { readonly name: string; readonly statement: string }
  | { readonly name: string; readonly rows: unknown[]; readonly append: (rows: readonly unknown[]) => Promise<void> };

/** The writes of a transaction so far. */
type Transaction = {
  readonly writes: Write[];
  isBegun: boolean;
  /** Writes committed before it and executed within it because they were read: its rollback must not undo them. */
  readonly borrowed: Write[];
};

type Before = QuickCatalog['state'];

/**
 * Leaves out what only takes time here: descriptions of columns, settings, and queries whose answer is known because
 * nothing that it depends on has changed. A write waits until it is read, or until its transaction ends if it can fail, so
 * that there are fewer, longer statements.
 */
export class QuickSession extends Session {
  readonly #connection: DuckDBConnection;
  readonly #catalog = new QuickCatalog();
  /** Answers by query, with the names that each depends on. */
  readonly #answers = new Map<string, { readonly rows: readonly SqlRow[]; readonly names: ReadonlySet<string> }>();
  /** Answers that never change: the columns of tables. */
  readonly #columns = new Map<string, readonly SqlRow[]>();
  /** Committed writes, in order. */
  #waiting: Write[] = [];
  #transaction: Transaction | undefined;
  /** The last stamp of the file's clock, in milliseconds since the epoch and parts of them. */
  lastStamp = 0;

  constructor(connection: DuckDBConnection, instance: DuckDBInstance) {
    super(connection, instance);
    this.#connection = connection;
  }

  override async run(...given: readonly string[]): Promise<void> {
    for (const statement of given) {
      if (LEFT_OUT.test(statement)) continue;
      if (statement.startsWith('SELECT ')) await this.rows(statement);
      else await this.#write(statement);
    }
  }

  override async append<Row>(table: string, columns: readonly Column<Row>[], rows: readonly Row[]): Promise<void> {
    // An append to a table that doesn't exist fails at once.
    if (!this.#catalog.has(table)) return appendRows(this.#connection, table, columns, rows);
    this.#forget(table);
    const writes = this.#transaction?.writes ?? this.#waiting;
    const last = writes.findLast(({ name }) => name === table);
    if (last && 'rows' in last) last.rows.push(...rows);
    else {
      // All rows of a table are of one kind.
      const append = (all: readonly unknown[]) => appendRows(this.#connection, table, columns, all as readonly Row[]);
      writes.push({ name: table, rows: [...rows], append });
    }
  }

  override async transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.#within(work, (transaction) => this.#commit(transaction));
  }

  override async dryRun<T>(work: () => Promise<T>): Promise<T> {
    return this.#within(work, (transaction, before) => this.#rollBack(transaction, before));
  }

  async #within<T>(
    work: () => Promise<T>,
    end: (transaction: Transaction, before: Before) => Promise<void>,
  ): Promise<T> {
    const before = this.#catalog.state;
    const transaction: Transaction = { writes: [], isBegun: false, borrowed: [] };
    this.#transaction = transaction;
    try {
      const result = await work();
      await end(transaction, before);
      return result;
    } catch (error) {
      await this.#rollBack(transaction, before);
      throw error;
    } finally {
      this.#transaction = undefined;
    }
  }

  async #rollBack({ isBegun, borrowed }: Transaction, before: Before): Promise<void> {
    this.#answers.clear();
    this.#catalog.state = before;
    if (isBegun) await super.run('ROLLBACK');
    this.#waiting.unshift(...borrowed);
  }

  override async rows(
    select: string,
    parameters: Readonly<Record<string, readonly string[]>> = {},
  ): Promise<readonly SqlRow[]> {
    // An estimate needn't know of writes that wait.
    if (select.includes('estimated_size')) return super.rows(select);
    if (select.includes("'table' AS kind")) return this.#catalog.rows;
    if (select.startsWith('UPDATE ')) return this.#update(select);
    const asked = `${select} ${JSON.stringify(parameters)}`;
    const answer = this.#columns.get(select) ?? this.#answers.get(asked)?.rows;
    if (answer) return answer;
    const names = this.#catalog.namesIn(select);
    const before = await this.#show(names);
    const rows = await super.rows([...before, select].join(';\n'), parameters);
    if (select.startsWith('DESCRIBE ')) this.#columns.set(select, rows);
    else this.#answers.set(asked, { rows, names });
    return rows;
  }

  async #write(statement: string): Promise<void> {
    const name = this.#catalog.change(statement);
    this.#forget(name);
    const write = { name, statement };
    if (this.#transaction) this.#transaction.writes.push(write);
    else if (SAFE.test(statement)) this.#waiting.push(write);
    else await this.#execute([...this.#take(this.#catalog.namesIn(statement)), write]);
  }

  /** Executes an UPDATE of the file's clock at once, and gives its rows. */
  async #update(statement: string): Promise<readonly SqlRow[]> {
    const names = this.#catalog.namesIn(statement);
    for (const name of names) this.#forget(name);
    const before = await this.#show(names);
    const transaction = this.#transaction;
    if (transaction && !transaction.isBegun) await this.#execute(this.#begin(transaction, transaction.writes));
    const rows = await super.rows([...before, statement].join(';\n'));
    this.lastStamp = Number(rows[0]?.['us']) / 1000;
    return rows;
  }

  async #commit(transaction: Transaction): Promise<void> {
    const { writes, isBegun } = transaction;
    if (!isBegun && writes.every((write) => 'rows' in write || SAFE.test(write.statement))) {
      this.#waiting.push(...writes);
      return;
    }
    const before = isBegun ? this.#take(this.#dependencies(writes)) : this.#begin(transaction, writes);
    if (isBegun) transaction.borrowed.push(...before);
    await this.#execute([...before, ...writes, { name: '', statement: 'COMMIT' }]);
  }

  /** Writes what the names stand for, except the statements that it returns, which go in front of the query. */
  async #show(names: ReadonlySet<string>): Promise<readonly string[]> {
    const transaction = this.#transaction;
    const writes = this.#take(names);
    if (transaction?.isBegun) transaction.borrowed.push(...writes);
    if (transaction?.writes.some(({ name }) => names.has(name))) {
      writes.push(...(transaction.isBegun ? [] : this.#begin(transaction, transaction.writes)));
      writes.push(...transaction.writes.splice(0));
    }
    const last = writes.findLastIndex((write) => 'rows' in write);
    await this.#execute(writes.slice(0, last + 1));
    return writes.slice(last + 1).flatMap((write) => ('rows' in write ? [] : [write.statement]));
  }

  /** Begins a transaction in the engine, after the writes that its own depend on. */
  #begin(transaction: Transaction, writes: readonly Write[]): Write[] {
    transaction.isBegun = true;
    return [...this.#take(this.#dependencies(writes)), { name: '', statement: 'BEGIN' }];
  }

  #dependencies(writes: readonly Write[]): ReadonlySet<string> {
    return new Set(
      writes.flatMap((write) => [write.name, ...('statement' in write ? this.#catalog.namesIn(write.statement) : [])]),
    );
  }

  /** Takes the waiting writes of these names. */
  #take(names: ReadonlySet<string>): Write[] {
    const taken = this.#waiting.filter(({ name }) => names.has(name));
    if (taken.length > 0) this.#waiting = this.#waiting.filter(({ name }) => !names.has(name));
    return taken;
  }

  /** Writes in order, statements in a row at once. */
  async #execute(writes: readonly Write[]): Promise<void> {
    let statements: string[] = [];
    const flush = async () => {
      if (statements.length > 0) await super.run(statements.join(';\n'));
      statements = [];
    };
    for (const write of writes) {
      if ('statement' in write) statements.push(write.statement);
      else {
        await flush();
        await write.append(write.rows);
      }
    }
    await flush();
  }

  #forget(name: string): void {
    for (const [asked, { names }] of this.#answers) if (names.has(name)) this.#answers.delete(asked);
  }
}
