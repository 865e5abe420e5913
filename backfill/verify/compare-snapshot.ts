import type { SnapshotId } from '../../src/snapshot/snapshot-id.ts';
import type { TableDescription } from '../../src/source/table-reader.ts';
import type { BackfillCheckpoints } from '../checkpoint.ts';
import { ClaimedReadBudget } from '../cost/claimed-read-budget.ts';
import type { ReadBudgetOptions } from '../cost/read-budget.ts';
import { recheckComparison } from './recheck-comparison.ts';
import { Rechecker } from './rechecker.ts';
import type {
  ComparisonResult,
  ComparisonSettings,
  RunVerifyOptions,
  VerifyProgress,
  VerifyResult,
} from './verify-options.ts';

export type SnapshotComparisonOptions = ComparisonSettings &
  Pick<ReadBudgetOptions, 'maxUnits' | 'unitsPerSecond'> & {
    readonly description: TableDescription;
    readonly destination: RunVerifyOptions['destination'];
    readonly checkpoints?: BackfillCheckpoints;
    /** Read capacity units that reading the snapshot used; they count against the cap. */
    readonly units: number;
    readonly onComparison?: (
      progress: Pick<VerifyProgress, 'phase' | 'open'> & { readonly phase: ComparisonPhase },
    ) => void;
  };

type ComparisonPhase = Exclude<VerifyProgress['phase'], 'scanning'>;

/** The result of comparing a snapshot; `units` count its reading, too. */
export type SnapshotComparison = ComparisonResult & Pick<VerifyResult, 'sourceItems' | 'latestItems' | 'units'>;

/**
 * Compares a snapshot with the latest view as it is now. Of changes since the scan it sees only those that the view
 * shows.
 *
 * @throws {TailraceError} as {@link Rechecker.recheck} does.
 */
export async function compareSnapshot(id: SnapshotId, options: SnapshotComparisonOptions): Promise<SnapshotComparison> {
  const { description, destination, whole, onComparison } = options;
  const budget: ClaimedReadBudget = new ClaimedReadBudget({ ...options, used: options.units }, () =>
    saveUnits(budget.claimed, options),
  );
  const comparison = destination.compareSnapshot(description.table, id);
  onComparison?.({ phase: 'comparing', open: 0 });
  const { source, latest, differing } = await comparison.counts('both');
  const onOpen = (open: number) => onComparison?.({ phase: 'rechecking', open });
  const rechecker = new Rechecker({ ...options, budget, onOpen });
  await recheckComparison(comparison, rechecker, { scope: 'both', differing, whole }).finally(() => {
    budget.releaseClaim();
    return saveUnits(budget.claimed, options);
  });
  return { ...rechecker.result, sourceItems: source, latestItems: latest, units: budget.used };
}

/** Saves what rechecking may have used by now: it counts in later runs, if this one is killed. */
async function saveUnits(units: number, { checkpoints }: SnapshotComparisonOptions): Promise<void> {
  const checkpoint = await checkpoints?.load();
  if (checkpoint) await checkpoints?.save({ ...checkpoint, units });
}
