import type { DuckDBConnection, DuckDBExtractedStatements, DuckDBPreparedStatement } from '@duckdb/node-api';
import { TailraceError } from '../../errors.ts';
import { messageOf } from './duckdb-error.ts';

/**
 * Prepares a user's statement.
 *
 * @throws {TailraceError} `query-invalid` unless `sql` is one statement that DuckDB understands.
 */
export async function prepareOne(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  return prepareParsed(await parseOne(connection, sql));
}

/** As {@link prepareOne}, without looking up what the statement names. */
export async function parseOne(connection: DuckDBConnection, sql: string): Promise<DuckDBExtractedStatements> {
  if (/^[\s;]*$/.test(sql)) throw new TailraceError('query-invalid', 'There is no statement to run');
  const statements = await understood(connection.extractStatements(sql));
  if (statements.count === 1) return statements;
  throw new TailraceError('query-invalid', `One statement can be run at a time, not ${statements.count}`);
}

/** Prepares a statement that was parsed. */
export function prepareParsed(statements: DuckDBExtractedStatements): Promise<DuckDBPreparedStatement> {
  return understood(statements.prepare(0));
}

async function understood<T>(attempt: Promise<T>): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    const text = messageOf(error).replace(/^Failed to extract statements: /, '');
    throw new TailraceError('query-invalid', firstLines(text));
  }
}

/** DuckDB's message with its hints, up to the blank line before its excerpt of the statement. */
function firstLines(text: string): string {
  return (text.split('\n\n', 1)[0] ?? '').replaceAll('\n', ' ');
}
