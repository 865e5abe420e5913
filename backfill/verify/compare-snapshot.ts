import type { SnapshotId } from '../../src/snapshot/snapshot-id.ts';
import type { TableDescription } from '../../src/source/table-reader.ts';
import type { BackfillCheckpoints } from '../checkpoint.ts';
import { ClaimedReadBudget } from '../cost/claimed-read-budget.ts';
import type { ReadBudgetOptions } from '../cost/read-budget.ts';
import { inspect } from './recheck-comparison.ts';
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
    /** Read capacity units that were used for the snapshot before; they count too. */
    readonly units: number;
    readonly onComparison?: (
      progress: Pick<VerifyProgress, 'phase' | 'open'> & { readonly phase: ComparisonPhase },
    ) => void;
  };

type ComparisonPhase = Exclude<VerifyProgress['phase'], 'scanning'>;

/** What comparing a snapshot came to; `units` are those of the snapshot and of this together. */
export type SnapshotComparison = ComparisonResult & Pick<VerifyResult, 'sourceItems' | 'latestItems' | 'units'>;

/**
 * Compares what was read into a snapshot with the latest view as it is now. Of what was changed in the table since it was
 * read it sees only what the view shows.
 *
 * @throws {TailraceError} as `inspect` does.
 */
export async function compareSnapshot(id: SnapshotId, options: SnapshotComparisonOptions): Promise<SnapshotComparison> {
  const { description, destination, onComparison: onInspection } = options;
  const budget: ClaimedReadBudget = new ClaimedReadBudget({ ...options, used: options.units }, () =>
    saveUnits(budget.claimed, options),
  );
  const comparison = destination.compareSnapshot(description.table, id);
  onInspection?.({ phase: 'comparing', open: 0 });
  const { source, latest, differing } = await comparison.counts('both');
  const inspection = await inspect(comparison, {
    ...options,
    budget,
    scope: 'both',
    differing,
    onOpen: (open) => onInspection?.({ phase: 'rechecking', open }),
  }).finally(() => {
    budget.releaseClaim();
    return saveUnits(budget.claimed, options);
  });
  return { ...inspection, sourceItems: source, latestItems: latest, units: budget.used };
}

/** What looking again may have used by now counts for later runs too, should this one be killed. */
async function saveUnits(units: number, { checkpoints }: SnapshotComparisonOptions): Promise<void> {
  const kept = await checkpoints?.load();
  if (kept) await checkpoints?.save({ ...kept, units });
}
