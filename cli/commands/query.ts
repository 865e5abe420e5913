import type { SqlResult } from '../../src/destination/destination.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Invocation } from '../invocation.ts';
import type { ExitCode } from '../start.ts';
import type { Output } from '../terminal/output.ts';
import { tablesOf } from '../terminal/table.ts';

export type QueryOptions = Invocation & {
  readonly sql: string;
  /** Whether the statement may do more than read. */
  readonly write: boolean;
};

/** Runs one statement and writes its rows. */
export async function query(
  { destination: name, sql, write }: QueryOptions,
  { openDestination, signal }: Dependencies,
  output: Output,
): Promise<ExitCode> {
  await using destination = await openDestination(name);
  const result = await (write ? destination.execute(sql, signal) : destination.query(sql, signal));
  if (output.json) for (const row of objectsOf(result)) output.emit(row);
  else for (const table of tablesOf(result)) output.print(table);
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
