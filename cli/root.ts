import { createRequire, findPackageJSON } from 'node:module';
import { Command } from '@commander-js/extra-typings';
import { DESTINATION_FORM } from '../src/destination-form.ts';
import { TailraceError } from '../src/errors.ts';
import type { Terminal } from './terminal/output.ts';

/** `tailrace` itself, with the options that every command takes. */
export type Root = ReturnType<typeof createRoot>;

/** The parsed options that every command takes. */
export type GlobalOptions = ReturnType<Root['opts']>;

/**
 * Declares `tailrace` and the options that every command takes. Its commands declare themselves on it.
 *
 * It never ends the process: it throws a `CommanderError` for bad usage, and also once it has printed help.
 *
 * @param terminal Where help goes.
 */
export function createRoot({ stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>) {
  return new Command('tailrace')
    .description('Carries the changes of DynamoDB tables into BigQuery or DuckDB, and proves that both sides agree.')
    .option('--destination <name>', `where changes go: ${DESTINATION_FORM} (or TAILRACE_DESTINATION)`)
    .option('--profile <name>', 'AWS profile (or AWS_PROFILE)')
    .option('--region <name>', 'AWS region (or AWS_REGION)')
    .option('--endpoint-url <url>', 'endpoint of DynamoDB and its streams, such as http://127.0.0.1:8000')
    .option('--state <directory>', 'where state is stored between runs (default: .tailrace/<table>/)')
    .option(
      '--max-bytes-billed <bytes>',
      'what one query in BigQuery may bill, such as 500GB (default: 1TiB, or TAILRACE_BIGQUERY_MAX_BYTES_BILLED)',
    )
    .option('--json', 'print the result as JSON, one object per line')
    .option('--debug', 'print errors in full, with causes and stack')
    .version(version(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText(
      'after',
      examples(
        'tailrace setup orders --destination duckdb:shop.duckdb --enable-stream',
        'tailrace backfill orders --destination duckdb:shop.duckdb',
        'tailrace tail orders --destination duckdb:shop.duckdb',
      ),
    )
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      // Help after bad usage; errors are thrown.
      writeErr: (text) => stderr.write(text),
      outputError: () => {},
    })
    .configureHelp({ showGlobalOptions: true, helpWidth: 100 })
    .exitOverride();
}

/** The examples at the end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return ['', lines.length === 1 ? 'Example:' : 'Examples:', ...lines.map((line) => `  $ ${line}`)].join('\n');
}

function version(): string {
  const path = findPackageJSON(import.meta.url);
  const manifest: unknown = path && createRequire(import.meta.url)(path);
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new TailraceError('config-invalid', 'The package has no package.json', { remedy: 'Install Tailrace again.' });
}
