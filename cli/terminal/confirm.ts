import { createInterface } from 'node:readline/promises';
import { TailraceError } from '../../src/errors.ts';

/**
 * Asks the user on the terminal, as {@link Dependencies.confirm} says. Anything but yes means no, and so does Ctrl-D.
 *
 * @throws {TailraceError} `interrupted` at Ctrl-C, or if `signal` aborts.
 */
export async function confirm(
  question: string,
  { stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'>,
  signal: AbortSignal,
): Promise<boolean | null> {
  if (!stdin.isTTY || !stderr.isTTY) return null;
  const lines = createInterface({ input: stdin, output: stderr });
  const ended = new AbortController();
  let isStopped = false;
  // While a line is being read, Ctrl-C is a key like any other, and no signal comes.
  lines.once('SIGINT', () => {
    isStopped = true;
    ended.abort();
  });
  lines.once('close', () => ended.abort());
  try {
    const either = AbortSignal.any([signal, ended.signal]);
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal: either })).trim());
  } catch (error) {
    if (isStopped || signal.aborted) throw new TailraceError('interrupted', 'The question was interrupted');
    if (ended.signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
