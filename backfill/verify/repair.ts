import type { StateDifference } from '../../src/destination/snapshot-store.ts';
import type { SnapshotId } from '../../src/snapshot/snapshot-id.ts';
import { type BackfillResult, runBackfill } from '../backfill.ts';
import { DEFAULT_SEGMENTS, type RunBackfillOptions } from '../backfill-options.ts';
import { MAX_PAGE_UNITS } from '../cost/request-cost.ts';
import { compareSnapshot, type SnapshotComparisonOptions } from './compare-snapshot.ts';
import { requireLatest, runVerify, scanCapOf } from './verify.ts';
import {
  type ComparisonResult,
  type ComparisonSettings,
  foundIn,
  NOTHING_COMPARED,
  type RunVerifyOptions,
  type VerifyFinding,
  type VerifyProgress,
  type VerifyResult,
  verdictOf,
} from './verify-options.ts';

export type RepairOptions = Omit<RunBackfillOptions, 'decide' | 'publish' | 'destination'> &
  ComparisonSettings & {
    readonly destination: RunBackfillOptions['destination'] & RunVerifyOptions['destination'];
    /** Reports each key that still differs after the repair. */
    readonly onRemaining?: (finding: VerifyFinding) => void;
    /** Reports the progress of comparing; `onProgress` that of reading. */
    readonly onComparison?: (progress: RepairProgress) => void;
    /** Reports that the table is read once more, as an earlier run's reading says nothing of now; and what for. */
    readonly onRescan?: (next: 'repair' | 'comparison') => void;
  };

/** Phase `scanning` comes only where the table is read once more after the repair. */
export type RepairProgress = VerifyProgress | Parameters<NonNullable<SnapshotComparisonOptions['onComparison']>>[0];

/** What differed before the repair, and what the repair did. */
export type RepairResult = VerifyResult & {
  /** Whether the reading ended, so that anything was compared. */
  readonly isCompared: boolean;
  readonly snapshotId: SnapshotId;
  /** The snapshot that the state stood on. */
  readonly replaced: SnapshotId | null;
  /** Whether the state stands on what was read. */
  readonly isRepaired: boolean;
  /** Whether the next run resumes what was read. */
  readonly isResumable: boolean;
  /** What publishing it changed; `null` if it wasn't published, or that can't be counted. */
  readonly difference: StateDifference | null;
  /** What still differs after it; `null` if it wasn't published. */
  readonly check: RepairCheck | null;
  /** Items that can't be carried exactly. They are dead letters, and no repair brings them. */
  readonly setAside: number;
};

/** The comparison after a repair. */
export type RepairCheck = ComparisonResult &
  Pick<VerifyResult, 'verdict' | 'sourceItems'> & {
    /** Read capacity units of this comparison. */
    readonly units: number;
    /** Whether the table was read once more for it. */
    readonly isRescanned: boolean;
  };

/**
 * Compares a table with its latest view, and makes the state stand on what it read if they differ.
 *
 * It is a backfill that compares before it publishes: the scan becomes a snapshot, which is compared inside the destination
 * and, once a difference is certain, published with all that a backfill makes sure of. If nothing differs it is dropped.
 * If it is stopped, at any moment or at its read cap, the next run resumes it, and so does a backfill.
 *
 * The reading of one unbroken run proves as much as `runVerify` does. An earlier run's reading doesn't: changes may have
 * been lost since. So it may be published, but never proves agreement. If nothing of it differs, it is dropped and the
 * table is read again; if it was published, the table is compared again after it.
 *
 * @throws {TailraceError} as `runVerify` and `runBackfill` do.
 */
export async function runRepair(options: RepairOptions): Promise<RepairResult> {
  const { clock, destination, reader, table, onFinding, maxUnits } = options;
  const beganAt = clock.now();
  const description = await reader.describe(table);
  const published = await requireLatest(description.table, destination);

  let isCompared = false;
  let found = { ...NOTHING_COMPARED, sourceItems: 0, latestItems: 0, units: 0 };
  const backfill = await runBackfill({
    ...options,
    maxUnits: scanCapOf(maxUnits),
    async decide({ id, units }) {
      isCompared = true;
      found = await compareSnapshot(id, { ...options, description, units, ...(onFinding && { onFinding }) });
      if (foundIn(found) > 0) return 'publish';
      return found.isCapped ? 'leave' : 'drop';
    },
  });
  const { snapshotId, replaced, isPublished, difference, setAside } = backfill;
  const units = Math.max(found.units, backfill.units);
  const isStale = backfill.isResumed && !isPublished && !backfill.isCapped;
  if (isStale && hasRoom(maxUnits, units, backfill)) {
    options.onRescan?.('repair');
    const again = await runRepair({ ...options, unitsBefore: units });
    return { ...again, durationMs: clock.now() - beganAt };
  }
  const check = isPublished ? await checkRepair(backfill, { ...options, description, units }) : null;
  const isCapped = backfill.isCapped || found.isCapped || isStale;
  return {
    ...found,
    isCapped,
    // An earlier run that published it and was killed right after had found something, too.
    repeated: backfill.repeated,
    verdict: isPublished || setAside + backfill.repeated > 0 ? 'differ' : verdictOf({ ...found, isCapped }),
    isOverSnapshot: published.snapshotId !== null,
    isCompared: isCompared || isPublished,
    sourceItems: isCompared ? found.sourceItems : backfill.items,
    units: units + (check?.units ?? 0),
    durationMs: clock.now() - beganAt,
    snapshotId,
    replaced,
    isRepaired: isPublished,
    isResumable: backfill.isCapped,
    difference,
    check,
    setAside,
  };
}

/** Whether the cap lets the table be read once more. A reading that is stopped there would be stale once resumed. */
function hasRoom(maxUnits: number | undefined, used: number, { units }: BackfillResult): boolean {
  return used + units + MAX_PAGE_UNITS <= (scanCapOf(maxUnits) ?? Number.POSITIVE_INFINITY);
}

/** Compares once more, after the repair. */
async function checkRepair(
  { isResumed, snapshotId }: BackfillResult,
  options: RepairOptions & SnapshotComparisonOptions,
): Promise<RepairCheck> {
  const {
    units,
    maxUnits,
    segments = DEFAULT_SEGMENTS,
    onRemaining = () => {},
    onComparison: onInspection,
    onRescan,
  } = options;
  const comparing = { ...options, whole: 0, onFinding: onRemaining };
  if (!isResumed) {
    const compared = await compareSnapshot(snapshotId, comparing);
    return { ...compared, verdict: verdictOf(compared), units: compared.units - units, isRescanned: false };
  }
  onRescan?.('comparison');
  const compared = await runVerify({
    ...comparing,
    segments,
    maxUnits: maxUnits && Math.max(0, maxUnits - units),
    onProgress: (progress) => onInspection?.(progress),
  });
  return { ...compared, isRescanned: true };
}
