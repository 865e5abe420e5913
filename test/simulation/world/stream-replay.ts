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

/** What is kept of a replay that was stopped half way. */
type Kept = {
  readonly text: string;
  readonly stream: ModelStream;
  readonly firstAt: number;
  readonly savedAt: number;
};

/** Replays of all that the stream holds: one that was stopped half way is gone on with. */
export class StreamReplay {
  readonly #world: World;
  readonly #commands: Commands;
  #kept: Kept | null = null;
  #isRunning = false;

  constructor(world: World, commands: Commands) {
    this.#world = world;
    this.#commands = commands;
  }

  /**
   * @param anew Whether what was kept is put away first.
   * @returns whether all of it came in, by its own word.
   */
  async run({ anew = false, ...early }: EarlyEnd & { readonly anew?: boolean } = {}): Promise<boolean> {
    const { table, scheduler, story } = this.#world;
    const { stream } = table;
    if (!stream || this.#isRunning) return false;
    const kept = anew || this.#kept?.stream !== stream ? null : this.#kept;
    const firstAt = kept?.firstAt ?? scheduler.now();
    const awayMs = kept ? scheduler.now() - kept.savedAt : 0;
    if (awayMs > KEPT_MS) story.trouble('replay gone on with a day later', 'operator', 'goes on with a replay');
    this.#isRunning = true;
    this.#kept = kept;
    const lost: Loss[] = [];
    let startedAt = 0;
    return replay(
      {
        kind: 'stream replayed',
        early,
        // A day is taken for over a little before it is.
        isAway: awayMs > KEPT_MS - HOUR,
        source: (process, events) => {
          const options = reading(this.#world, process);
          startedAt = options.startedAt;
          return streamSource({
            ...options,
            checkpoint: kept ? read(kept.text) : newCheckpoint(stream.arn, DESTINATION),
            save: (checkpoint) => {
              const text = encodeCheckpoint(checkpoint);
              return process.reach(async () => {
                this.#kept = { text, stream, firstAt, savedAt: scheduler.now() };
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
          this.#kept = null;
          const isPassed = ({ availableAt }: { readonly availableAt: number }) => availableAt <= startedAt;
          for (const { id } of unnamedLosses({ stream, firstAt, isPassed, lost })) {
            this.#world.violate(`${name} is done, and change ${id} is nowhere and was named by nobody`);
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
