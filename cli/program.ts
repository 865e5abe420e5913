import { CommanderError } from '@commander-js/extra-typings';
import { TailraceError } from '../src/errors.ts';
import { arrange } from './options/arrange-arguments.ts';
import { createRoot, type Root } from './root.ts';
import type { Start } from './start.ts';
import type { Terminal } from './terminal/output.ts';

/**
 * Runs the command that the arguments name.
 *
 * Only the file that declares this command is loaded, and what does its work is loaded by the command itself: a wrong
 * option is answered, and help printed, in a fraction of the time that all commands or a client would take to load.
 */
export async function runProgram(start: Start, terminal: Terminal, args: readonly string[]): Promise<void> {
  const root = createRoot(terminal);
  const { command, operand, path, rest } = arrange(args, root.options, COMMANDS);
  if (command !== undefined) (await command.declare())(root, start);
  else {
    if (operand !== undefined) requireNoMember(operand);
    for (const [name, { summary }] of Object.entries(COMMANDS)) root.command(name).summary(summary);
  }
  try {
    await root.parseAsync(rest, { from: 'user' });
  } catch (thrown) {
    throw thrown instanceof CommanderError && isUsage(thrown) ? usageError(thrown, path) : thrown;
  }
}

/** One of the commands. The members of a group are its own commands. */
type Entry = {
  readonly summary: string;
  readonly members?: readonly string[];
  readonly declare: () => Promise<(root: Root, start: Start) => void>;
};

/** In the order in which a user needs them. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  setup: {
    summary: 'create what is missing for a table, and check its stream',
    declare: async () => (await import('./declarations/setup.ts')).declareSetup,
  },
  backfill: {
    summary: 'read a whole table once',
    declare: async () => (await import('./declarations/backfill.ts')).declareBackfill,
  },
  tail: {
    summary: 'follow the stream of a table',
    declare: async () => (await import('./declarations/tail.ts')).declareTail,
  },
  replay: {
    summary: 'deliver records again: from a stream, a bucket, a queue or a file',
    declare: async () => (await import('./declarations/replay.ts')).declareReplay,
  },
  'dead-letters': {
    summary: 'show records that were set aside, and deliver them again',
    members: ['list', 'show', 'replay', 'remove'],
    declare: async () => (await import('./declarations/dead-letters.ts')).declareDeadLetters,
  },
  gaps: {
    summary: 'prove that the changelog has everything that the stream holds',
    declare: async () => (await import('./declarations/gaps.ts')).declareGaps,
  },
  snapshots: {
    summary: 'list, publish, roll back and drop snapshots',
    members: ['list', 'publish', 'rollback', 'drop'],
    declare: async () => (await import('./declarations/snapshots.ts')).declareSnapshots,
  },
  compact: {
    summary: "fold a table's changes into a new snapshot, so that queries cost less",
    declare: async () => (await import('./declarations/compact.ts')).declareCompact,
  },
  retention: {
    summary: 'drop snapshots and changes that nothing needs any more',
    declare: async () => (await import('./declarations/retention.ts')).declareRetention,
  },
  verify: {
    summary: 'prove that table and latest view agree',
    declare: async () => (await import('./declarations/verify.ts')).declareVerify,
  },
  schema: {
    summary: 'the schema of a table: what its views show',
    members: ['infer', 'fit', 'drift', 'check', 'dbt'],
    declare: async () => (await import('./declarations/schema.ts')).declareSchema,
  },
  views: {
    summary: "create typed views from schemas, and list what doesn't fit",
    members: ['apply', 'misfits'],
    declare: async () => (await import('./declarations/views.ts')).declareViews,
  },
  tableau: {
    summary: 'write Tableau data sources of typed views',
    declare: async () => (await import('./declarations/tableau.ts')).declareTableau,
  },
  query: {
    summary: 'run an SQL statement',
    declare: async () => (await import('./declarations/query.ts')).declareQuery,
  },
  export: {
    summary: 'write the current state of a table into a file',
    declare: async () => (await import('./declarations/export.ts')).declareExport,
  },
  remove: {
    summary: 'drop everything that the destination holds of a table',
    declare: async () => (await import('./declarations/remove.ts')).declareRemove,
  },
  status: {
    summary: 'show how fresh and how complete a table is',
    declare: async () => (await import('./declarations/status.ts')).declareStatus,
  },
  completion: {
    summary: 'print a script for the completion of a shell',
    declare: async () => {
      const { declareCompletion } = await import('./declarations/completion.ts');
      return (root, start) => declareCompletion(root, start, () => withAllCommands(start));
    },
  },
};

/** Declares every command, as completion needs them. */
async function withAllCommands(start: Start): Promise<Root> {
  const root = createRoot(process);
  for (const { summary, declare } of Object.values(COMMANDS)) {
    (await declare())(root, start);
    root.commands.at(-1)?.summary(summary);
  }
  return root;
}

/** Whether the arguments were wrong; else help or the version was printed. */
function isUsage({ exitCode, code }: CommanderError): boolean {
  return exitCode !== 0 && code !== 'commander.help';
}

/** Commander's error as one of ours. */
function usageError({ message }: CommanderError, path: string): TailraceError {
  const text = message.replace(/^error: /, '');
  return new TailraceError('usage-invalid', text.charAt(0).toUpperCase() + text.slice(1), { remedy: seeHelp(path) });
}

/** @param path Name of a command, or empty for all. */
function seeHelp(path: string): string {
  return `See \`tailrace ${path === '' ? 'help' : `help ${path}`}\`.`;
}

/** Refuses the name of a group's member without its group, such as `list`, and names the groups that have one. */
function requireNoMember(name: string): void {
  const groups = Object.entries(COMMANDS).filter(([, { members }]) => members?.includes(name));
  if (groups.length === 0) return;
  const meant = groups.map(([group]) => `${group} ${name}`).join(' or ');
  throw new TailraceError('usage-invalid', `Unknown command '${name}' (Did you mean ${meant}?)`, {
    remedy: seeHelp(''),
  });
}
