import type { Dependencies } from './dependencies.ts';
import type { Invocation, LocalInvocation } from './invocation.ts';
import type { GlobalOptions } from './root.ts';
import type { Output } from './terminal/output.ts';

/**
 * How a command ends. 0: done. 1: it ran, and found or left something that a person should look at. 2: it could not
 * run, or could not finish.
 */
export type ExitCode = 0 | 1 | 2;

/** The work of a command, once its options are read. */
export type Work = (invocation: Invocation, dependencies: Dependencies, output: Output) => Promise<ExitCode>;

/** As {@link Work}, for a command that needs no destination. */
export type LocalWork = (invocation: LocalInvocation, dependencies: Dependencies, output: Output) => Promise<ExitCode>;

/** Runs a command's work. `table` is the table that it is about, for messages; `undefined` if it is about none. */
export type Start = {
  (options: GlobalOptions, table: string | undefined, work: Work): Promise<void>;
  /** As the above, for a command that needs no destination. */
  readonly locally: (options: GlobalOptions, table: string | undefined, work: LocalWork) => Promise<void>;
};
