import pLimit from 'p-limit';
import { isKind } from '../errors.ts';
import { backoffMs } from '../stream/backoff.ts';
import type { Checkpoint, ShardProgress } from '../stream/checkpoint.ts';
import { takeListing } from '../stream/listing.ts';
import { lastSequenceNumber, withStreamArn } from '../stream/page-records.ts';
import type { ShardTree } from '../stream/shard-tree.ts';
import type { StreamDescription } from '../stream/stream-client.ts';
import type { Loss } from './loss.ts';
import { type ReadingOptions, readSpan } from './read-span.ts';

/** Shards in hand at once: as many pages of up to 1 MB, and as many again that are read ahead, are held in memory. */
const CONCURRENCY = 16;

/** A closed shard may have children that descriptions don't show yet: they lag behind the stream by this much at most. */
const DESCRIPTION_LAG_MS = 5_000;
const AGAIN_MS = 1_000;

const RETRY = { firstMs: 500, maxMs: 30_000 };

export type SweepOptions = Omit<ReadingOptions, 'streamArn'> & {
  /** Where to go on, and of which stream; a new one for everything. Moved on behind each page that was taken. */
  readonly checkpoint: Checkpoint;
  /** Takes a page of one shard. The shard's next page comes when it resolves; those of other shards don't wait. */
  readonly onPage: (shardId: string, records: readonly unknown[]) => Promise<void>;
  readonly onLoss: (loss: Loss) => void;
  readonly signal: AbortSignal;
};

/**
 * Reads all that a stream holds: every shard's records, a parent's before its children's, side by side where lineage
 * allows. A parent that has been trimmed away is no reason to wait.
 *
 * Ends when every shard has been read to its end, or an open one to where it stood when the reading began. Descriptions
 * lag behind the stream, so as long as a closed shard has no children the stream is described again.
 *
 * @throws {TailraceError} what `onPage` rejects with; `stream-missing`, `stream-lineage` and the `source-…` kinds.
 */
export async function sweepStream(options: SweepOptions): Promise<void> {
  const stopping = new AbortController();
  try {
    await new Sweep(options, AbortSignal.any([options.signal, stopping.signal])).run();
  } finally {
    // One shard's failure ends the reading of all.
    stopping.abort();
  }
}

class Sweep {
  readonly #options: SweepOptions;
  readonly #signal: AbortSignal;
  readonly #limit = pLimit(CONCURRENCY);
  /** Open shards that were read to where they stood at the beginning. */
  readonly #caughtUp = new Set<string>();

  constructor(options: SweepOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    const { checkpoint, clock } = this.#options;
    const signal = this.#signal;
    let lastNewAt = clock.now();
    while (!signal.aborted) {
      const asked = clock.now();
      const lostBefore = checkpoint.lost.length;
      const tree = takeListing(checkpoint, await this.#describe(), asked);
      for (const { shardId, start } of checkpoint.lost.slice(lostBefore)) this.#lose(shardId, start);
      if (await this.#readAll(tree)) lastNewAt = clock.now();
      const isChildless = tree.shards.some(({ id }) => this.#progress(id).done && !tree.hasChildren(id));
      if (!isChildless || clock.now() - lastNewAt >= DESCRIPTION_LAG_MS) return;
      await clock.sleep(AGAIN_MS, signal);
    }
  }

  async #describe(): Promise<StreamDescription> {
    const { client, checkpoint, clock, random } = this.#options;
    const signal = this.#signal;
    for (let failures = 1; ; failures++) {
      try {
        return await client.describe(checkpoint.streamArn, signal);
      } catch (error) {
        if (signal.aborted || !isKind(error, 'source-throttled')) throw error;
      }
      await clock.sleep(backoffMs(failures, RETRY, random), signal);
    }
  }

  /** Reads what can be read of a listing, generation after generation. Says whether there was anything. */
  async #readAll(tree: ShardTree): Promise<boolean> {
    const started = new Set<string>();
    const ended = Promise.withResolvers<void>();
    let open = 0;
    const start = () => {
      for (const { id } of tree.readable((shardId) => this.#progress(shardId).done)) {
        if (started.has(id) || this.#caughtUp.has(id)) continue;
        started.add(id);
        open++;
        this.#limit(() => this.#readShard(id, () => tree.hasChildren(id)))
          .then(goOn)
          .catch(ended.reject);
      }
    };
    const goOn = () => {
      open--;
      if (!this.#signal.aborted) start();
      if (open === 0 || this.#signal.aborted) ended.resolve();
    };
    start();
    if (open > 0) await ended.promise;
    return started.size > 0;
  }

  async #readShard(shardId: string, isClosed: () => boolean): Promise<void> {
    const { checkpoint, onPage } = this.#options;
    const signal = this.#signal;
    const { resume, absentAt } = this.#progress(shardId);
    const options = { ...this.#options, streamArn: checkpoint.streamArn };
    const pages = readSpan({ shardId, start: resume, to: null, isClosed }, options, signal);
    for (;;) {
      const { done, value } = await pages.next();
      if (signal.aborted) return;
      if (done) {
        if (value === 'caught-up') this.#caughtUp.add(shardId);
        // What this reading had begun, or saw come into being, was promised; what was never seen may be long gone.
        if (value === 'gone' && (this.#progress(shardId).resume.at !== 'TRIM_HORIZON' || absentAt !== null)) {
          this.#lose(shardId, this.#progress(shardId).resume);
        }
        if (value === 'closed' || value === 'gone') this.#update(shardId, { done: true });
        return;
      }
      if (value.loss) this.#options.onLoss(value.loss);
      if (value.records.length > 0) {
        const records = value.records.map((record) => withStreamArn(record, checkpoint.streamArn));
        await onPage(shardId, records);
        const last = lastSequenceNumber(records);
        if (last !== null) this.#update(shardId, { resume: { at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last } });
      }
    }
  }

  #progress(shardId: string): ShardProgress {
    const progress = this.#options.checkpoint.shards.get(shardId);
    if (!progress) throw new Error(`Shard ${shardId} is not in the checkpoint`);
    return progress;
  }

  #update(shardId: string, change: Partial<ShardProgress>): void {
    this.#options.checkpoint.shards.set(shardId, { ...this.#progress(shardId), ...change });
  }

  #lose(shardId: string, start: Loss['start']): void {
    this.#options.onLoss({ shardId, start, before: null, to: null, records: null });
  }
}
