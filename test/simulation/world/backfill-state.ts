import type { BackfillCheckpoints } from '../../../backfill/checkpoint.ts';
import { decodeBackfillCheckpoint, encodeBackfillCheckpoint } from '../../../backfill/checkpoint-format.ts';
import type { Process } from './process.ts';

/** A directory in which one backfill at a time keeps how far it has come, and what was true when it began. */
export class BackfillState {
  readonly directory: string;
  #saved: string | null = null;
  /** Somebody works in it. */
  isLocked = false;
  /** Whoever works in it, or was the last to. */
  run: Process | null = null;
  /** What was read under it is worth nothing any more: the next backfill must begin anew. */
  isSpent = false;
  /** When the reading began, by DynamoDB's clock, and under which stream. */
  begun: { readonly at: number; readonly streamArn: string } | null = null;
  /** Read capacity units that it has cost since then. */
  units = 0;
  /** How many segments it is read in, and which were read to their end. */
  segments = 0;
  readonly ended = new Set<number>();
  /** The stream that the table had when it was last asked for, since the reading ended; `null` if nobody asked. */
  askedUnder: string | null = null;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Whether a run before can be gone on with. */
  get isResumable(): boolean {
    return this.#saved !== null;
  }

  /** The directory as one process reaches it. */
  reachedBy(process: Process): BackfillCheckpoints {
    return {
      name: this.directory,
      destination: 'duckdb:memory',
      load: () =>
        process.reach(async () => {
          if (this.#saved === null) return null;
          const checkpoint = decodeBackfillCheckpoint(this.#saved);
          if ('problem' in checkpoint) throw new Error(`The saved checkpoint ${checkpoint.problem}`);
          return checkpoint;
        }),
      save: (checkpoint) => {
        // As it is at the moment of the call.
        const text = encodeBackfillCheckpoint(checkpoint);
        return process.reach(async () => {
          this.#saved = text;
        });
      },
      clear: () =>
        process.reach(async () => {
          this.#saved = null;
        }),
    };
  }
}
