import { inspect } from 'node:util';
import { CommanderError } from '@commander-js/extra-typings';
import { systemClock } from '../src/clock.ts';
import { TailraceError } from '../src/errors.ts';
import { systemRandom } from '../src/random.ts';
import type { Dependencies } from './dependencies.ts';
import { localFiles } from './files/local-files.ts';
import { watchSignals } from './interruption.ts';
import { invocationOf, localInvocationOf, requireTableName } from './invocation.ts';
import {
  actor,
  connect,
  connectLocally,
  listFiles,
  openDeadLetterBucket,
  openDestination,
  openFailedBatches,
  readText,
} from './production-dependencies.ts';
import { createProgram } from './program.ts';
import type { GlobalOptions } from './root.ts';
import type { ExitCode, LocalWork, Start, Work } from './start.ts';
import { confirm } from './terminal/confirm.ts';
import { errorLine, reportOf } from './terminal/error-line.ts';
import { createOutput, type Output, type Terminal } from './terminal/output.ts';
import { watchStdout } from './terminal/watch-stdout.ts';

/** Runs the command that `process` was started with, and lets the process end with its exit code. */
export async function run(process: NodeJS.Process): Promise<void> {
  const { stdout, stderr, env } = process;
  // Libraries' warnings are for Tailrace's developers, and may quote attribute values.
  if (!process.argv.includes('--debug')) process.removeAllListeners('warning');
  const terminal = { stdout, stderr, env, clock: systemClock };
  using stop = watchSignals(process);
  process.exitCode = await main(process.argv.slice(2), terminal, {
    clock: systemClock,
    random: systemRandom,
    signal: stop.signal,
    actor: actor(),
    connect,
    connectLocally,
    openDestination,
    openFailedBatches: openFailedBatches,
    openDeadLetterBucket,
    readText: (path) => readText(path, process.stdin),
    listFiles,
    files: localFiles(process.stdin),
    confirm: (question) => confirm(question, process, stop.signal),
  });
  // Pending work, such as a statement that still runs, would keep the process alive.
  if (stop.signal.aborted) stdout.write('', () => process.exit());
}

/**
 * Runs a command: arguments in, exit code out. Never rejects: any error becomes one line on stderr and exit code 2.
 */
export async function main(args: readonly string[], terminal: Terminal, dependencies: Dependencies): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  let about: string | undefined;
  const { closed, flushed } = watchStdout(terminal);
  const begin = async (
    options: GlobalOptions,
    table: string | undefined,
    work: (output: Output) => Promise<ExitCode>,
  ) => {
    about = table;
    if (table !== undefined) requireTableName(table);
    exitCode = await work(createOutput(terminal, closed, options.json === true));
    await flushed();
  };
  const start: Start = Object.assign(
    (options: GlobalOptions, table: string | undefined, work: Work) =>
      begin(options, table, (output) => work(invocationOf(options, terminal.env), dependencies, output)),
    {
      locally: (options: GlobalOptions, table: string | undefined, work: LocalWork) =>
        begin(options, table, (output) => work(localInvocationOf(options), dependencies, output)),
    },
  );
  try {
    const program = await createProgram(start, terminal, args);
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    const error = thrown instanceof CommanderError ? usageError(thrown) : thrown;
    if (error === undefined) return 0;
    if (error !== 'help shown') report(error, about, args, terminal);
    return 2;
  }
}

/** Commander's error as one of ours; `undefined` where the request was fulfilled, such as help. */
function usageError({ code, exitCode, message }: CommanderError): TailraceError | 'help shown' | undefined {
  if (exitCode === 0) return undefined;
  if (code === 'commander.help') return 'help shown';
  const text = message.replace(/^error: /, '');
  return new TailraceError('usage-invalid', text.charAt(0).toUpperCase() + text.slice(1));
}

function report(error: unknown, table: string | undefined, args: readonly string[], { stderr }: Terminal): void {
  const report = reportOf(error, table);
  stderr.write(`${args.includes('--json') ? JSON.stringify(report) : errorLine(report)}\n`);
  if (args.includes('--debug')) stderr.write(`${inspect(error)}\n`);
}
