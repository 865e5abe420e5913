import { streamSource } from '../../../src/replay/stream-source.ts';
import { type Checkpoint, newCheckpoint } from '../../../src/stream/checkpoint.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/stream/checkpoint-format.ts';
import type { Loss } from '../../../src/stream/loss.ts';
import { KEPT_MS } from '../../model/stream.ts';
import type { EarlyEnd } from '../history/plan.ts';
import type { ModelStream } from './change.ts';
import type { Commands } from './commands.ts';
import { reading, replay } from './replay.ts';
import { unnamedLosses } from './unnamed-losses.ts';
import type { World } from './world.ts';

const HOUR = 60 * 60_000;

const DESTINATION = 'duckdb:memory';

/** The checkpoint of a replay that was stopped half way. */
type Saved = {
  readonly text: string;
  readonly stream: ModelStream;
  readonly firstAt: number;
  /** The shards that its checkpoints have had. */
  readonly known: ReadonlySet<string>;
  readonly savedAt: number;
};

/** Replays of the whole stream. One that was stopped half way is resumed. */
export class StreamReplay {
  readonly #world: World;
  readonly #commands: Commands;
  #saved: Saved | null = null;
  #isRunning = false;

  constructor(world: World, commands: Commands) {
    this.#world = world;
    this.#commands = commands;
  }

  /**
   * @param restart Whether to ignore a saved checkpoint.
   * @returns whether it reports that it has replayed everything.
   */
  async run({ restart = false, ...early }: EarlyEnd & { readonly restart?: boolean } = {}): Promise<boolean> {
    const { table, scheduler, story } = this.#world;
    const { stream } = table;
    if (!stream || this.#isRunning) return false;
    const saved = restart || this.#saved?.stream !== stream ? null : this.#saved;
    const firstAt = saved?.firstAt ?? scheduler.now();
    const known = new Set(saved?.known);
    const awayMs = saved ? scheduler.now() - saved.savedAt : 0;
    if (awayMs > KEPT_MS) story.trouble('replay resumed a day later', 'operator', 'resumes a replay');
    this.#isRunning = true;
    this.#saved = saved;
    const lost: Loss[] = [];
    let startedAt = 0;
    return replay(
      {
        kind: 'stream replayed',
        early,
        // The product counts a day as over a little early.
        isAway: awayMs > KEPT_MS - HOUR,
        source: (process, events) => {
          const options = reading(this.#world, process);
          startedAt = options.startedAt;
          return streamSource({
            ...options,
            checkpoint: saved ? read(saved.text) : newCheckpoint(stream.arn, DESTINATION),
            save: (checkpoint) => {
              const text = encodeCheckpoint(checkpoint);
              const shards = [...checkpoint.shards.keys()];
              return process.reach(async () => {
                for (const id of shards) known.add(id);
                this.#saved = { text, stream, firstAt, known, savedAt: scheduler.now() };
              });
            },
            events: {
              ...events,
              lost: (loss) => {
                lost.push(loss);
                events.lost(loss);
              },
            },
          });
        },
        onDone: (name) => {
          this.#saved = null;
          const isPassed = ({ availableAt }: { readonly availableAt: number }) => availableAt <= startedAt;
          for (const { id } of unnamedLosses({ stream, firstAt, isPassed, known, lost })) {
            this.#world.violate(`${name} is done, and change ${id} is nowhere, and it didn't name it as lost`);
          }
        },
      },
      this.#world,
      this.#commands,
    ).finally(() => {
      this.#isRunning = false;
    });
  }
}

function read(text: string): Checkpoint {
  const checkpoint = decodeCheckpoint(text);
  if ('problem' in checkpoint) throw new Error(`The saved checkpoint ${checkpoint.problem}`);
  return checkpoint;
}
