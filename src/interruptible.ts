import { TailraceError } from './errors.ts';

/**
 * What some work gives that doesn't listen to the signal itself, and that may be left behind at any point.
 *
 * @param name What is interrupted, to begin a sentence with.
 * @throws {TailraceError} `interrupted` as soon as `signal` aborts.
 */
export async function interruptible<T>(name: string, signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new TailraceError('interrupted', `${name} was interrupted`));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
