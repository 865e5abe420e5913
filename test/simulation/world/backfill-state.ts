import type { BackfillCheckpoints } from '../../../backfill/checkpoint.ts';
import { decodeBackfillCheckpoint, encodeBackfillCheckpoint } from '../../../backfill/checkpoint-format.ts';
import type { Process } from './process.ts';

/** A state directory, in which one backfill at a time saves its progress, and what was true when it began. */
export class BackfillState {
  readonly directory: string;
  #saved: string | null = null;
  /** Whether a backfill runs in it. */
  isLocked = false;
  /** The process that runs in it or was the last to. */
  run: Process | null = null;
  /** Whether its snapshot can't be published any more: the next backfill must restart. */
  isSpent = false;
  /** When the reading began, by DynamoDB's clock, and under which stream. */
  begun: { readonly at: number; readonly streamArn: string } | null = null;
  /** The snapshot that it makes; `null` until its table is made. */
  snapshotId: string | null = null;
  /** How much had been published when it looked what it would replace. */
  publicationsBefore = 0;
  /** Read capacity units consumed since then. */
  units = 0;
  /** The number of segments, and those that were read to their end. */
  segments = 0;
  readonly ended = new Set<number>();
  /** The table's stream when a description was last asked for after the reading ended; `null` if none was. */
  askedUnder: string | null = null;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Whether an earlier run can be resumed. */
  get isResumable(): boolean {
    return this.#saved !== null;
  }

  /** The directory as one process uses it. */
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
