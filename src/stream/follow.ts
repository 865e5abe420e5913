import pLimit, { type LimitFunction } from 'p-limit';
import type { Clock } from '../clock.ts';
import type { StreamHandler } from '../delivery/stream-handler.ts';
import { isKind } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Random } from '../random.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import { type Checkpoint, describeLostRange, type LostRange } from './checkpoint.ts';
import { CheckpointSaver } from './checkpoint-saver.ts';
import { DescriptionWatch } from './description-watch.ts';
import { takeListing } from './listing.ts';
import { ShardFollower } from './shard-follower.ts';
import { type ShardTree, shardTree } from './shard-tree.ts';
import type { StreamClient } from './stream-client.ts';
import { TaskGroup } from './task-group.ts';

/** Shards in hand at once: as many pages of up to 1 MB are held in memory. The others wait their turn in line. */
const CONCURRENCY = 16;

/** How often and how far apart a shard is asked for that seems gone: a new one may be missing for a moment. */
const GONE_TRIES = 5;
const GONE_AGAIN_MS = 1_000;

/** A closed shard may have children that descriptions don't show yet: they lag behind the stream by this much at most. */
const DESCRIPTION_LAG_MS = 5_000;

const FIRST_RETRY: Backoff = { firstMs: 500, maxMs: 10_000 };

const PROGRESS_EVERY_MS = 250;

/** What is being written when the signal comes has this long to become durable. Otherwise it is read again next time. */
const STOP_GRACE_MS = 1_500;

export type FollowOptions = {
  readonly client: StreamClient;
  /** Where to go on. Kept up to date while the stream is followed. */
  readonly checkpoint: Checkpoint;
  /** Makes the checkpoint durable. Its state at the moment of the call counts. Never called twice at once. */
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  readonly handler: StreamHandler;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Stops, cleanly. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: FollowProgress) => void;
  /** @default 16 shards in hand at once */
  readonly concurrency?: number;
};

/** How the following goes, a few times a second. */
export type FollowProgress = {
  /** Records settled since it began: durable or set aside. */
  readonly records: number;
  /** Age of the last record of the shard that is furthest behind, in milliseconds; 0 when all is read. */
  readonly lagMs: number;
  readonly shards: { readonly reading: number; readonly waiting: number; readonly done: number };
  /** Lost ranges noticed since it began. */
  readonly lost: number;
};

export type FollowResult = {
  /** `stopped` by the signal, or `ended`: the stream is off and read to its end. */
  readonly reason: 'stopped' | 'ended';
  readonly records: number;
  /** The ranges that were noticed to be lost since it began. */
  readonly lost: readonly LostRange[];
};

/**
 * Follows a stream: feeds every record of every shard to the handler, a parent's before its children's, until the signal
 * comes or the stream is off and read to its end.
 *
 * Every record is delivered at least once, and each item's changes are delivered in their order the first time. The
 * checkpoint is saved at most twice a second and at the end, and never ahead of what the handler has settled; started
 * again from any saved one, nothing is missed. What the stream has dropped in the meantime is named in the result, and
 * reading goes on behind it.
 *
 * An idle shard is asked for news once a second and a busy one up to five times, which is all that a shard allows.
 *
 * @throws {TailraceError} whatever the handler or the client halts with, such as `stream-missing`, `stream-lineage` or
 *   `source-denied`; what was settled until then is in the checkpoint. `source-unavailable` only if the stream can't be
 *   described at the start; later outages are waited out. What `save` rejects with.
 */
export function followStream(options: FollowOptions): Promise<FollowResult> {
  return new StreamFollow(options).run();
}

class StreamFollow {
  readonly #options: FollowOptions;
  readonly #tasks: TaskGroup;
  readonly #watch: DescriptionWatch;
  readonly #saver: CheckpointSaver;
  readonly #limit: LimitFunction;
  readonly #followers = new Map<string, ShardFollower>();
  readonly #lostBefore: number;
  #lostNamed: number;
  #tree: ShardTree = shardTree([]);
  #lastEndAt: number;
  #records = 0;
  #progressAt = Number.NEGATIVE_INFINITY;
  #reason: FollowResult['reason'] = 'stopped';

