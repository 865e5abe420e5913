import { BackgroundCompaction } from '../../../backfill/background-compaction.ts';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { nameOf } from '../../../src/errors.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { requireStream } from '../../../src/source/usable-stream.ts';
import { type Checkpoint, newCheckpoint } from '../../../src/stream/checkpoint.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/stream/checkpoint-format.ts';
import { followStream } from '../../../src/stream/follow.ts';
import { KEPT_MS } from '../../model/stream.ts';
import type { Commands } from './commands.ts';
import type { Process } from './process.ts';
import { streamsClient } from './streams-client.ts';
import { TABLE } from './table.ts';
import { tableClient } from './table-client.ts';
import type { World } from './world.ts';

const DESTINATION = 'duckdb:memory';
const AGAIN_MS = 20_000;

/** A tail into a file compacts once more changes than these have come, and leaves out older tombstones. */
const LEAST_CHANGES = 3;
const HORIZON_MS = 3 * 24 * 60 * 60_000;

/** A tail's last checkpoint of a stream, when it first looked at that stream, and the shards that its checkpoints have had. */
export type Followed = {
  readonly checkpoint: Checkpoint;
  readonly firstAt: number;
  readonly known: ReadonlySet<string>;
};

/** The tail that an operator runs: its checkpoint, and the process that runs now, if any. */
export class Tail {
  readonly #world: World;
  readonly #commands: Commands;
  /** The checkpoint's file. */
  #saved: string | null = null;
  #process: Process | undefined;
  #wanted = false;
  #isRestarted = false;
  /** When it first looked at the stream of its checkpoint. */
  #firstAt = 0;
  /** The shards that the checkpoints of that stream have had. */
  #known = new Set<string>();
  /** Checkpoints of earlier streams. */
  readonly #replaced: Followed[] = [];

  constructor(world: World, commands: Commands) {
    this.#world = world;
    this.#commands = commands;
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  /** The last checkpoint of each stream, the present one included. */
  get followed(): readonly Followed[] {
    return this.#saved === null ? this.#replaced : [...this.#replaced, this.#followedAs(read(this.#saved))];
  }

  /** Starts it. When it ends by itself, it is started again. */
  start(crashAfter?: number): void {
    this.#wanted = true;
    if (this.isRunning) return;
    const { story } = this.#world;
    const process = this.#commands.process('tail', crashAfter, () => {
      story.trouble('tail killed', process.name, 'crashes');
      this.#process = undefined;
      this.#wanted = this.#isRestarted;
      if (this.#isRestarted) void this.#again();
    });
    this.#process = process;
    story.trouble('tail', process.name, this.#saved === null ? 'starts' : 'starts, from its checkpoint');
    void this.#follow(process)
      .then(
        (reason) => story.tell(process.name, `ends: ${reason}`),
        (error: unknown) => story.tell(process.name, `fails: ${nameOf(error)}`),
      )
      .then(() => {
        if (this.#process === process) this.#process = undefined;
        return this.#again();
      });
  }

  /** From now on it is started again even when it crashes, as one that already runs still may. */
  keepRunning(): void {
    this.#isRestarted = true;
    this.start();
  }

  stop(): void {
    this.#wanted = false;
    this.#process?.stop();
  }

  kill(): void {
    this.#wanted = false;
    this.#process?.kill();
  }

  async #again(): Promise<void> {
    await this.#world.scheduler.sleep(AGAIN_MS);
    if (this.#wanted && !this.isRunning) this.start();
  }

  async #follow(process: Process): Promise<string> {
    const { table, letterBox, story } = this.#world;
    const destination = this.#world.destinationOf(process);
    const log = story.logOf(process.name);
    const manner = { pageItems: 1, pageMs: 1 };
    const description = await tableClient(table, process, { ...this.#world, manner }).describe(TABLE.name);
    const checkpoint = this.#load(requireStream(description).arn, process.name);
    await destination.prepare(TABLE, identity.generation);
    await using compaction = destination.foldsInJobs
      ? null
      : new BackgroundCompaction({
          table: TABLE,
          destination,
          clock: process,
          random: process.random,
          log,
          actor: 'simulation',
          horizonMs: HORIZON_MS,
          leastChanges: LEAST_CHANGES,
          onCompacted: ({ snapshotId }) => story.trouble('compaction by tail', process.name, `publishes ${snapshotId}`),
        });
    const { reason, lost } = await followStream({
      client: streamsClient(table, process, this.#world),
      checkpoint,
      save: (current) => {
        // As it is at the moment of the call.
        const text = encodeCheckpoint(current);
        const known = [...current.shards.keys()];
        return process.reach(async () => {
          this.#saved = text;
          for (const id of known) this.#known.add(id);
        });
      },
      handler: createStreamHandler({
        source: TABLE,
        destination: compaction?.behind(destination) ?? destination,
        deadLetters: letterBox.reachedBy(process),
        origin: 'tail',
        clock: process,
        log,
      }),
      clock: process,
      random: process.random,
      log,
      signal: process.signal,
    });
    if (lost.length > 0) story.trouble('tail names a loss', process.name, `reports ${lost.length} ranges as lost`);
    return reason;
  }

  #load(streamArn: string, who: string): Checkpoint {
    const now = this.#world.scheduler.now();
    if (this.#saved === null) {
      this.#firstAt = now;
      this.#known = new Set();
      return newCheckpoint(streamArn, DESTINATION);
    }
    const found = read(this.#saved);
    if (found.streamArn === streamArn) {
      if (now - (found.describedAt ?? now) > KEPT_MS)
        this.#world.story.trouble('tail resumed a day later', who, 'resumes after more than a day');
      return found;
    }
    this.#replaced.push(this.#followedAs(found));
    this.#saved = null;
    this.#firstAt = now;
    this.#known = new Set();
    this.#world.story.trouble('tail finds another stream', who, 'sets its checkpoint aside');
    return newCheckpoint(streamArn, DESTINATION, { replaces: found.streamArn });
  }

  #followedAs(checkpoint: Checkpoint): Followed {
    return { checkpoint, firstAt: this.#firstAt, known: this.#known };
  }
}

function read(text: string): Checkpoint {
  const checkpoint = decodeCheckpoint(text);
  if ('problem' in checkpoint) throw new Error(`The saved checkpoint ${checkpoint.problem}`);
  return checkpoint;
}
