import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { classOf, messageOf, shownText } from '../../duckdb-message.ts';
import { isKind, TailraceError } from '../../errors.ts';
import type { SqlResult } from '../destination.ts';
import { writingStatement } from '../writing-statement.ts';
import { planOf, rowsRead } from './plan.ts';
import { prepareOne } from './prepare-one.ts';
import { prepareReading } from './reading-statement.ts';
import { resultRows } from './result-rows.ts';

/** DuckDB's message about a statement that would change a file that is open for reading only, such as by `nextval`. */
const READ_ONLY = /^Invalid Input Error: Cannot execute statement of type "(\w+)" on database .* read-only mode/;

/** A cast of JSON to an integer rounds a number, and refuses the text of a fraction. */
const CAST =
  'A value is not of the type of a cast. Some numbers are text in the JSON: cast to DOUBLE or DECIMAL before an ' +
  'integer, or use TRY_CAST, or query a typed view.';

/**
 * Runs a user's statement.
 *
 * A message about the statement itself may quote it, and is passed on. A message while it runs may quote rows: only the
 * class of such an error is passed on.
 *
 * @throws {TailraceError} `query-invalid` unless `sql` is one statement that DuckDB understands and runs; `interrupted`
 *   when `signal` aborts.
 */
export async function runStatement(
  connection: DuckDBConnection,
  sql: string,
  signal?: AbortSignal,
): Promise<SqlResult> {
  return run(connection, await prepareOne(connection, sql), signal);
}

/**
 * As {@link runStatement}, for a statement that only reads, on a file that is open for reading only.
 *
 * @throws {TailraceError} `query-writes`, before it runs, if it may write.
 */
export async function runQueryStatement(
  connection: DuckDBConnection,
  sql: string,
  signal?: AbortSignal,
): Promise<SqlResult> {
  return run(connection, await prepareReading(connection, sql), signal);
}

/**
 * The rows that a statement would read, as DuckDB's plan of it estimates them; `null` if none is made. Nothing is run.
 *
 * @throws {TailraceError} `query-invalid`, or `query-writes` unless it may write. One that writes isn't looked at further:
 *   preparing it may make files.
 */
export async function estimateRows(
  connection: DuckDBConnection,
  sql: string,
  { write = false }: { readonly write?: boolean } = {},
): Promise<number | null> {
  try {
    (await prepareReading(connection, sql)).destroySync();
  } catch (error) {
    if (write && isKind(error, 'query-writes')) return null;
    throw error;
  }
  const plan = await planOf(connection, sql);
  return plan === undefined ? null : rowsRead(plan);
}

async function run(
  connection: DuckDBConnection,
  statement: DuckDBPreparedStatement,
  signal?: AbortSignal,
): Promise<SqlResult> {
  const interrupt = () => connection.interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    signal?.throwIfAborted();
    const result = await statement.run();
    return { columns: result.columnNames(), rows: resultRows(result) };
  } catch (error) {
    if (signal?.aborted) throw new TailraceError('interrupted', 'The statement was interrupted');
    const [, type] = READ_ONLY.exec(messageOf(error)) ?? [];
    if (type !== undefined) throw writingStatement(type);
    throw new TailraceError('query-invalid', `The statement failed while running: ${shownText(error)}`, {
      ...(classOf(error) === 'Conversion Error' && { remedy: CAST }),
    });
  } finally {
    signal?.removeEventListener('abort', interrupt);
    statement.destroySync();
  }
}
