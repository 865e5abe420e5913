import { TailraceError } from '../../src/errors.ts';
import type { Terminal } from './output.ts';

/** Standard output, watched while a command writes to it. */
export interface WatchedStdout {
  /** Aborts when nothing more can be written. */
  readonly closed: AbortSignal;
  /**
   * Waits until everything that can be written is written.
   *
   * @throws {TailraceError} `interrupted` if something could not be written. A reader that leaves before the end, such as
   *   `head`, is no failure.
   */
  flushed(): Promise<void>;
}

/** Keeps a failure to write from ending the process in the middle of something. */
export function watchStdout({ stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>): WatchedStdout {
  const closed = new AbortController();
  stdout.on('error', (error: NodeJS.ErrnoException) => closed.abort(error.code ?? error.name));
  // A reader that is gone misses nothing.
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
