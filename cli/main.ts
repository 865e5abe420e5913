import { resolve } from 'node:path';
import { CommanderError } from '@commander-js/extra-typings';
import { systemClock } from '../src/clock.ts';
import type { Dependencies } from './dependencies.ts';
import { watchSignals } from './interruption.ts';
import { invocationOf, localInvocationOf, requireTableName } from './invocation.ts';
import { type CompleteCommands, completingCommands } from './next-step/complete-commands.ts';
import { launcherOf, type StartedAs } from './next-step/launcher.ts';
import { runProgram } from './program.ts';
import type { GlobalOptions } from './root.ts';
import type { ExitCode, LocalWork, Start, Work } from './start.ts';
import { STATE_HOME } from './state/state-home.ts';
import { isForeground } from './terminal/foreground.ts';
import type { Output, Terminal } from './terminal/output.ts';
import { watchStdout } from './terminal/watch-stdout.ts';

/** Runs the command that `process` was started with, and lets the process end with its exit code. */
export async function run(process: NodeJS.Process, startedAs: StartedAs): Promise<void> {
  const { stdout, stderr, env, platform } = process;
  // Libraries' warnings are for Tailrace's developers, and may quote attribute values.
  if (!process.argv.includes('--debug')) process.removeAllListeners('warning');
  const launcher = launcherOf(startedAs, { env, cwd: process.cwd(), platform });
  const terminal = { stdout, stderr, env, clock: systemClock, isForeground, launcher, platform };
  using stop = watchSignals(process);
  process.exitCode = await main(process.argv.slice(2), terminal, async () => {
    const [{ productionDependencies }, { keepHeapSmall }] = await Promise.all([
      import('./production-dependencies.ts'),
      import('./small-heap.ts'),
    ]);
    keepHeapSmall();
    return productionDependencies(process, stop.signal);
  });
  // Pending work, such as a statement that still runs, would keep the process alive.
  if (stop.signal.aborted) stdout.write('', () => process.exit());
}

/**
 * Runs a command: arguments in, exit code out. Never rejects: any error becomes one line on stderr and exit code 2.
 *
 * @param open Called once the options are known to be right. What it opens, help and errors of options don't load.
 */
export async function main(
  args: readonly string[],
  terminal: Terminal,
  open: () => Promise<Dependencies>,
): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  let about: string | undefined;
  let complete = completingCommands(terminal.launcher, {}, terminal.platform, args);
  const { closed, flushed } = watchStdout(terminal);
  const begin = async (
    options: GlobalOptions,
    work: (dependencies: Dependencies, output: Output, stateHome: () => string) => Promise<ExitCode>,
  ) => {
    const maxBytesBilled = await capOf(options);
    const { createOutput } = await import('./terminal/output.ts');
    const dependencies = await open();
    const asking: Dependencies = {
      ...dependencies,
      confirm: (question) => dependencies.confirm(complete(question)),
      openDestination: (name) => dependencies.openDestination(name, { maxBytesBilled }),
    };
    const output = createOutput(terminal, closed, options.json === true, complete);
    exitCode = await work(asking, output, notedHome(dependencies, output));
    await flushed();
  };
  const named = (options: GlobalOptions, table: string | undefined) => {
    about = table;
    complete = completingCommands(terminal.launcher, options, terminal.platform, args);
    if (table !== undefined) requireTableName(table);
  };
  const start: Start = Object.assign(
    async (options: GlobalOptions, table: string | undefined, work: Work) => {
      named(options, table);
      const invocation = invocationOf(options, terminal.env);
      await begin(options, (dependencies, output, stateHome) =>
        work({ ...invocation, stateHome }, dependencies, output),
      );
    },
    {
      async locally(options: GlobalOptions, table: string | undefined, work: LocalWork) {
        named(options, table);
        const invocation = localInvocationOf(options);
        await begin(options, (dependencies, output, stateHome) =>
          work({ ...invocation, stateHome }, dependencies, output),
        );
      },
    },
  );
  try {
    await runProgram(start, terminal, args);
    return exitCode;
  } catch (thrown) {
    // Help or the version was printed: as was asked, or for want of a command.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    await report(thrown, about, args, complete, terminal);
    return 2;
  }
}

async function capOf({ maxBytesBilled }: GlobalOptions): Promise<number | undefined> {
  if (maxBytesBilled === undefined) return undefined;
  const { maxBytesBilledOf } = await import('./options/max-bytes-billed.ts');
  return maxBytesBilledOf(maxBytesBilled);
}

/** Looks for the folder of the state when a command first uses it, and notes it if it isn't in the current directory. */
function notedHome({ findStateHome }: Dependencies, output: Output): () => string {
  let home: string | undefined;
  return () => {
    if (home === undefined) {
      home = findStateHome();
      if (home !== STATE_HOME) output.note(`State is stored in ${resolve(home)}.`);
    }
    return home;
  };
}

async function report(
  error: unknown,
  table: string | undefined,
  args: readonly string[],
  complete: CompleteCommands,
  { stderr }: Terminal,
): Promise<void> {
  const { errorLine, reportOf } = await import('./terminal/error-line.ts');
  const report = reportOf(error, table, complete);
  stderr.write(`${args.includes('--json') ? JSON.stringify(report) : errorLine(report)}\n`);
  if (args.includes('--debug')) stderr.write(`${(await import('node:util')).inspect(error)}\n`);
}
