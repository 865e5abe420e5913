import { type DuckDBConnection, type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api';
import { isKind } from '../../errors.ts';
import { writingStatement } from '../writing-statement.ts';
import { planOf } from './plan.ts';
import { parseOne, prepareParsed } from './prepare-one.ts';

/** The first word of a statement, and what follows it. Where this finds none, the statement is refused. */
const FIRST_WORD = /^(?:\s|;|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(\(|[a-z]+)([\s\S]*)$/i;

/** The words with which a statement that reads begins. Others are refused unprepared: `EXPORT` then makes a directory. */
const READING = /^(?:\(|DESC|DESCRIBE|EXPLAIN|FROM|PIVOT|PRAGMA|SELECT|SHOW|SUMMARIZE|TABLE|UNPIVOT|VALUES|WITH)$/;

/** What stands between EXPLAIN and the statement that it explains. */
const EXPLAIN_OPTIONS = /^\s*(?:ANALYZE\b|\(\s*(?:ANALYZE|FORMAT)\b[^)]*\))?/i;

/**
 * Functions that write files although a SELECT may call them, as the operators of a plan name them. The last runs another
 * statement, which the plan doesn't show.
 */
const WRITING_FUNCTION = /"name": *"(ENABLE_LOGGING|ENABLE_PROFILING|JSON_EXECUTE_SERIALIZED_SQL)"/;

/**
 * Prepares a user's statement that reads.
 *
 * A file that is open for reading only is safe from any statement. What else one can write depends on its type: COPY and
 * EXPORT write other files, ATTACH makes them, INSTALL fetches an extension.
 *
 * @throws {TailraceError} `query-writes` if it may write; `query-invalid` unless `sql` is one statement that DuckDB
 *   understands.
 */
export async function prepareReading(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  const parsed = await parseOne(connection, sql);
  const [, first = '', rest = ''] = FIRST_WORD.exec(sql) ?? [];
  const word = first.toUpperCase();
  if (!READING.test(word)) throw writingStatement(word || undefined);
  const statement = await prepareParsed(parsed, sql);
  try {
    const type = statement.statementType;
    if (type === StatementType.EXPLAIN) await requireReadingExplained(connection, rest);
    else if (type !== StatementType.SELECT) throw writingStatement(StatementType[type]);
    else await refuseWritingFunctions(connection, sql);
    return statement;
  } catch (error) {
    statement.destroySync();
    throw error;
  }
}

/** `EXPLAIN ANALYZE` runs the statement that it explains. */
async function requireReadingExplained(connection: DuckDBConnection, afterExplain: string): Promise<void> {
  try {
    (await prepareReading(connection, afterExplain.replace(EXPLAIN_OPTIONS, ''))).destroySync();
  } catch (error) {
    throw isKind(error, 'query-invalid') ? writingStatement('EXPLAIN') : error;
  }
}

async function refuseWritingFunctions(connection: DuckDBConnection, sql: string): Promise<void> {
  // There is no plan of a PRAGMA, which DuckDB replaces by a SELECT of its own.
  const [, name] = WRITING_FUNCTION.exec((await planOf(connection, sql)) ?? '') ?? [];
  if (name !== undefined) throw writingStatement(`SELECT that calls ${name}`);
}
