import type { DuckDBConnection } from '@duckdb/node-api';
import { TailraceError } from '../../errors.ts';
import type { SqlResult } from '../destination.ts';
import { messageOf, shownText } from './duckdb-error.ts';
import { resultRows } from './result-rows.ts';

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
  const statement = await prepareOne(connection, sql);
  const interrupt = () => connection.interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    signal?.throwIfAborted();
    const result = await statement.run();
    return { columns: result.columnNames(), rows: resultRows(result) };
  } catch (error) {
    if (signal?.aborted) throw new TailraceError('interrupted', 'The statement was interrupted');
    throw new TailraceError('query-invalid', `The statement failed while running: ${shownText(error)}`);
  } finally {
    signal?.removeEventListener('abort', interrupt);
    statement.destroySync();
  }
}

async function prepareOne(connection: DuckDBConnection, sql: string) {
  if (/^[\s;]*$/.test(sql)) throw new TailraceError('query-invalid', 'There is no statement to run');
  try {
    const statements = await connection.extractStatements(sql);
    if (statements.count === 1) return await statements.prepare(0);
    throw new TailraceError('query-invalid', `One statement can be run at a time, not ${statements.count}`);
  } catch (error) {
    if (error instanceof TailraceError) throw error;
    throw new TailraceError(
      'query-invalid',
      firstLines(messageOf(error).replace(/^Failed to extract statements: /, '')),
    );
  }
}

/** DuckDB's message with its hints, up to the blank line before its excerpt of the statement. */
function firstLines(text: string): string {
  return (text.split('\n\n', 1)[0] ?? '').replaceAll('\n', ' ');
}
