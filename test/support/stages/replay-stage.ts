import type { StreamHandler } from '../../../src/delivery/stream-handler.ts';
import type { TailraceError } from '../../../src/errors.ts';
import { streamArn } from '../../../src/order/stream-arn.ts';
import { sequenceNumberOf } from '../../../src/record/decode.ts';
import { deliver } from '../../../src/replay/deliver.ts';
import type { FailedBatch, FailedBatches } from '../../../src/replay/failed-batch.ts';
import { failedBatchSource } from '../../../src/replay/failed-batch-source.ts';
import { streamSource } from '../../../src/replay/stream-source.ts';
import { type Checkpoint, newCheckpoint } from '../../../src/stream/checkpoint.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/stream/checkpoint-format.ts';
import { describeLoss } from '../../../src/stream/loss.ts';
import type { RecordPage, RecordSource } from '../../../src/stream/record-source.ts';
import { namedShard } from '../../../src/stream/shard-life.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { RecordingLog } from '../memory/recording-log.ts';
import { ORDERS, STREAM_ARN } from '../stream/record.ts';
import { ScriptedStreams } from '../stream/scripted-streams.ts';
import { seededRandom } from '../values/seeded-random.ts';

/** The table's streams that the destination has seen. */
const SEEN = { createdAt: Date.parse('2026-01-02T00:00:00Z'), streams: [streamArn(STREAM_ARN).label] };

/** A scripted stream, failed batches, and a handler that accepts everything. */
export class ReplayStage {
  readonly clock = new VirtualClock();
  readonly streams = new ScriptedStreams(this.clock);
  readonly log = new RecordingLog();
  /** Sequence numbers in the order of their deliveries, repeated ones too. */
  readonly delivered: string[] = [];
  readonly pages: RecordPage[] = [];
  readonly lost: string[] = [];
  readonly refused: { readonly name: string; readonly error: TailraceError }[] = [];
  /** The checkpoint's file. */
  saved: string | null = null;
  /** Called before a page is accepted; an error that it throws, the handler throws. */
  onPage: (numbers: readonly string[]) => Promise<void> | void = () => {};
  #stopping = new AbortController();

  readonly #events = {
    lost: (loss: Parameters<typeof describeLoss>[0]) => void this.lost.push(describeLoss(loss)),
    refused: (name: string, error: TailraceError) => void this.refused.push({ name, error }),
  };

  readonly #handler: StreamHandler = async (event) => {
    const { Records } = event as { Records: readonly unknown[] };
    const numbers = Records.map((record) => sequenceNumberOf(record) ?? 'none');
    await this.onPage(numbers);
    this.delivered.push(...numbers);
    return { batchItemFailures: [] };
  };

  /** Replays the whole stream, resuming from the checkpoint. */
  stream(): Promise<void> {
    const checkpoint = this.#checkpoint();
    return this.#deliver(streamSource({ ...this.#reading(), checkpoint, save: this.#save, events: this.#events }));
  }

  /** Replays a range of a shard, resuming from the checkpoint. */
  shard(shardId: string, from: string | null = null, to: string | null = null): Promise<void> {
    const checkpoint = this.#checkpoint();
    if (checkpoint.shards.size === 0) checkpoint.shards.set(shardId, namedShard(from));
    const parts = { checkpoint, range: { shardId, to }, save: this.#save, events: this.#events };
    return this.#deliver(streamSource({ ...this.#reading(), ...parts }));
  }

  /** Replays failed batches of a table that was seen with the stream of {@link STREAM_ARN}. */
  failedBatches(batches: FailedBatches): Promise<void> {
    const reading = async () => this.#reading();
    const parts = {
      batches,
      known: { source: ORDERS, seen: SEEN },
      stream: null,
      reading,
      events: this.#events,
    };
    return this.#deliver(failedBatchSource(parts));
  }

  /** Ctrl-C during a replay. */
  interrupt(): void {
    this.#stopping.abort();
  }

  #deliver(source: RecordSource): Promise<void> {
    this.#stopping = new AbortController();
    return this.clock.run(
      deliver(source, {
        handlerFor: () => this.#handler,
        signal: this.#stopping.signal,
        onPage: (page) => void this.pages.push(page),
      }),
    );
  }

  readonly #save = async (checkpoint: Checkpoint) => {
    this.saved = encodeCheckpoint(checkpoint);
  };

  #checkpoint(): Checkpoint {
    const found = this.saved === null ? newCheckpoint(this.streams.arn, 'duckdb:test') : decodeCheckpoint(this.saved);
    if ('problem' in found) throw new Error(`The saved checkpoint ${found.problem}`);
    return found;
  }

  #reading() {
    const { clock, log, streams } = this;
    return { client: streams, startedAt: clock.now(), quietPages: 3, clock, random: seededRandom(1), log };
  }
}

/** Failed batches in memory, by name and text. It lists those that were acknowledged and left. */
export class MemoryFailedBatches implements FailedBatches {
  readonly name = 'memory';
  readonly acknowledged: string[] = [];
  readonly left: string[] = [];
  isClosed = false;
  readonly #texts: Readonly<Record<string, string>>;

  constructor(things: Readonly<Record<string, unknown>>) {
    this.#texts = Object.fromEntries(
      Object.entries(things).map(([name, thing]) => [name, typeof thing === 'string' ? thing : JSON.stringify(thing)]),
    );
  }

  async *all(): AsyncGenerator<FailedBatch> {
    for (const [name, text] of Object.entries(this.#texts)) {
      yield {
        name,
        async *bytes() {
          yield Buffer.from(text);
        },
        acknowledge: async () => void this.acknowledged.push(name),
        leave: async () => void this.left.push(name),
      };
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}
