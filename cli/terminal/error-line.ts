import { type ErrorContext, nameOf, TailraceError } from '../../src/errors.ts';
import type { CompleteCommands } from '../next-step/complete-commands.ts';
import { oneLine } from './format.ts';

/** A failure, taken apart for a person or a script. */
export type ErrorReport = {
  /** The error's kind; of an unexpected error, its class name. */
  readonly error: string;
  readonly message: string;
  readonly context: ErrorContext;
  readonly remedy: string;
};

/**
 * Describes a thrown value, without any attribute value.
 *
 * The message of an error that isn't ours is left out: it may quote attribute values. `--debug` shows it.
 *
 * @param table The command's table, for a remedy that names a command to run.
 * @param complete Completes the commands that message and remedy name. @default they stay
 */
export function reportOf(
  thrown: unknown,
  table: string | undefined,
  complete: CompleteCommands = (text) => text,
): ErrorReport {
  const error = firstOf(thrown);
  if (!(error instanceof TailraceError)) {
    return {
      error: nameOf(error),
      message: `Unexpected failure: ${nameOf(error)}`,
      context: {},
      remedy: 'Run it again with --debug to see where, and report it.',
    };
  }
  const name = table ?? error.context['table'];
  const remedy = error.remedy.startsWith('None') ? 'Run it again later; it resumes where it stopped.' : error.remedy;
  return {
    error: error.kind,
    message: complete(error.message),
    context: error.context,
    remedy: complete(typeof name === 'string' ? named(remedy, name) : remedy),
  };
}

/** The report as one line: `tailrace: <message> (<coordinates>). <remedy>` */
export function errorLine({ message, context, remedy }: ErrorReport): string {
  const coordinates = Object.entries(context)
    .filter(([, value]) => value !== null && !message.includes(String(value)))
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`);
  const where = coordinates.length === 0 ? '' : ` (${coordinates.join(', ')})`;
  const sentence = message.replace(/[.!\s]+$/, '') + where;
  return oneLine(`tailrace: ${sentence}${sentence.endsWith('?') ? '' : '.'} ${remedy}`);
}

/** The first failure, if cleaning up after it failed too: the second most often follows from it. */
function firstOf(error: unknown): unknown {
  return error instanceof SuppressedError ? firstOf(error.suppressed) : error;
}

/** Puts the table's name where a remedy says TABLE. In a statement of SQL, which `query` runs, that is a word of SQL. */
function named(remedy: string, name: string): string {
  return remedy.replaceAll(/query '[^']*'|\bTABLE\b/g, (found) => (found === 'TABLE' ? name : found));
}
