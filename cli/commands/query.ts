import type { SqlResult } from '../../src/destination/destination.ts';
import { TailraceError } from '../../src/errors.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Invocation } from '../invocation.ts';
import type { ExitCode } from '../start.ts';
import { billLine, billObject, estimateLines, estimateObject, isOverCap } from '../terminal/bill.ts';
import { csvLines } from '../terminal/csv.ts';
import type { Output } from '../terminal/output.ts';
import { printResult } from '../terminal/table.ts';

export type QueryOptions = Invocation & {
  readonly sql: string;
  /** Whether the statement may do more than read. */
  readonly write: boolean;
  /** Whether the rows are printed as CSV. */
  readonly csv: boolean;
  /** Whether the statement is not run: what it would bill is the result. */
  readonly dryRun: boolean;
};

/** Runs one statement and writes its rows, and what it billed where that is known. */
export async function query(
  { destination: name, sql, write, csv, dryRun }: QueryOptions,
  { openDestination, signal }: Dependencies,
  output: Output,
): Promise<ExitCode> {
  if (csv && output.json) {
    throw new TailraceError('usage-invalid', '--csv and --json exclude each other', { remedy: 'Give one of them.' });
  }
  await using destination = await openDestination(name);
  if (dryRun) {
    const estimate = await destination.estimate(sql, { write });
    if (output.json) output.emit(estimateObject(estimate));
    else for (const line of estimateLines(estimate)) output.report(line);
    return isOverCap(estimate) ? 1 : 0;
  }
  const result = await (write ? destination.execute(sql, signal) : destination.query(sql, signal));
  if (output.json) for (const row of objectsOf(result)) output.emit(row);
  else if (csv) for (const line of csvLines(result)) output.print(line);
  else printResult(result, output, '--json or --csv');
  if (result.bill === undefined) return 0;
  if (output.json) output.emit({ bill: billObject(result.bill) });
  else output.note(billLine(result.bill));
  return 0;
}

/** Rows as objects. Later columns of the same name get a number, so that none is lost. */
function* objectsOf({ columns, rows }: SqlResult): Generator<Record<string, unknown>> {
  const names: string[] = [];
  for (const column of columns) {
    let name = column;
    for (let nth = 2; names.includes(name); nth++) name = `${column}_${nth}`;
    names.push(name);
  }
  for (const row of rows) yield Object.fromEntries(names.map((name, index) => [name, row[index]]));
}
