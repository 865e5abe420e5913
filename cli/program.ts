import { createRoot, type Root } from './root.ts';
import type { Start } from './start.ts';
import type { Terminal } from './terminal/output.ts';

/**
 * Declares the commands on the root, one file each. If the first argument names a command, only its file is loaded:
 * loading all of them would take half of the start-up time.
 */
export async function createProgram(start: Start, terminal: Terminal, args: readonly string[]): Promise<Root> {
  const root = createRoot(terminal);
  const [first = ''] = args;
  const names = isCommand(first) ? [first] : Object.keys(COMMANDS).filter(isCommand);
  for (const declare of await Promise.all(names.map((name) => COMMANDS[name]()))) declare(root, start);
  return root;
}

/** In the order in which a user needs them. */
const COMMANDS = {
  setup: async () => (await import('./commands/setup.ts')).declareSetup,
  backfill: async () => (await import('./commands/backfill/backfill.ts')).declareBackfill,
  tail: async () => (await import('./commands/tail/tail.ts')).declareTail,
  replay: async () => (await import('./commands/replay.ts')).declareReplay,
  'dead-letters': async () => (await import('./commands/dead-letters/dead-letters.ts')).declareDeadLetters,
  gaps: async () => (await import('./commands/gaps.ts')).declareGaps,
  snapshots: async () => (await import('./commands/snapshots/snapshots.ts')).declareSnapshots,
  verify: async () => (await import('./commands/verify/verify.ts')).declareVerify,
  views: async () => (await import('./commands/views.ts')).declareViews,
  query: async () => (await import('./commands/query.ts')).declareQuery,
  remove: async () => (await import('./commands/remove/remove.ts')).declareRemove,
  status: async () => (await import('./commands/status.ts')).declareStatus,
} satisfies Readonly<Record<string, () => Promise<(root: Root, start: Start) => void>>>;

function isCommand(name: string): name is keyof typeof COMMANDS {
  return Object.hasOwn(COMMANDS, name);
}
