import { TailraceError } from '../../errors.ts';
import { objectNames } from '../../names/object-names.ts';
import { columnsOfViews, type TypedColumn } from '../../schema/typed-column.ts';
import type { TypedView } from '../../schema/typed-view.ts';
import type { Published } from '../../snapshot/published.ts';
import type { Dialect } from '../../views/dialect.ts';
import { misfitCount } from '../../views/misfits.ts';
import { typedSelect } from '../../views/typed.ts';
import { MAX_LISTED } from '../view-store.ts';
import { stateQuery } from './state-view.ts';

/**
 * Characters of a view's statement.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#view_limits>
 */
const MAX_VIEW = 256 * 1024;

/**
 * Characters of any other statement.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#query_jobs>
 */
const MAX_STATEMENT = 1024 * 1024;

/** What a state may stand on: its literals are as long as they come. */
const ANY_SNAPSHOT: Published = {
  snapshotId: '00000000t000000z0000',
  floor: 0,
  streamLabel: '0'.repeat(100),
  from: 0,
  reading: '00000000t000000z0000',
  folded: '0'.repeat(300),
  generation: Number.MAX_SAFE_INTEGER,
};

/**
 * Refuses views if a statement would be too long: one of their own, one that counts misfits, or the state's over any snapshot,
 * also one without typed columns.
 *
 * @throws {TailraceError} `config-invalid`
 */
export function refuseTooLong(dialect: Dialect, tableName: string, views: readonly TypedView[]): void {
  const names = objectNames(tableName);
  for (const view of views) {
    const { name, columns } = view;
    const problem =
      lengthProblem('a view', typedSelect(dialect, names, view), MAX_VIEW) ??
      stateProblem(dialect, tableName, columnsOfViews([view])) ??
      lengthProblem('a statement', misfitCount(dialect, names, view, MAX_LISTED), MAX_STATEMENT);
    if (problem !== undefined) throw tooLong(tableName, `The ${columns.length} columns of ${name} make ${problem}`);
  }
  const columns = columnsOfViews(views);
  const problem = stateProblem(dialect, tableName, columns);
  const all = `The ${columns.length} columns of ${views.map(({ name }) => name).join(', ')}`;
  if (problem !== undefined) throw tooLong(tableName, `${all} together make ${problem}`);
}

/**
 * Refuses columns that the state can't have beside those which its views read until they are replaced.
 *
 * @param inForce The columns of the views as they are.
 * @throws {TailraceError} `config-invalid`
 */
export function refuseTooLongBeside(
  dialect: Dialect,
  tableName: string,
  columns: readonly TypedColumn[],
  inForce: readonly TypedColumn[],
): void {
  const problem = stateProblem(dialect, tableName, columns);
  if (problem === undefined) return;
  throw tooLong(
    tableName,
    `The columns of the new schema and the ${inForce.length} in force, which the state needs both until its views are replaced, make ${problem}`,
    'Apply a schema with fewer columns first, and then this one.',
  );
}

function stateProblem(dialect: Dialect, tableName: string, columns: readonly TypedColumn[]): string | undefined {
  const state = stateQuery(dialect, tableName, { published: ANY_SNAPSHOT, columns }, new Set());
  return lengthProblem(`the view ${objectNames(tableName).state}`, state, MAX_VIEW);
}

function lengthProblem(what: string, { length }: string, most: number): string | undefined {
  return length > most ? `${what} of ${length} characters; BigQuery takes ${most}` : undefined;
}

function tooLong(
  tableName: string,
  message: string,
  remedy = 'Declare fewer columns; a list or a map fits one of type JSON.',
): TailraceError {
  return new TailraceError('config-invalid', message, { context: { table: tableName }, remedy });
}
