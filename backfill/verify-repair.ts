import type { StateDifference } from '../src/destination/snapshot-store.ts';
import type { SnapshotId } from '../src/snapshot/snapshot-id.ts';
import type { TableDescription } from '../src/source/table-reader.ts';
import { runBackfill } from './backfill.ts';
import type { BackfillOptions } from './backfill-options.ts';
import { ReadBudget } from './read-budget.ts';
import { requireLatest, scanCapOf } from './verify.ts';
import { inspect } from './verify-inspect.ts';
import {
  foundIn,
  type Inspection,
  type InspectionSettings,
  NOTHING_INSPECTED,
  type VerifyFinding,
  type VerifyOptions,
  type VerifyProgress,
  type VerifyResult,
  verdictOf,
} from './verify-options.ts';

export type RepairOptions = Omit<BackfillOptions, 'decide' | 'publish' | 'destination'> &
  InspectionSettings & {
    readonly destination: BackfillOptions['destination'] & VerifyOptions['destination'];
    /** Told each key that differs still, behind the repair. */
    readonly onLeft?: (finding: VerifyFinding) => void;
    /** Told how the comparison goes; `onProgress` is told how the reading does. */
    readonly onInspection?: (progress: Pick<VerifyProgress, 'phase' | 'open'>) => void;
  };

/** What was found, before anything was repaired; and what became of it. */
export type RepairResult = VerifyResult & {
  /** Whether reading came so far that anything was compared. */
  readonly isCompared: boolean;
  readonly snapshotId: SnapshotId;
  /** The snapshot that the latest view stood on. */
  readonly replaced: SnapshotId | null;
  /** Whether the latest view stands on what was read. */
  readonly isRepaired: boolean;
  /** What that changed; `null` if it wasn't published, or that can't be told. */
  readonly difference: StateDifference | null;
  /** What differs still, behind it; `null` if it wasn't published. */
  readonly left: Inspection | null;
  /** Items that can't be carried exactly. They are dead letters, and no repair brings them. */
  readonly setAside: number;
};

/**
 * Compares a table with its latest view, and makes the view stand on what it read if they differ.
 *
 * It is a backfill that looks before it publishes: what is read becomes a snapshot, which is compared inside the
 * destination and, once a difference is certain, published with all that a backfill makes sure of. Where nothing differs
 * it is dropped. Stopped at any moment, or at its read cap, the next run goes on with it, and so does a backfill.
 *
 * @throws {TailraceError} as `runVerify` and `runBackfill` do.
 */
export async function runRepair(options: RepairOptions): Promise<RepairResult> {
  const { clock, destination, reader, table, onFinding, onLeft } = options;
  const beganAt = clock.now();
  const description = await reader.describe(table);
  const published = await requireLatest(description.table, destination);

  let isCompared = false;
  let found = { ...NOTHING_INSPECTED, sourceItems: 0, latestItems: 0, units: 0 };
  const backfill = await runBackfill({
    ...options,
    maxUnits: scanCapOf(options.maxUnits),
    async decide({ id, units }) {
      isCompared = true;
      found = await look(description, id, { ...options, units, ...(onFinding && { onFinding }) });
      if (foundIn(found) > 0) return 'publish';
      return found.isCapped ? 'keep' : 'drop';
    },
  });
  const { snapshotId, replaced, isPublished, difference, setAside } = backfill;
  const units = Math.max(found.units, backfill.units);
  const left = isPublished
    ? await look(description, snapshotId, { ...options, units, whole: 0, onFinding: onLeft ?? (() => {}) })
    : null;
  const isCapped = backfill.isCapped || found.isCapped;
  return {
    ...found,
    isCapped,
    // Also where a run before has published it, and was stopped right behind that: it had found something.
    verdict: isPublished || setAside > 0 ? 'differ' : verdictOf({ ...found, isCapped }),
    isOverSnapshot: published.snapshotId !== null,
    isCompared: isCompared || isPublished,
    sourceItems: isCompared ? found.sourceItems : backfill.items,
    units: left?.units ?? units,
    durationMs: clock.now() - beganAt,
    snapshotId,
    replaced,
    isRepaired: isPublished,
    difference,
    left,
    setAside,
  };
}

/** Compares what was read with the latest view as it is now. */
async function look(
  description: TableDescription,
  id: SnapshotId,
  options: RepairOptions & { readonly units: number },
): Promise<Inspection & Pick<VerifyResult, 'sourceItems' | 'latestItems' | 'units'>> {
  const { destination, onInspection } = options;
  const budget: ReadBudget = new ReadBudget({
    ...options,
    used: options.units,
    keep: () => keepUnits(budget.spoken, options),
  });
  const comparison = destination.compareSnapshot(description.table, id);
  onInspection?.({ phase: 'comparing', open: 0 });
  const { source, latest, differing } = await comparison.counts('both');
  const inspection = await inspect(comparison, {
    ...options,
    description,
    budget,
    scope: 'both',
    differing,
    onOpen: (open) => onInspection?.({ phase: 'settling', open }),
  }).finally(() => {
    // Nothing is asked for any more, so nothing more need be spoken for.
    budget.end();
    return keepUnits(budget.spoken, options);
  });
  return { ...inspection, sourceItems: source, latestItems: latest, units: budget.used };
}

/** What looking again may have used by now counts for later runs too, should this one be killed. */
async function keepUnits(units: number, { checkpoints }: RepairOptions): Promise<void> {
  const kept = await checkpoints?.load();
  if (kept) await checkpoints?.save({ ...kept, units });
}
