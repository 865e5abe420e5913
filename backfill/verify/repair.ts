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
    /** Told each key that differs still, behind the repair. */
    readonly onRemaining?: (finding: VerifyFinding) => void;
    /** Told how comparing goes; `onProgress` is told how the reading does. */
    readonly onComparison?: (progress: RepairProgress) => void;
    /** Told that what an earlier run had read says nothing of now, and what comes next. */
    readonly onRescan?: (next: 'repair' | 'comparison') => void;
  };

/** Of phase `scanning` only where the table is read once more behind the repair. */
export type RepairProgress = VerifyProgress | Parameters<NonNullable<SnapshotComparisonOptions['onComparison']>>[0];

/** What was found, before anything was repaired; and what became of it. */
export type RepairResult = VerifyResult & {
  /** Whether reading came so far that anything was compared. */
  readonly isCompared: boolean;
  readonly snapshotId: SnapshotId;
  /** The snapshot that the latest view stood on. */
  readonly replaced: SnapshotId | null;
  /** Whether the latest view stands on what was read. */
  readonly isRepaired: boolean;
  /** Whether what was read is kept, for the next run to go on with. */
  readonly isResumable: boolean;
  /** What publishing it changed; `null` if it wasn't published, or that can't be told. */
  readonly difference: StateDifference | null;
  /** What differs still, behind it; `null` if it wasn't published. */
  readonly check: RepairCheck | null;
  /** Items that can't be carried exactly. They are dead letters, and no repair brings them. */
  readonly setAside: number;
};

/** What was found behind a repair. */
export type RepairCheck = ComparisonResult &
  Pick<VerifyResult, 'verdict' | 'sourceItems'> & {
    /** Read capacity units that this look has cost. */
    readonly units: number;
    /** Whether the table was read once more for it. */
    readonly isRescanned: boolean;
  };

/**
 * Compares a table with its latest view, and makes the view stand on what it read if they differ.
 *
 * It is a backfill that looks before it publishes: what is read becomes a snapshot, which is compared inside the
 * destination and, once a difference is certain, published with all that a backfill makes sure of. Where nothing differs
 * it is dropped. Stopped at any moment, or at its read cap, the next run goes on with it, and so does a backfill.
 *
 * What one unbroken run has read says as much of the table as `runVerify` does. What an earlier run read doesn't: nobody
 * knows what was lost since. So it is good for publishing, but never for a verdict of agreement. Where nothing of it
 * differs, it is dropped and the table is read anew; where it was published, the table is compared anew behind it.
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
    const anew = await runRepair({ ...options, unitsBefore: units });
    return { ...anew, durationMs: clock.now() - beganAt };
  }
  const check = isPublished ? await checkRepair(backfill, { ...options, description, units }) : null;
  const isCapped = backfill.isCapped || found.isCapped || isStale;
  return {
    ...found,
    isCapped,
    // Also where a run before has published it, and was stopped right behind that: it had found something.
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

/** Whether the cap lets the table be read once more: a reading that it stops would be as old when it is gone on with. */
function hasRoom(maxUnits: number | undefined, used: number, { units }: BackfillResult): boolean {
  return used + units + MAX_PAGE_UNITS <= (scanCapOf(maxUnits) ?? Number.POSITIVE_INFINITY);
}

/** Looks once more, behind the repair. */
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
  const looking = { ...options, whole: 0, onFinding: onRemaining };
  if (!isResumed) {
    const look = await compareSnapshot(snapshotId, looking);
    return { ...look, verdict: verdictOf(look), units: look.units - units, isRescanned: false };
  }
  onRescan?.('comparison');
  const look = await runVerify({
    ...looking,
    segments,
    maxUnits: maxUnits && Math.max(0, maxUnits - units),
    onProgress: (progress) => onInspection?.(progress),
  });
  return { ...look, isRescanned: true };
}
