import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { nameOf } from '../../../src/errors.ts';
import { compareSequenceNumbers } from '../../../src/order/position.ts';
import type { ModelRecord, ModelShard, ModelStream } from './change.ts';
import { Process } from './process.ts';
import { lambdaRecord } from './records.ts';
import { TABLE } from './table.ts';
import type { World } from './world.ts';

export type MappingOptions = {
  readonly batchSize: number;
  /** How long Lambda gathers a batch, in milliseconds. */
  readonly windowMs: number;
  /** Lambda gives up records older than this, in milliseconds. */
  readonly maxAgeMs: number;
  /** Where it reports them: with their payload to a bucket, or only their range to a queue, straight or through a topic. */
  readonly failures: 'bucket' | 'queue' | 'topic';
};

/** The function's time-out. */
const TIMEOUT_MS = 60_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10 * 60_000;

/** The outcome of a call: the records before `from` are acknowledged, or the call failed. */
type Outcome = { readonly from: number } | 'failed';

/**
 * Lambda's event source mapping: one reader for each shard, parents first, that calls the handler with batches until it
 * has acknowledged them or they are too old.
 *
 * A failed batch is bisected. Of several reported numbers the lowest counts, and everything from it on comes again.
 */
export class EventSourceMapping {
  readonly #world: World;
  readonly #options: MappingOptions;
  readonly #begun = new Set<ModelShard>();
  readonly #done = new Set<ModelShard>();
  #calls = 0;
  /** The number of shards whose batch isn't acknowledged yet. */
  busy = 0;

  constructor(world: World, options: MappingOptions) {
    this.#world = world;
    this.#options = options;
  }

  /** Reads a stream from its oldest record, until the end of the history. */
  async follow(stream: ModelStream): Promise<void> {
    const { table, scheduler } = this.#world;
    this.#world.story.tell('lambda', `is mapped to ${stream.label}`);
    for (;;) {
      for (const shard of stream.shards) {
        const parent = stream.shards.find(({ id }) => id === shard.parentId);
        if (this.#begun.has(shard) || (parent && !this.#done.has(parent))) continue;
        this.#begun.add(shard);
        void this.#read(stream, shard);
      }
      await scheduler.sleep(60 * 60_000, table.news);
    }
  }

  async #read(stream: ModelStream, shard: ModelShard): Promise<void> {
    const { table, scheduler, faults, story } = this.#world;
    for (let index = 0; ; ) {
      if (faults.lasts('lambda', 'pause')) {
        story.trouble('lambda paused', 'lambda', 'calls nothing');
        await scheduler.sleep(faults.until('lambda', 'pause') - scheduler.now(), this.#world.healed);
      }
      const batch = await this.#gather(stream, shard, index);
      if (batch === null) break;
      if (batch.records.length === 0) {
        await scheduler.sleep(60 * 60_000, table.news);
        continue;
      }
      this.busy++;
      await this.#deliver(stream, shard, batch.records, 0);
      if (faults.take('lambda', 'deliver-twice')) {
        story.trouble('batch delivered twice', 'lambda', `delivers ${idsOf(batch.records)} again`);
        await this.#deliver(stream, shard, batch.records, 0);
      }
      this.busy--;
      index = batch.next;
    }
    this.#done.add(shard);
    table.ring();
  }

  /** The next batch of a shard; `null` at its end. */
  async #gather(
    stream: ModelStream,
    shard: ModelShard,
    index: number,
  ): Promise<{ readonly records: readonly ModelRecord[]; readonly next: number } | null> {
    const { scheduler, story } = this.#world;
    const { batchSize, windowMs } = this.#options;
    const horizon = stream.trimmed(shard, scheduler.now());
    if (horizon > index)
      story.trouble('trimmed unread', 'stream', `drops ${horizon - index} records of ${shard.id} unread`);
    const from = Math.max(index, horizon);
    if (from === shard.records.length) return shard.closedAt === null ? { records: [], next: from } : null;
    const first = shard.records[from]?.availableAt ?? 0;
    await scheduler.sleep(first - scheduler.now() + windowMs);
    const now = scheduler.now();
    const ready = shard.records.slice(from, from + batchSize).filter(({ availableAt }) => availableAt <= now);
    return { records: ready, next: from + ready.length };
  }

