import { TailraceError } from '../errors.ts';
import type { ExportWriter } from '../export/export-writer.ts';
import { likeliestName } from '../schema/likeliest-path.ts';
import type { RowChoice } from '../views/exported-rows.ts';
import type { ExportedColumn } from '../views/exported-type.ts';
import type { SqlBill, SqlEstimate } from './sql-runner.ts';

/** What was exported. */
export type ExportedRows = {
  readonly rows: number;
  readonly columns: readonly ExportedColumn[];
  /** What it has billed. @default it bills nothing, or that isn't known */
  readonly bill?: SqlBill;
};

/**
 * Reads whole views, of any size, in flat memory.
 *
 * A condition must be one expression of the destination's own SQL: what would go on behind it is refused, by the engine's
 * own parser.
 */
export interface RowExporter {
  /**
   * The columns of a view, in its order. No row is read.
   *
   * @throws {TailraceError} `destination-missing` if there is no such view, or something that it stands on is missing.
   */
  viewColumns(view: string): Promise<readonly ExportedColumn[]>;

  /**
   * What {@link exportRows} would read and bill. Nothing is run.
   *
   * @throws {TailraceError} `query-invalid` if the condition isn't one, and on this view's columns.
   */
  estimateExport(choice: RowChoice): Promise<SqlEstimate>;

  /**
   * Hands the rows of a choice to a writer, as they are at one moment: no change that comes meanwhile is half in it.
   *
   * @param signal Cancels it when it aborts, in the destination too.
   * @throws {TailraceError} `query-invalid` as {@link estimateExport} does, or if the condition fails on a value;
   *   `query-cap-reached`, before anything is billed; `interrupted` if it was cancelled; and what the writer throws.
   */
  exportRows(choice: RowChoice, writer: ExportWriter, signal: AbortSignal): Promise<ExportedRows>;
}

/**
 * Picks columns of a view by their names, which are compared without case, in the order of the names.
 *
 * @throws {TailraceError} `usage-invalid` with the first name that no column has, or that is given twice.
 */
export function pickColumns(
  view: string,
  columns: readonly ExportedColumn[],
  names: readonly string[],
): readonly ExportedColumn[] {
  const picked: ExportedColumn[] = [];
  for (const name of names) {
    const column = columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (column === undefined) throw unknownColumn(view, columns, name);
    if (picked.includes(column)) {
      throw new TailraceError('usage-invalid', `Column ${column.name} is named twice`, {
        remedy: 'Name each column once in --columns.',
      });
    }
    picked.push(column);
  }
  return picked;
}

function unknownColumn(view: string, columns: readonly ExportedColumn[], name: string): TailraceError {
  const names = columns.map((column) => column.name);
  const meant = likeliestName(name, names);
  return new TailraceError('usage-invalid', `${view} has no column ${JSON.stringify(name)}`, {
    remedy: `${meant === undefined ? '' : `Did you mean ${meant}? `}Its columns are ${names.join(', ')}.`,
  });
}

/** The refusal of a condition that the destination doesn't understand; any other error as it is. */
export function refusedCondition(error: unknown, { view, where }: RowChoice): unknown {
  if (!(error instanceof TailraceError) || error.kind !== 'query-invalid' || where === null) return error;
  return new TailraceError('query-invalid', `--where is not one condition on ${view}: ${error.message}`, {
    remedy: "Give one condition in the destination's SQL, such as --where \"total > 100 AND status = 'paid'\".",
    cause: error,
  });
}
