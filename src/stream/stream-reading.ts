import pLimit, { type LimitFunction } from 'p-limit';
import { isKind, TailraceError } from '../errors.ts';
import { addLoss } from './checkpoint.ts';
import { CheckpointSaver } from './checkpoint-saver.ts';
import { DescriptionWatch } from './description-watch.ts';
import { takeListing } from './listing.ts';
import { withReadUntil } from './read-until.ts';
import type { ReadingEnd, StreamReadingOptions } from './reading-options.ts';
import { DESCRIPTION_LAG_MS } from './retention.ts';
import { requireSameStream } from './same-stream.ts';
import { afterParent } from './shard-life.ts';
import { type ShardTree, shardTree } from './shard-tree.ts';
import { type ShardEnd, ShardWorker, type Turn } from './shard-worker.ts';
import { TaskGroup } from './task-group.ts';
import { takeTurns } from './turns.ts';

/** Shards read at once. Each has a page of up to 1 MB in memory; while catching up, a prefetched page as well. */
const CONCURRENCY = 16;

/** How long pages that are being taken when the signal comes have to become durable. Otherwise they are read again. */
const STOP_GRACE_MS = 1_500;

const PROGRESS_EVERY_MS = 250;

/**
 * Reads a stream: every shard's records, a parent's before its children's, side by side where lineage allows. The one
 * scheduler of shards, for following a stream and for catching up with it.
 *
 * ```text
 *           its parent is done, or trimmed                   read to its end, or gone
 *  listed ──────────────────────────────► queued ◄─► reading ───────────────────────► done
 *                                                       │
 *                                                       │ catching up: read as far as the stream was at the start
 *                                                       └──────────────────────────────────────► caught up
 * ```
 *
 * {@link afterNews} defines the states of a shard that is read, and what of it was promised. The checkpoint is saved at most
 * twice a second and at the end, and never ahead of the records that were taken; nor before the stream was described, since
 * nothing is promised until then. A reading that resumes from any saved checkpoint misses nothing silently: records that the
 * stream dropped meanwhile are named (see {@link Loss} for shards that came and went), and reading resumes after them.
 *
 * Following ends when the stream is off and all its shards are done; catching up ends when every shard is done or caught up.
 * Descriptions lag behind the stream, so both wait a moment for children of a shard that closed.
 *
 * @throws {TailraceError} what `take`, `save` or the client halts with, such as `stream-missing`, `stream-lineage` or
 *   `source-denied`; records that were taken until then are in the checkpoint. `source-unavailable` only if the stream can't be
 *   described at the start; later outages, and throttling at any time, are waited out with a warning.
 */
export function readStream(options: StreamReadingOptions): Promise<ReadingEnd> {
  return new StreamReading(options).run();
}

class StreamReading {
  readonly #options: StreamReadingOptions;
  readonly #tasks: TaskGroup;
  readonly #watch: DescriptionWatch;
  readonly #saver: CheckpointSaver;
  readonly #limit: LimitFunction;
  readonly #workers = new Map<string, ShardWorker>();
  /** Open shards that were read as far as the stream was at the start. */
  readonly #caughtUp = new Set<string>();
  #tree: ShardTree = shardTree([]);
  #isOff = false;
  /** When the stream was asked for its last description, and when the last shard came to its end. */
  #askedAt = 0;
  #lastEndAt: number;
  #hasEnded = false;
  #records = 0;
  #lostNamed: number;
  readonly #lostBefore: number;
  #progressAt = Number.NEGATIVE_INFINITY;
  #reason: ReadingEnd['reason'] = 'stopped';

