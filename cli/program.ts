import { declareBackfill } from './commands/backfill.ts';
import { declareDeadLetters } from './commands/dead-letters.ts';
import { declareGaps } from './commands/gaps.ts';
import { declareQuery } from './commands/query.ts';
import { declareReplay } from './commands/replay.ts';
import { declareSetup } from './commands/setup.ts';
import { declareSnapshots } from './commands/snapshots.ts';
import { declareStatus } from './commands/status.ts';
import { declareTail } from './commands/tail.ts';
import { declareVerify } from './commands/verify.ts';
import { declareViews } from './commands/views.ts';
import type { Dependencies } from './dependencies.ts';
import type { ExitCode } from './exit-code.ts';
import type { Invocation, LocalInvocation } from './invocation.ts';
import { createRoot, type GlobalOptions, type Root } from './root.ts';
import type { Output, Terminal } from './terminal/output.ts';

/** What a command does, once its options are read. */
export type Work = (invocation: Invocation, dependencies: Dependencies, output: Output) => Promise<ExitCode>;

/** As {@link Work}, of a command that needs no destination. */
export type LocalWork = (invocation: LocalInvocation, dependencies: Dependencies, output: Output) => Promise<ExitCode>;

/** Runs a command's work. `table` is the one it is about, for messages; `undefined` if it is about none. */
export type Start = {
  (options: GlobalOptions, table: string | undefined, work: Work): Promise<void>;
  /** As the above, for a command that needs no destination. */
  readonly locally: (options: GlobalOptions, table: string | undefined, work: LocalWork) => Promise<void>;
};

/** Declares every command on the root: one file each, in the order in which someone needs them. */
export function createProgram(start: Start, terminal: Terminal): Root {
  const root = createRoot(terminal);
  for (const declare of [
    declareSetup,
    declareBackfill,
    declareTail,
    declareReplay,
    declareDeadLetters,
    declareGaps,
    declareSnapshots,
    declareVerify,
    declareViews,
    declareQuery,
    declareStatus,
  ]) {
    declare(root, start);
  }
  return root;
}
