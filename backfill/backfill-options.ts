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
import type { PendingSnapshotOptions, SnapshotBasis } from './pending-snapshot.ts';

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
   * Into how many parts the table is cut; they are read at once. By default as many as the backfill that it resumes, or
   * {@link DEFAULT_SEGMENTS}.
   */
  readonly segments?: number | undefined;
  /** How long a young stream must have been seen ENABLED before the scan starts; 0 on embedded servers. */
  readonly minStreamAgeMs: number;
  /** Who runs it: user and host. */
  readonly actor: string;
  readonly signal: AbortSignal;
  /** Where its progress is stored. Without, no run can resume it, and a failure drops what was read. */
  readonly checkpoints?: BackfillCheckpoints;
  /** Drop what an earlier run read, and start over. */
  readonly restart?: boolean;
  /** @default true */
  readonly publish?: boolean;
  /**
   * Decides what becomes of a whole snapshot. `leave` leaves it as the read cap does: the next run resumes it. Without, it
   * is published if `publish` is true.
   */
  readonly decide?: (whole: WholeSnapshot) => Promise<'publish' | 'drop' | 'leave'>;
  /** Read capacity units never to be passed, by all runs of this backfill together. */
  readonly maxUnits?: number | undefined;
  /** Read capacity units of earlier readings that the cap counts too. */
  readonly unitsBefore?: number;
  /** Read capacity units a second, over all segments; without, as fast as it goes. */
  readonly unitsPerSecond?: number | undefined;
  /** The most rows of the first chunk, at the end of a page; later ones grow. Without, only their size bounds chunks. */
  readonly maxChunkRows?: number;
  /**
   * A directory for rows that were read and aren't loaded yet, after the transform. No other process may use it. It is
   * removed at the end; what a killed process left in it goes at the next start, so a table always has the same one.
   */
  readonly spool: string;
  readonly onProgress?: (progress: BackfillProgress) => void;
  /** Reports the snapshot that it resumes, before anything more is read. */
  readonly onResume?: (basis: SnapshotBasis) => Promise<void>;
};

/** An unpublished snapshot with all of the table in it. */
export type WholeSnapshot = {
  readonly description: TableDescription;
  readonly id: SnapshotId;
  /** Read capacity units used for it. */
  readonly units: number;
};

export type BackfillDestination = PendingSnapshotOptions['destination'] &
  Pick<Destination, 'prepare' | 'known' | 'readingFrom' | 'loadSnapshot' | 'maxLoadCharacters' | 'ledger'>;

/** Four at once read a small table as fast as a laptop can encode it, and leave most of its capacity to others. */
export const DEFAULT_SEGMENTS = 4;

export type BackfillProgress = {
  readonly phase: 'waiting' | 'scanning' | 'publishing';
  /** Items read so far, by earlier runs too. */
  readonly items: number;
  /** About how many there are; hours old, and 0 where the server doesn't count. */
  readonly aboutItems: number;
  /** Read capacity units used so far, by earlier runs too. */
  readonly units: number;
  readonly segments: number;
  readonly segmentsDone: number;
  /** How long phase `waiting` lasts, in milliseconds; 0 in other phases. */
  readonly waitMs: number;
  /** Whether it resumes what an earlier run read. */
  readonly isResumed: boolean;
};
