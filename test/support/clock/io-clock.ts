import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as timeout } from 'node:timers/promises';
import { VirtualClock } from './virtual-clock.ts';

/** The longest real time without a sleeper: much more than loading a module or closing a file takes. */
const STARVED_MS = 30_000;
const LOOK_AGAIN_MS = 1;

/**
 * Time that never passes during real I/O, such as a request or a statement of a database.
 *
 * Work that waits for time itself, such as a server that answers late, must use {@link IoClock.whileWaiting}.
 */
export class IoClock extends VirtualClock {
  #working = 0;
  readonly #inWork = new AsyncLocalStorage<true>();
  /** The real time since the last sleep. */
  #starvedMs = 0;
  readonly #waiting: (() => void)[] = [];

  /** Within {@link work} it waits for time, as between two attempts of one request. */
  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#starvedMs = 0;
    const sleeping = super.sleep(ms, signal);
    return this.#inWork.getStore() ? this.whileWaiting(sleeping) : sleeping;
  }

  /** Does I/O, with time standing still. */
  async work<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inWork.getStore()) return work();
    this.#count(1);
    try {
      return await this.#inWork.run(true, work);
    } finally {
      this.#count(-1);
    }
  }

  /** Waits for time within {@link work}. */
  async whileWaiting<T>(waiting: Promise<T>): Promise<T> {
    this.#count(-1);
    try {
      return await waiting;
    } finally {
      this.#count(1);
    }
  }

  /** Lets time stand still during each call of an object that does I/O, and of the objects that it gives. */
  watch<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]) => this.#watched(Reflect.apply(member, target, args));
      },
    });
  }

  protected override async quiet(): Promise<void> {
    for (;;) {
      await super.quiet();
      if (this.#working <= 0 && !isReadingFiles()) return;
      if (this.#working > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** I/O that isn't counted, such as loading a module, may still be in progress. */
  protected override async starved(never: string): Promise<void> {
    if (this.#starvedMs > STARVED_MS) throw new Error(never);
    this.#starvedMs += LOOK_AGAIN_MS;
    await timeout(LOOK_AGAIN_MS);
  }

  #watched(result: unknown): unknown {
    if (!(result instanceof Promise)) return result;
    return this.work(async () => {
      const value: unknown = await result;
      return isObjectOfCalls(value) ? this.watch(value) : value;
    });
  }

  #count(by: 1 | -1): void {
    this.#working += by;
    if (this.#working > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function isReadingFiles(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq') || name === 'CloseReq');
}

/** Such as a search or a comparison, which does further work in the database. */
function isObjectOfCalls(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Symbol.asyncDispose in value;
}
