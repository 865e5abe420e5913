import type { BatchResponse } from '../../../src/delivery/event.ts';
import type { DeliveryContext, StreamHandler } from '../../../src/delivery/stream-handler.ts';
import { sequenceNumberOf } from '../../../src/record/decode.ts';
import { type Checkpoint, newCheckpoint } from '../../../src/stream/checkpoint.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/stream/checkpoint-format.ts';
import { type FollowOptions, type FollowResult, followStream } from '../../../src/stream/follow.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { RecordingLog } from '../memory/recording-log.ts';
import { ScriptedStreams } from '../stream/scripted-streams.ts';
import { seededRandom } from '../values/seeded-random.ts';

/** One page as the handler got it. */
export type DeliveredPage = { readonly shardId: string | null; readonly numbers: readonly string[] };

/** A scripted stream, a handler that takes everything, and what a tail keeps of them from one run to the next. */
export class FollowStage {
  clock: VirtualClock;
  readonly streams: ScriptedStreams;
  readonly log = new RecordingLog();
  /** Sequence numbers in the order in which they became durable first. */
  readonly durable = new Set<string>();
  readonly pages: DeliveredPage[] = [];
  /** The checkpoint's file. */
  saved: string | null = null;
  /** Comes before the handler's own answer; what it gives is the answer. */
  answer: (page: DeliveredPage, event: unknown, context: DeliveryContext) => Promise<BatchResponse | null> | null =
    () => null;
  /** What it throws stops the tail. */
  onPage: (page: DeliveredPage) => void = () => {};
  onSave: (checkpoint: Checkpoint) => Promise<void> | void = () => {};
  readonly stop: () => void;
  /** Whether the tail started last has come to an end, either way. */
  ended = false;
  #stopping = new AbortController();

  constructor(now?: number) {
    this.clock = new VirtualClock(now);
    this.streams = new ScriptedStreams(this.clock);
    this.stop = () => this.#stopping.abort();
  }

  readonly handler: StreamHandler = async (event, context = {}) => {
    const { Records } = event as { Records: readonly unknown[] };
    const numbers = Records.map((record) => sequenceNumberOf(record) ?? 'none');
    const page = { shardId: context.shardId ?? null, numbers };
    this.pages.push(page);
    this.onPage(page);
    const answer = await this.answer(page, event, context);
    const failed = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const number of numbers) if (!failed.has(number)) this.durable.add(number);
    return answer ?? { batchItemFailures: [] };
  };

  /** Starts a tail that goes on from what was saved. */
  start(options: Partial<FollowOptions> = {}): Promise<FollowResult> {
    this.#stopping = new AbortController();
    this.ended = false;
    const running = followStream({
      client: this.streams,
      checkpoint: this.checkpoint(),
      save: (checkpoint) => this.save(checkpoint),
      handler: this.handler,
      clock: this.clock,
      random: seededRandom(1),
      log: this.log,
      signal: this.#stopping.signal,
      ...options,
    });
    const end = () => {
      this.ended = true;
    };
    running.then(end, end);
    return running;
  }

  /** Replaces the file, whole, between two steps. */
  async save(checkpoint: Checkpoint, step: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const text = encodeCheckpoint(checkpoint);
    await this.onSave(checkpoint);
    await step();
    this.saved = text;
    await step();
  }

  /** Follows the stream, which must come to an end, with time passing as needed. */
  run(options: Partial<FollowOptions> = {}): Promise<FollowResult> {
    return this.clock.run(this.start(options));
  }

  /** What was saved, read back. */
  checkpoint(): Checkpoint {
    if (this.saved === null) return newCheckpoint(this.streams.arn, 'duckdb:test');
    const checkpoint = decodeCheckpoint(this.saved);
    if ('problem' in checkpoint) throw new Error(`The saved checkpoint ${checkpoint.problem}`);
    return checkpoint;
  }
}
