import type { Clock } from '../src/clock.ts';
import type { DeadLetters } from '../src/delivery/dead-letter.ts';
import type { Destination } from '../src/destination/destination.ts';
import type { Log } from '../src/log.ts';
import type { Transform } from '../src/privacy/transform.ts';
import type { Random } from '../src/random.ts';
import type { SnapshotId } from '../src/snapshot/snapshot-id.ts';
import type { TableDescription, TableReader } from '../src/source/table-reader.ts';
import type { StreamClient } from '../src/stream/stream-client.ts';
import type { BackfillCheckpoints } from './checkpoint.ts';
import type { SnapshotBasis } from './pending-snapshot.ts';

export type RunBackfillOptions = {
  /** Name of the DynamoDB table. */
  readonly table: string;
  readonly reader: TableReader;
  readonly streams: Pick<StreamClient, 'describe'>;
  readonly destination: BackfillDestination;
  readonly deadLetters: DeadLetters;
  readonly transform: Transform;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /**
   * Into how many parts the table is cut; they are read at once. By default as many as the run before that is gone on
   * with, or {@link DEFAULT_SEGMENTS}.
   */
  readonly segments?: number | undefined;
  /** How long a young stream must have been seen ENABLED before the scan starts; 0 on embedded servers. */
  readonly minStreamAgeMs: number;
  /** Who does it: user and host. */
  readonly actor: string;
  readonly signal: AbortSignal;
  /** Where its progress is kept. Without, nothing can be gone on with, and a failure drops what was read. */
  readonly checkpoints?: BackfillCheckpoints;
  /** Drop what an earlier run read, and begin anew. */
  readonly restart?: boolean;
  /** @default true */
  readonly publish?: boolean;
  /**
   * Asked once the snapshot is whole what becomes of it, after whatever takes time. What is kept is left as if the cap
   * had been reached: the next run goes on with it. Without, it is published if `publish` says so.
   */
  readonly decide?: (whole: WholeSnapshot) => Promise<'publish' | 'drop' | 'keep'>;
  /** Read capacity units never to be passed, by all runs of this backfill together. */
  readonly maxUnits?: number | undefined;
  /** Read capacity units that the cap counts too, where this begins what was read before anew. */
  readonly unitsBefore?: number;
  /** Read capacity units a second, over all segments; without, as fast as it goes. */
  readonly unitsPerSecond?: number | undefined;
  /** After how many rows the first chunk is loaded too, at the end of a page; later ones grow. Without, however many. */
  readonly maxChunkRows?: number;
  /**
   * A directory for what was read and isn't loaded: rows, after the transform. Nobody else may use it; it is removed at
   * the end, and what a killed process left in it at the next start. So it is the same one whenever this table is read.
   */
  readonly spool: string;
  readonly onProgress?: (progress: BackfillProgress) => void;
  /** Told what it goes on with, before anything more is read. */
  readonly onResume?: (basis: SnapshotBasis) => Promise<void>;
};

/** A snapshot that nobody sees yet, with all of the table in it. */
export type WholeSnapshot = {
  readonly description: TableDescription;
  readonly id: SnapshotId;
  /** Read capacity units used for it. */
  readonly units: number;
};

export type BackfillDestination = Pick<
  Destination,
  | 'prepare'
  | 'known'
  | 'published'
  | 'createSnapshot'
  | 'loadSnapshot'
  | 'maxLoadCharacters'
  | 'countSnapshot'
  | 'compareStates'
  | 'publish'
  | 'dropSnapshot'
  | 'record'
  | 'ledger'
>;

/** Four at once read a small table as fast as a laptop can encode it, and leave most of its capacity to others. */
export const DEFAULT_SEGMENTS = 4;

export type BackfillProgress = {
  readonly phase: 'waiting' | 'scanning' | 'publishing';
  /** Items read so far, by runs before too. */
  readonly items: number;
  /** About how many there are; hours old, and 0 where the server doesn't count. */
  readonly aboutItems: number;
  /** Read capacity units used so far, by runs before too. */
  readonly units: number;
  readonly segments: number;
  readonly segmentsDone: number;
  /** Milliseconds that are waited in phase `waiting`; 0 otherwise. */
  readonly waitMs: number;
  /** Whether it goes on where a run before was stopped. */
  readonly isResumed: boolean;
};
