import { TailraceError } from '../../src/errors.ts';
import type { Terminal } from './output.ts';

/** What becomes of stdout while a command writes to it. */
export interface WatchedStdout {
  /** Aborts when nothing more can be written. */
  readonly closed: AbortSignal;
  /**
   * Waits until everything is written that can be.
   *
   * @throws {TailraceError} `interrupted` if something could not be. That a reader such as `head` left before the end is
   *   its right, and no failure.
   */
  flushed(): Promise<void>;
}

/** Keeps a failure to write from ending the process in the middle of something. */
export function watchStdout({ stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>): WatchedStdout {
  const closed = new AbortController();
  stdout.on('error', (error: NodeJS.ErrnoException) => closed.abort(error.code ?? error.name));
  // Whoever doesn't read what we have to say doesn't miss it.
  stderr.on('error', () => {});
  return {
    closed: closed.signal,
    async flushed() {
      await new Promise<void>((resolve) => stdout.write('', () => resolve()));
      const code: unknown = closed.signal.reason;
      if (code === undefined || code === 'EPIPE') return;
      throw new TailraceError('interrupted', 'The result could not be written to standard output', {
        context: { error: String(code) },
        remedy: 'Make room for it, and run it again.',
      });
    },
  };
}
