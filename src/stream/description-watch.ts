import type { Clock } from '../clock.ts';
import { failureFields, isKind, policyFor } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Random } from '../random.ts';
import { type Backoff, backoffMs, retry } from '../retry.ts';

/**
 * How often a description of one page is asked for; a long one is asked for once a minute. The end of a shard asks by itself:
 * this finds everything else, such as a stream that was switched off, whose shards some servers still answer for.
 */
const PAGE_EVERY_MS = 10_000;
const MAX_EVERY_MS = 60_000;

/**
 * Shards in a page of a description.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html>
 */
const PAGE_SHARDS = 100;

/** The shortest time between descriptions, however many shards end at once. */
const AT_MOST_EVERY_MS = 1_000;

/** A description lags behind its stream: the children of a shard that ended may be listed seconds later. */
const EXPECTING: Backoff = { firstMs: 1_000, maxMs: 10_000 };

const RETRY: Backoff = { firstMs: 500, maxMs: 30_000 };

export type DescriptionWatchOptions = {
  /**
   * Describes the stream and acts on the answer. Returns whether the next description is expected to show more, and how many
   * shards are listed.
   */
  readonly describe: () => Promise<{ readonly isExpecting: boolean; readonly shards: number }>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly signal: AbortSignal;
};

/** Describes a stream again and again: now and then, when asked, and while a description is expected to show more. */
export class DescriptionWatch {
  readonly #options: DescriptionWatchOptions;
  #running: Promise<void> | undefined;
  #wake = new AbortController();
  #expecting = 0;
  #everyMs = PAGE_EVERY_MS;

  constructor(options: DescriptionWatchOptions) {
    this.#options = options;
  }

  /** Asks for a description soon. */
  ask(): void {
    this.#expecting = 0;
    this.#wake.abort();
  }

  /** Describes now; shares the description that is under way, if one is. Rejects as `describe` does. */
  now(): Promise<void> {
    this.#running ??= this.#describe().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /**
   * Describes now. A passing failure is logged.
   *
   * @returns whether it worked.
   * @throws {TailraceError} what `describe` halts with, such as `stream-missing`.
   */
  async tryNow(): Promise<boolean> {
    try {
      await this.now();
      return true;
    } catch (error) {
      if (this.#options.signal.aborted) return false;
      if (policyFor(error).action !== 'retry') throw error;
      this.#options.log.warn('stream not described, retrying', failureFields(error));
      return false;
    }
  }

  /**
   * Describes for the first time. Only throttling is waited out: a missing endpoint is the caller's to mend.
   *
   * @throws {TailraceError} what `describe` rejects with otherwise.
   */
  async first(): Promise<void> {
    const { clock, random, log, signal } = this.#options;
    try {
      await retry(() => this.now(), {
        clock,
        random,
        backoff: RETRY,
        isPassing: (error) => !signal.aborted && isKind(error, 'source-throttled'),
        signal,
        onRetry: (error) => log.warn('stream not described, retrying', failureFields(error)),
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Runs until the signal comes. */
  async run(): Promise<void> {
    const { clock, random, signal } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      const again = this.#expecting > 0 ? backoffMs(this.#expecting, EXPECTING, random) : this.#everyMs;
      await this.#rest(failures > 0 ? backoffMs(failures, RETRY, random) : again);
      if (signal.aborted) return;
      failures = (await this.tryNow()) ? 0 : failures + 1;
      await clock.sleep(AT_MOST_EVERY_MS, signal);
    }
  }

  async #describe(): Promise<void> {
    // A caller who asks from now on asks for another description: this one may not show yet what they wait for.
    this.#wake = new AbortController();
    const { isExpecting, shards } = await this.#options.describe();
    this.#everyMs = Math.min(MAX_EVERY_MS, PAGE_EVERY_MS * Math.max(1, Math.ceil(shards / PAGE_SHARDS)));
    this.#expecting = isExpecting ? this.#expecting + 1 : 0;
  }

  async #rest(ms: number): Promise<void> {
    const { clock, signal } = this.#options;
    await clock.sleep(ms, AbortSignal.any([signal, this.#wake.signal]));
  }
}
