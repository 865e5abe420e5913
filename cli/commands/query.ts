import type { SqlResult } from '../../src/destination/destination.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Invocation } from '../invocation.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { ExitCode, Start } from '../start.ts';
import type { Output } from '../terminal/output.ts';
import { tablesOf } from '../terminal/table.ts';

export type QueryOptions = Invocation & { readonly sql: string };

export function declareQuery(root: Root, start: Start): void {
  const command = root
    .command('query')
    .summary('run an SQL statement')
    .description(
      'Runs one SQL statement in the destination and prints its rows: as a table, or with --json as one object per row, ' +
        'JSON columns as JSON. Needs no AWS, and works while tail runs.',
    )
    .argument('<sql>', "the statement, in the destination's dialect")
    .addHelpText(
      'after',
      examples(
        'tailrace query "SELECT count(*) FROM orders_latest" --destination duckdb:shop.duckdb',
        'tailrace query "SELECT item FROM orders_latest LIMIT 3" --destination duckdb:shop.duckdb --json',
      ),
    );
  command.action((sql) =>
    start(command.optsWithGlobals(), undefined, (invocation, dependencies, output) =>
      query({ ...invocation, sql }, dependencies, output),
    ),
  );
}

/** Runs one statement and writes its rows. */
export async function query(
  { destination: name, sql }: QueryOptions,
  { openDestination, signal }: Dependencies,
  output: Output,
): Promise<ExitCode> {
  await using destination = await openDestination(name);
  const result = await destination.query(sql, signal);
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