  constructor(options: FollowOptions) {
    const { checkpoint, clock, random, log, signal, concurrency = CONCURRENCY } = options;
    this.#options = options;
    this.#tasks = new TaskGroup(signal);
    this.#saver = new CheckpointSaver(() => options.save(checkpoint), clock);
    this.#limit = pLimit(concurrency);
    this.#lastEndAt = clock.now();
    this.#lostBefore = checkpoint.lost.length;
    this.#lostNamed = checkpoint.lost.length;
    this.#watch = new DescriptionWatch({
      describe: () => this.#describe(),
      clock,
      random,
      log,
      signal: this.#tasks.signal,
    });
  }

  async run(): Promise<FollowResult> {
    const { checkpoint, clock } = this.#options;
    await this.#describeFirst();
    this.#tasks.spawn(() => this.#watch.run());
    this.#tasks.spawn(() => this.#saver.run(this.#tasks.signal));

    await this.#tasks.stopped();
    await this.#tasks.drained(clock, STOP_GRACE_MS);
    try {
      await this.#saver.save();
    } finally {
      this.#tasks.throwFailure();
    }
    this.#report();
    return { reason: this.#reason, records: this.#records, lost: checkpoint.lost.slice(this.#lostBefore) };
  }

  /** An endpoint that isn't there is the caller's to mend, so only throttling is waited out here. */
  async #describeFirst(): Promise<void> {
    const { clock, random } = this.#options;
    const { signal } = this.#tasks;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        return await this.#watch.now();
      } catch (error) {
        if (!signal.aborted && !isKind(error, 'source-throttled')) throw error;
      }
      await clock.sleep(backoffMs(failures, FIRST_RETRY, random), signal);
    }
  }

  async #describe(): Promise<{ expecting: boolean; shards: number }> {
    const { client, checkpoint, clock } = this.#options;
    const asked = clock.now();
    const description = await client.describe(checkpoint.streamArn, this.#tasks.signal);
    this.#tree = takeListing(checkpoint, description, asked);
    this.#nameLost();
    this.#saver.changedSlightly();
    this.#followReadable();

    const { shards } = this.#tree;
    const allDone = shards.every(({ id }) => this.#isDone(id));
    if (description.status === 'DISABLED' && allDone && asked - this.#lastEndAt >= DESCRIPTION_LAG_MS) {
      this.#reason = 'ended';
      this.#tasks.stop();
    }
    const childless = shards.some(({ id }) => this.#isDone(id) && !this.#tree.hasChildren(id));
    return { expecting: childless || shards.length === 0, shards: description.shards.length };
  }

  #followReadable(): void {
    for (const { id } of this.#tree.readable((shardId) => this.#isDone(shardId))) {
      if (!this.#followers.has(id)) this.#follow(id);
    }
  }

  #follow(shardId: string): void {
    const isClosed = () => this.#tree.hasChildren(shardId);
    const follower = new ShardFollower({ ...this.#options, shardId, isClosed });
    this.#followers.set(shardId, follower);
    this.#tasks.spawn(async () => {
      await this.#takeTurns(follower);
      this.#followers.delete(shardId);
      if (this.#tasks.signal.aborted) return;
      this.#followReadable();
      this.#watch.ask();
    });
  }

  /** Turn after turn, in line with the other shards, until the shard's end. */
  async #takeTurns(follower: ShardFollower): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#tasks;
    let missed = 0;
    while (!signal.aborted) {
      const turn = await this.#limit(async () => (signal.aborted ? null : follower.turn(signal)));
      if (!turn) return;
      const { settled, end, trimmed, waitMs } = turn;
      this.#records += settled;
      if (trimmed) this.#watch.ask();
      if (settled > 0 || end) this.#saver.changed();
      missed = end === 'gone' ? missed + 1 : 0;
      // Gone is only what a stream that is still there says is gone, and what matters, only if it says so again.
      const givenUp = missed >= (follower.isPromised ? GONE_TRIES : 1) && (await this.#watch.tryNow());
      if (givenUp) follower.giveUp();
      this.#nameLost();
      this.#reportNowAndThen();
      if (givenUp || end === 'closed') {
        this.#lastEndAt = clock.now();
        return;
      }
      await clock.sleep(end === 'gone' ? GONE_AGAIN_MS : waitMs, signal);
    }
  }

  #isDone(shardId: string): boolean {
    return this.#options.checkpoint.shards.get(shardId)?.done ?? false;
  }

  #nameLost(): void {
    const { checkpoint, log } = this.#options;
    for (const range of checkpoint.lost.slice(this.#lostNamed)) {
      log.error('records lost', { shard_id: range.shardId, range: describeLostRange(range) });
    }
    if (checkpoint.lost.length > this.#lostNamed) this.#saver.changed();
    this.#lostNamed = checkpoint.lost.length;
  }

  #reportNowAndThen(): void {
    const now = this.#options.clock.now();
    if (now - this.#progressAt < PROGRESS_EVERY_MS) return;
    this.#progressAt = now;
    this.#report();
  }

  #report(): void {
    const { checkpoint, clock, onProgress } = this.#options;
    if (!onProgress) return;
    const behindSince = [...this.#followers.values()].flatMap(({ behindSince }) => behindSince ?? []);
    const done = this.#tree.shards.filter(({ id }) => this.#isDone(id)).length;
    const reading = this.#followers.size;
    onProgress({
      records: this.#records,
      lagMs: Math.max(0, ...behindSince.map((time) => clock.now() - time)),
      shards: { reading, waiting: this.#tree.shards.length - done - reading, done },
      lost: checkpoint.lost.length - this.#lostBefore,
    });
  }
}