  /** Calls the function until every record is acknowledged or given up. */
  async #deliver(
    stream: ModelStream,
    shard: ModelShard,
    records: readonly ModelRecord[],
    earlierTries: number,
  ): Promise<void> {
    const { scheduler, story, healed } = this.#world;
    let left = records;
    for (let tries = earlierTries; left.length > 0; tries++) {
      if (tries > earlierTries || earlierTries > 0) {
        await scheduler.sleep(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(tries, 20)), healed);
      }
      if (scheduler.now() - (left[0]?.change.at ?? 0) > this.#options.maxAgeMs) {
        this.#giveUp(stream, shard, left, tries);
        return;
      }
      const outcome = await this.#call(stream, left);
      if (outcome === 'failed') {
        if (left.length === 1) continue;
        const middle = Math.ceil(left.length / 2);
        story.trouble('batch bisected', 'lambda', `bisects ${idsOf(left)}`);
        await this.#deliver(stream, shard, left.slice(0, middle), tries + 1);
        await this.#deliver(stream, shard, left.slice(middle), tries + 1);
        return;
      }
      this.#world.acknowledge(
        left.slice(0, outcome.from).map(({ change }) => change),
        'lambda',
      );
      left = left.slice(outcome.from);
    }
  }

  #giveUp(stream: ModelStream, shard: ModelShard, records: readonly ModelRecord[], calls: number): void {
    const { scheduler, story, faults, bucket, queue } = this.#world;
    const { failures } = this.#options;
    const batch = { records, stream, shard, now: scheduler.now(), calls };
    const huge = failures === 'bucket' && faults.take('lambda', 'drop-payload');
    const kind = failures === 'bucket' ? 'given up to the bucket' : 'given up to the queue';
    story.trouble(kind, 'lambda', `gives ${idsOf(records)} up`);
    if (huge) story.trouble('given up without payload', 'lambda', 'stores only their range');
    if (failures === 'bucket') bucket.put(batch, { huge });
    else queue.put(batch, { isTopic: failures === 'topic' });
    for (const { change } of records) change.isGivenUp = true;
  }

  /** Calls the function once. The call may crash, or reach its time limit. */
  async #call(stream: ModelStream, records: readonly ModelRecord[]): Promise<Outcome> {
    const { scheduler, story, faults } = this.#world;
    const over = new AbortController();
    const name = `lambda call ${++this.#calls}`;
    const early = faults.earlyCallEnds.shift();
    const process = new Process(scheduler, {
      name,
      seed: this.#world.seed + this.#calls,
      crashAfter: early?.after,
      // Lambda notices a crash, but waits for a call that hangs.
      onCrash: () => early?.fault === 'crash' && over.abort(),
    });
    story.tell(name, `is given ${idsOf(records)}`);
    const endsAt = scheduler.now() + TIMEOUT_MS;
    const answered = this.#handlerOf(process)(
      { Records: records.map((record) => lambdaRecord(record, stream)) },
      { getRemainingTimeInMillis: () => endsAt - scheduler.now() },
    );
    const cutOff = scheduler.sleep(TIMEOUT_MS, over.signal).then(() => {
      if (!over.signal.aborted) story.trouble('time-out', name, 'is cut off');
      else if (process.isDead)
        story.trouble(early?.after === 0 ? 'crash before append' : 'crash after append', name, 'crashes');
      process.kill();
      return 'failed' as const;
    });
    const outcome = await Promise.race([
      answered.then(
        (answer) => this.#outcomeOf(answer, records, name),
        (error: unknown) => {
          story.tell(name, `fails: ${nameOf(error)}`);
          return 'failed' as const;
        },
      ),
      cutOff,
    ]);
    over.abort();
    return outcome;
  }

  #handlerOf(process: Process) {
    return createStreamHandler({
      source: TABLE,
      destination: this.#world.destinationOf(process, 'refuse'),
      deadLetters: this.#world.letterBox.reachedBy(process),
      clock: process,
      log: this.#world.story.logOf(process.name),
    });
  }

  /** Reads an answer as Lambda does: a number that isn't in the batch fails all of it. */
  #outcomeOf(answer: unknown, records: readonly ModelRecord[], name: string): Outcome {
    const failures = (answer as { batchItemFailures: readonly { itemIdentifier: string }[] }).batchItemFailures;
    if (failures.length === 0) return { from: records.length };
    const { story } = this.#world;
    story.trouble('record reported', name, `reports ${failures.length} of ${records.length} records`);
    if (failures.length > 1) story.trouble('several reported', name, 'of which the lowest counts');
    const lowest = failures.map(({ itemIdentifier }) => itemIdentifier).sort(compareSequenceNumbers)[0];
    const from = records.findIndex(({ number }) => number === lowest);
    return from === -1 ? 'failed' : { from };
  }
}

function idsOf(records: readonly ModelRecord[]): string {
  return records.map(({ change }) => change.id).join(' ');
}
