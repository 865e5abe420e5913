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

/**
 * Declares the commands on the root, one file each. Where the first argument names one, its file alone is loaded: all of
 * them take half of the start's time.
 */
export async function createProgram(start: Start, terminal: Terminal, args: readonly string[]): Promise<Root> {
  const root = createRoot(terminal);
  const [first = ''] = args;
  const names = isCommand(first) ? [first] : Object.keys(COMMANDS).filter(isCommand);
  for (const declare of await Promise.all(names.map((name) => COMMANDS[name]()))) declare(root, start);
  return root;
}

/** In the order in which someone needs them. */
const COMMANDS = {
  setup: async () => (await import('./commands/setup.ts')).declareSetup,
  backfill: async () => (await import('./commands/backfill.ts')).declareBackfill,
  tail: async () => (await import('./commands/tail.ts')).declareTail,
  replay: async () => (await import('./commands/replay.ts')).declareReplay,
  'dead-letters': async () => (await import('./commands/dead-letters.ts')).declareDeadLetters,
  gaps: async () => (await import('./commands/gaps.ts')).declareGaps,
  snapshots: async () => (await import('./commands/snapshots.ts')).declareSnapshots,
  verify: async () => (await import('./commands/verify.ts')).declareVerify,
  views: async () => (await import('./commands/views.ts')).declareViews,
  query: async () => (await import('./commands/query.ts')).declareQuery,
  remove: async () => (await import('./commands/remove.ts')).declareRemove,
  status: async () => (await import('./commands/status.ts')).declareStatus,
} satisfies Readonly<Record<string, () => Promise<(root: Root, start: Start) => void>>>;

function isCommand(name: string): name is keyof typeof COMMANDS {
  return Object.hasOwn(COMMANDS, name);
}
