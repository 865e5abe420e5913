import type { ChangelogAppender } from '../src/destination/destination.ts';
import { failureFields, isKind } from '../src/errors.ts';
import { type CompactionOptions, type CompactionResult, runCompaction } from './compaction.ts';

/** A query reads as many changes within milliseconds. */
const LEAST_CHANGES = 10_000;

/** After a failure, this long passes before the next attempt. */
const RETRY_MS = 60_000;

export type BackgroundCompactionOptions = Omit<CompactionOptions, 'signal' | 'dropReplaced'> & {
  /** Fewer changes are never folded. @default 10,000 */
  readonly leastChanges?: number;
  /** Called after each compaction. */
  readonly onCompacted?: (result: CompactionResult) => void;
};

/**
 * Compacts a table while rows are appended to it: whenever the changes that a fold would take in outnumber both the rows of
 * its snapshot and `leastChanges`. So each row is written about twice more, however long the history becomes.
 *
 * Appends never wait for it, and never fail because of it. It looks at the destination only when enough rows were appended
 * since its last look.
 */
export class BackgroundCompaction implements AsyncDisposable {
  readonly #options: BackgroundCompactionOptions;
  readonly #stopping = new AbortController();
  /** Rows that were appended since the last look. */
  #appended = 0;
  /** How many they must be until the next look. */
  #rowsToNextLook = 1;
  /** No look before this time, in milliseconds since the epoch. */
  #notBefore = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;

  constructor(options: BackgroundCompactionOptions) {
    this.#options = options;
  }

  /** An appender that counts what goes through it. */
  behind(appender: ChangelogAppender): ChangelogAppender {
    return {
      append: async (table, rows, options) => {
        const rejections = await appender.append(table, rows, options);
        this.#count(rows.length);
        return rejections;
      },
    };
  }

  /** Ends what runs between two of its steps; nothing is published then. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  #count(rows: number): void {
    this.#appended += rows;
    const isDue = this.#appended >= this.#rowsToNextLook && this.#options.clock.now() >= this.#notBefore;
    if (!isDue || this.#running !== undefined || this.#stopping.signal.aborted) return;
    // What is appended from now on may be in the count already: then the next look comes a little early.
    this.#appended = 0;
    this.#running = this.#look().finally(() => {
      this.#running = undefined;
    });
  }

  async #look(): Promise<void> {
    const { table, log, clock, onCompacted } = this.#options;
    const { signal } = this.#stopping;
    try {
      let missing = await this.#missing();
      if (missing <= 0 && !signal.aborted) {
        onCompacted?.(await runCompaction({ ...this.#options, signal, dropReplaced: true }));
        missing = await this.#missing();
      }
      this.#rowsToNextLook = Math.max(1, missing);
    } catch (error) {
      // Something else was published meanwhile: the next look is at that.
      this.#rowsToNextLook = 1;
      if (signal.aborted || isKind(error, 'snapshot-superseded')) return;
      this.#notBefore = clock.now() + RETRY_MS;
      log.warn('compaction failed, retrying', { table: table.name, ...failureFields(error) });
    }
  }

  /** How many changes are missing until a compaction is worth it. */
  async #missing(): Promise<number> {
    const { table, destination, leastChanges = LEAST_CHANGES } = this.#options;
    const published = await destination.published(table);
    // Without a state there is nothing to fold: it was dropped by hand.
    if (published === undefined) return leastChanges;
    const { tailRows, snapshotRows } = await destination.estimateFold(table, published);
    return Math.max(leastChanges, snapshotRows) + 1 - tailRows;
  }
}
