import type { Clock } from '../clock.ts';

/**
 * Work that runs side by side and stops together: on the caller's signal, on {@link TaskGroup.stop}, or when a part of it fails.
 */
export class TaskGroup {
  readonly #stop = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /** @param signal Stops the group when it aborts. */
  constructor(signal: AbortSignal) {
    const stop = () => this.stop();
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true, signal: this.signal });
  }

  /** Aborts when the group is to stop. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  stop(): void {
    this.#stop.abort();
  }

  spawn(work: () => Promise<void>): void {
    const task = work()
      .catch((error: unknown) => {
        this.#failure ??= { error };
        this.stop();
      })
      .finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  /** Resolves when the group is to stop. */
  async stopped(): Promise<void> {
    if (this.signal.aborted) return;
    await new Promise<void>((resolve) => this.signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  /** Resolves when all work has ended, or after `graceMs`; work that still runs then is no longer waited for. */
  async drained(clock: Clock, graceMs: number): Promise<void> {
    const ended = new AbortController();
    await Promise.race([this.#ended(), clock.sleep(graceMs, ended.signal)]);
    ended.abort();
  }

  /** @throws the error of the work that failed first. */
  throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }

  async #ended(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }
}
