import type { DuckDBConnection, DuckDBExtractedStatements, DuckDBPreparedStatement } from '@duckdb/node-api';
import { messageOf } from '../../duckdb-message.ts';
import { TailraceError } from '../../errors.ts';
import { absentName, isOfSnapshot, SNAPSHOT_DROPPED } from './duckdb-error.ts';

/**
 * Prepares a user's statement.
 *
 * @throws {TailraceError} `query-invalid` unless `sql` is one statement that DuckDB understands.
 */
export async function prepareOne(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  return prepareParsed(await parseOne(connection, sql), sql);
}

/** As {@link prepareOne}, without looking up what the statement names. */
export async function parseOne(connection: DuckDBConnection, sql: string): Promise<DuckDBExtractedStatements> {
  if (/^[\s;]*$/.test(sql)) throw new TailraceError('query-invalid', 'There is no statement to run');
  const statements = await understood(connection.extractStatements(sql));
  if (statements.count === 1) return statements;
  throw new TailraceError('query-invalid', `One statement can be run at a time, not ${statements.count}`);
}

/**
 * Prepares a statement that was parsed.
 *
 * @throws {TailraceError} `query-invalid`; `destination-missing` if a snapshot that the statement doesn't name isn't there: a view
 *   that it names stands on it.
 */
export function prepareParsed(statements: DuckDBExtractedStatements, sql: string): Promise<DuckDBPreparedStatement> {
  return understood(
    statements.prepare(0).catch((error: unknown) => {
      const absent = absentName(error);
      if (absent === undefined || !isOfSnapshot(absent) || sql.includes(absent)) throw error;
      throw new TailraceError('destination-missing', `${absent}, on which a view stands, is not there`, {
        context: { object: absent },
        remedy: SNAPSHOT_DROPPED,
      });
    }),
  );
}

async function understood<T>(attempt: Promise<T>): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof TailraceError) throw error;
    const text = messageOf(error).replace(/^Failed to extract statements: /, '');
    throw new TailraceError('query-invalid', firstLines(text));
  }
}

/** DuckDB's message with its hints, up to the blank line before its excerpt of the statement. */
function firstLines(text: string): string {
  return (text.split('\n\n', 1)[0] ?? '').replaceAll('\n', ' ');
}
