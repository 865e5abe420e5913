import type { Clock } from '../../src/clock.ts';
import type { Comparer } from '../../src/destination/comparer.ts';
import type { LatestReader, TableSetup } from '../../src/destination/destination.ts';
import type { SnapshotStore } from '../../src/destination/snapshot-store.ts';
import type { Transform } from '../../src/privacy/transform.ts';
import type { Random } from '../../src/random.ts';
import type { TableReader } from '../../src/source/table-reader.ts';
import type { Difference } from './recheck.ts';

/**
 * How long a change may take from the table to the view before its lateness counts as a difference: a batch window of
 * Lambda, a retry, and the seconds until a destination shows what it took. Only keys that differ wait for it.
 */
export const DEFAULT_LAG_MS = 30_000;

/** After this many lags, and some observations, a key whose row doesn't follow it stays unsettled. */
const MAX_RECHECK_LAGS = 10;

/** How many items whose digests agree are compared whole as well. */
export const DEFAULT_WHOLE = 100;
/** How many findings are enough to stop: each costs about fourteen reads. */
export const DEFAULT_MAX_FINDINGS = 1000;

/** How differences are found and reported, whatever was compared. */
export type ComparisonSettings = {
  readonly reader: Pick<TableReader, 'get'>;
  readonly destination: Pick<LatestReader, 'lookup'>;
  readonly transform: Transform;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly lagMs?: number | undefined;
  readonly maxRecheckMs?: number | undefined;
  /** How many items whose digests agree are compared whole as well. */
  readonly whole?: number | undefined;
  /** How many findings are enough to stop. */
  readonly maxFindings?: number | undefined;
  /** Reports each finding as soon as it is certain. */
  readonly onFinding?: (finding: VerifyFinding) => void;
};

export type RunVerifyOptions = ComparisonSettings & {
  /** Name of the DynamoDB table. */
  readonly table: string;
  readonly reader: Pick<TableReader, 'describe' | 'scan' | 'get'>;
  readonly destination: Comparer &
    Pick<LatestReader, 'lookup'> &
    Pick<SnapshotStore, 'published'> &
    Pick<TableSetup, 'known'>;
  readonly random: Random;
  /** How many parts of the table are read at once. The whole table is cut into as many, a sample's into more. */
  readonly segments: number;
  /** A directory for keys and digests that aren't loaded yet; several comparisons may use it. */
  readonly spool: string;
  /** Read capacity units never to be passed. */
  readonly maxUnits?: number | undefined;
  /** Read capacity units a second, over scan and rechecks; without, as fast as it goes. */
  readonly unitsPerSecond?: number | undefined;
  readonly onProgress?: (progress: VerifyProgress) => void;
};

export type VerifyProgress = {
  readonly phase: 'scanning' | 'comparing' | 'rechecking';
  /** Items read so far. */
  readonly items: number;
  /** About how many there are; hours old, and 0 where the server doesn't count. */
  readonly aboutItems: number;
  /** Read capacity units so far. */
  readonly units: number;
  /** Keys that are being rechecked; 0 outside of phase `rechecking`. */
  readonly open: number;
};

/**
 * A key that differs, or that the source gave more than once. `key` is `null` only where even the key can't be carried.
 */
export type VerifyFinding = Omit<Difference, 'key' | 'finding'> & {
  readonly key: string | null;
  readonly finding: Difference['finding'] | 'repeated';
};

/** What a comparison found: the keys that differ, and those that may. */
export type ComparisonResult = {
  /** How many keys certainly differ, and how. */
  readonly missing: number;
  readonly extra: number;
  readonly different: number;
  /** How often the source gave a key that it had given before: the view shows only one of the items. */
  readonly repeated: number;
  /** How many of them were not reported: the findings were enough. */
  readonly unlisted: number;
  /** Keys that were written to all the time, while the view followed: no difference. */
  readonly changing: number;
  /** Keys without a verdict: the latest view doesn't keep up with them. */
  readonly unsettled: number;
  /** Keys that may differ and weren't rechecked: the findings were enough, or the read cap was reached. */
  readonly unexamined: number;
  /** Items that were compared whole. */
  readonly whole: number;
  /** Whether the read cap was reached. */
  readonly isCapped: boolean;
};

/** The result before anything is compared. */
export const NOTHING_COMPARED: ComparisonResult = {
  missing: 0,
  extra: 0,
  different: 0,
  repeated: 0,
  unlisted: 0,
  changing: 0,
  unsettled: 0,
  unexamined: 0,
  whole: 0,
  isCapped: false,
};

export type VerifyResult = ComparisonResult & {
  /** `capped` and `unfinished`: nothing was found, but some keys were not read, or have no verdict. */
  readonly verdict: 'agree' | 'differ' | 'capped' | 'unfinished';
  /** Distinct items that were read and compared. */
  readonly sourceItems: number;
  /** Rows of the latest view that they were compared with; all of them, unless the cap was reached. */
  readonly latestItems: number;
  /** Whether the state stands on a snapshot; before the first one, it has only what the stream brought. */
  readonly isOverSnapshot: boolean;
  /** Read capacity units. */
  readonly units: number;
  readonly durationMs: number;
};

/** How long keys are rechecked, if that is long enough for the observations that a verdict needs. */
export function maxRecheckMsOf({ lagMs = DEFAULT_LAG_MS, maxRecheckMs }: ComparisonSettings): number {
  return maxRecheckMs ?? lagMs * MAX_RECHECK_LAGS;
}

/** The verdict of a comparison. */
export function verdictOf(result: ComparisonResult): VerifyResult['verdict'] {
  if (foundIn(result) + result.repeated > 0) return 'differ';
  if (result.isCapped) return 'capped';
  return result.unsettled + result.unexamined > 0 ? 'unfinished' : 'agree';
}

/** How many keys certainly differ. */
export function foundIn({ missing, extra, different }: ComparisonResult): number {
  return missing + extra + different;
}