  constructor(options: StreamReadingOptions) {
    const { checkpoint, clock, signal, concurrency = CONCURRENCY } = options;
    this.#options = options;
    this.#tasks = new TaskGroup(signal);
    const current = () => withReadUntil(checkpoint, this.#workers.values(), clock.now());
    this.#saver = new CheckpointSaver(() => options.save(current()), clock);
    this.#limit = pLimit(concurrency);
    this.#lastEndAt = clock.now();
    this.#lostBefore = checkpoint.lost.length;
    this.#lostNamed = checkpoint.lost.length;
    this.#watch = new DescriptionWatch({ ...options, describe: () => this.#describe(), signal: this.#tasks.signal });
  }

  async run(): Promise<ReadingEnd> {
    const { clock } = this.#options;
    await this.#watch.first();
    this.#tasks.spawn(() => this.#watch.run());
    this.#tasks.spawn(() => this.#saver.run(this.#tasks.signal));

    await this.#tasks.stopped();
    await this.#tasks.drained(clock, STOP_GRACE_MS);
    // Slight changes, such as when a shard was found quiet, are saved now.
    if (this.#options.checkpoint.describedAt !== null) this.#saver.changed();
    try {
      await this.#saver.save();
    } finally {
      this.#tasks.throwFailure();
    }
    this.#report();
    return { reason: this.#reason, records: this.#records };
  }

  async #describe(): Promise<{ isExpecting: boolean; shards: number }> {
    const { client, checkpoint, clock } = this.#options;
    const asked = clock.now();
    const description = await client.describe(checkpoint.streamArn, this.#tasks.signal).catch((error: unknown) => {
      throw checkpoint.describedAt === null ? error : goneSince(error);
    });
    requireSameStream(checkpoint, description);
    this.#tree = takeListing(checkpoint, description, asked, clock.now());
    this.#nameLost();
    this.#saver.changedSlightly();
    this.#isOff = description.status === 'DISABLED';
    this.#askedAt = asked;
    this.#readReadable();
    this.#endIfRead();
    return { isExpecting: this.#isExpecting, shards: description.shards.length };
  }

  /** Whether descriptions may not show all shards yet. */
  get #isExpecting(): boolean {
    const { shards } = this.#tree;
    return shards.length === 0 || shards.some(({ id }) => this.#isDone(id) && !this.#tree.hasChildren(id));
  }

  #endIfRead(): void {
    const { catchUp, checkpoint } = this.#options;
    if (this.#workers.size > 0 || this.#tasks.signal.aborted) return;
    const isRead = catchUp !== null || (this.#isOff && this.#tree.shards.every(({ id }) => this.#isDone(id)));
    // Children may be listed later than their parent ends, and the second of a split later than the first.
    const mayLag = this.#isExpecting || this.#hasEnded;
    if (!isRead || (mayLag && this.#askedAt - this.#lastEndAt < DESCRIPTION_LAG_MS)) return;
    if (this.#isOff && !checkpoint.ended) {
      checkpoint.ended = catchUp === null;
      this.#saver.changed();
    }
    this.#reason = 'ended';
    this.#tasks.stop();
  }

  #readReadable(): void {
    for (const { id } of this.#tree.readable((shardId) => this.#isDone(shardId))) {
      if (!this.#workers.has(id) && !this.#caughtUp.has(id)) this.#read(id);
    }
  }

  #read(shardId: string): void {
    const { checkpoint, clock } = this.#options;
    const { signal } = this.#tasks;
    const worker = new ShardWorker({
      ...this.#options,
      shardId,
      to: null,
      isClosed: () => this.#tree.hasChildren(shardId),
      onLost: (lost) => addLoss(checkpoint, { ...lost, shardId, to: null, records: null }, clock.now()),
    });
    this.#workers.set(shardId, worker);
    const parts = {
      limit: this.#limit,
      clock,
      onTurn: (turn: Turn) => this.#moved(turn),
      isStreamThere: () => this.#watch.tryNow(),
    };
    this.#tasks.spawn(async () => {
      const end = await takeTurns(worker, parts, signal);
      this.#workers.delete(shardId);
      if (end !== null && !signal.aborted) this.#ended(shardId, end);
    });
  }

  #moved({ taken, end, trimmed, cleared }: Turn): void {
    this.#records += taken;
    if (trimmed) this.#watch.ask();
    if (taken > 0 || end || cleared) this.#saver.changed();
    this.#nameLost();
    if (this.#options.clock.now() - this.#progressAt >= PROGRESS_EVERY_MS) this.#report();
  }

  #ended(shardId: string, end: ShardEnd): void {
    const { checkpoint, clock } = this.#options;
    this.#saver.changed();
    this.#nameLost();
    if (end === 'caught-up') this.#caughtUp.add(shardId);
    else {
      this.#hasEnded = true;
      this.#lastEndAt = clock.now();
    }
    const parent = checkpoint.shards.get(shardId);
    for (const id of end === 'closed' ? this.#tree.childrenOf(shardId) : []) {
      const child = checkpoint.shards.get(id);
      if (parent && child) checkpoint.shards.set(id, afterParent(child, parent));
    }
    this.#readReadable();
    this.#endIfRead();
    if (this.#hasToAsk(shardId, end)) this.#watch.ask();
    if (this.#workers.size > 0) return;
    // By then a description shows the next shards, if there are any.
    this.#tasks.spawn(async () => {
      const spentMs = Math.max(0, clock.now() - this.#lastEndAt);
      await clock.sleep(Math.max(0, DESCRIPTION_LAG_MS - spentMs), this.#tasks.signal);
      this.#watch.ask();
    });
  }

  /** A description of thousands of shards has many pages: catching up asks for one only where it needs it. */
  #hasToAsk(shardId: string, end: ShardEnd): boolean {
    return end !== 'caught-up' && (this.#options.catchUp === null || !this.#tree.hasChildren(shardId));
  }

  #isDone(shardId: string): boolean {
    return this.#options.checkpoint.shards.get(shardId)?.done ?? false;
  }

  #nameLost(): void {
    const { checkpoint, onLoss } = this.#options;
    const { lost } = checkpoint;
    if (lost.length > this.#lostNamed) this.#saver.changed();
    for (const { noticedAt: _, ...loss } of lost.slice(this.#lostNamed)) onLoss?.(loss);
    this.#lostNamed = lost.length;
  }

  #report(): void {
    const { checkpoint, clock, onProgress } = this.#options;
    const now = clock.now();
    this.#progressAt = now;
    if (!onProgress) return;
    const behindSince = [...this.#workers.values()].flatMap((worker) => worker.behindSince ?? []);
    const done = this.#tree.shards.filter(({ id }) => this.#isDone(id)).length;
    const reading = this.#workers.size;
    onProgress({
      records: this.#records,
      lagMs: Math.max(0, ...behindSince.map((time) => now - time)),
      shards: { reading, waiting: this.#tree.shards.length - done - reading, done },
      lost: checkpoint.lost.length - this.#lostBefore,
    });
  }
}

/** If a stream that was being read is gone, its unread records are lost. */
function goneSince(error: unknown): unknown {
  if (!isKind(error, 'stream-missing')) return error;
  return new TailraceError('stream-missing', error.message, {
    context: error.context,
    remedy: 'Its records that were not read are lost: run `tailrace backfill TABLE`.',
    cause: error,
  });
}
