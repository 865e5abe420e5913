import { TailraceError } from './errors.ts';

/**
 * Awaits work that doesn't observe the signal itself and may be abandoned at any point.
 *
 * @param name What is interrupted: the message begins with it.
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
