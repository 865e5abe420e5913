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

/** A page as the handler got it. */
export type DeliveredPage = { readonly shardId: string | null; readonly numbers: readonly string[] };

/** A scripted stream, a handler that accepts everything, and the checkpoint of a tail from one run to the next. */
export class FollowStage {
  clock: VirtualClock;
  readonly streams: ScriptedStreams;
  readonly log = new RecordingLog();
  /** Sequence numbers in the order in which they first became durable. */
  readonly durable = new Set<string>();
  readonly pages: DeliveredPage[] = [];
  /** The checkpoint's file. */
  saved: string | null = null;
  /** Called before the handler answers; a result other than `null` is the answer. */
  answer: (page: DeliveredPage, event: unknown, context: DeliveryContext) => Promise<BatchResponse | null> | null =
    () => null;
  /** An error that it throws stops the tail. */
  onPage: (page: DeliveredPage) => void = () => {};
  onSave: (checkpoint: Checkpoint) => Promise<void> | void = () => {};
  readonly stop: () => void;
  /** Whether the last tail has ended, with or without an error. */
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

  /** Starts a tail that resumes from the checkpoint. */
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

  /** Replaces the file between two steps. */
  async save(checkpoint: Checkpoint, step: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const text = encodeCheckpoint(checkpoint);
    await this.onSave(checkpoint);
    await step();
    this.saved = text;
    await step();
  }

  /** Follows the stream to its end, with time passing as needed. */
  run(options: Partial<FollowOptions> = {}): Promise<FollowResult> {
    return this.clock.run(this.start(options));
  }

  /** The checkpoint, read back. */
  checkpoint(): Checkpoint {
    if (this.saved === null) return newCheckpoint(this.streams.arn, 'duckdb:test');
    const checkpoint = decodeCheckpoint(this.saved);
    if ('problem' in checkpoint) throw new Error(`The saved checkpoint ${checkpoint.problem}`);
    return checkpoint;
  }
}
