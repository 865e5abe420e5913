import { Option } from '@commander-js/extra-typings';
import { TABLE_ARGUMENT } from '../options/declarations.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

export function declareExport(root: Root, start: Start): void {
  const command = root
    .command('export')
    .description(
      'Writes the current state of a table into a file, from the destination: its typed view, or the latest view where it has ' +
        'none. Nothing is rounded, and all rows are of one moment. The file gets its name once it is whole. Needs no AWS; ' +
        'BigQuery bills what it reads, and --dry-run prints what that would be. Exit code 1: a file that exists was not to ' +
        'be replaced; a dry run finds more than --max-bytes-billed.',
    )
    .argument(...TABLE_ARGUMENT)
    .addOption(
      new Option('--format <format>', 'of the file (default: by the end of its name)').choices([
        'csv',
        'ndjson',
        'parquet',
        'hyper',
      ] as const),
    )
    .requiredOption('--out <file>', 'the file to write; - is standard output')
    .option('--view <name>', 'another view of the table: a typed one, or the latest view')
    .option('--columns <names>', 'columns in their order, such as id,total (default: all)')
    .option('--where <sql>', "one condition on the view's columns, in the destination's SQL")
    .option('--null <text>', 'what stands for NULL in CSV (default: nothing; empty text is "")')
    .option('--spreadsheet-safe', "put ' before text in CSV that a spreadsheet would take for a formula")
    .option('--python <path>', "the Python that has Tableau's engine, for --format hyper (default: python3)")
    .option('--force', 'replace the file if it exists')
    .option('--dry-run', 'print what it would bill, and write nothing')
    .addHelpText(
      'after',
      examples(
        'tailrace export orders --destination duckdb:shop.duckdb --out orders.parquet',
        'tailrace export orders --destination duckdb:shop.duckdb --out orders.csv --columns id,total --where "total > 100"',
        'tailrace export orders --destination bigquery:my-project.shop --out - --format ndjson | gzip > orders.ndjson.gz',
        'tailrace export orders --destination duckdb:shop.duckdb --out orders.hyper',
      ),
    );
  command.action((table, options) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { exportTable } = await import('../commands/export/export.ts');
      return exportTable({ ...invocation, ...options, table }, dependencies, output);
    }),
  );
}
