import { isKind } from '../src/errors.ts';
import type { BackfillJob } from './backfill-job.ts';
import type { BackfillProgress, RunBackfillOptions } from './backfill-options.ts';
import { ClaimedReadBudget } from './cost/claimed-read-budget.ts';
import { scanTable } from './scan/scan.ts';
import { type LoadCounts, SnapshotLoader } from './snapshot-loader.ts';

/**
 * Reads the rest of a table into its snapshot. When it resolves, all that was read is durable.
 *
 * The checkpoint never runs ahead of what is durable. At the cap, or when a person interrupts, the pages in hand are made
 * durable first: they were paid for.
 */
export async function scanInto(
  job: BackfillJob,
  options: RunBackfillOptions,
): Promise<LoadCounts & { readonly units: number; readonly isCapped: boolean }> {
  const { table, reader, signal, clock, checkpoints, onProgress } = options;
  const { description, basis, segments } = job;
  const progress: Mutable<BackfillProgress> = {
    phase: 'scanning',
    items: segments.reduce((items, segment) => items + segment.items, 0),
    aboutItems: description.itemCount,
    units: job.units,
    segments: segments.length,
    segmentsDone: segments.filter(({ done }) => done).length,
    waitMs: 0,
    isResumed: job.isResumed,
  };
  const budget: ClaimedReadBudget = new ClaimedReadBudget({ ...options, used: job.units }, () => save());
  const save = coalesced(() => saveProgress({ basis, segments: loader.segments, units: budget.claimed }, options));
  using loader = new SnapshotLoader({
    ...options,
    description,
    id: basis.id,
    now: () => clock.now(),
    segments,
    onDurable: save,
  });

  onProgress?.({ ...progress });
  try {
    await scanTable({ reader, table, segments: segments.length, starts: segments, signal, budget }, async (page) => {
      progress.units = budget.used;
      await loader.take(page);
      progress.items += page.items.length;
      if (page.lastKey === null) progress.segmentsDone++;
      onProgress?.({ ...progress });
    });
  } catch (error) {
    if (!checkpoints || !isKind(error, 'interrupted', 'read-cap-reached')) throw error;
    await loader.flush();
    if (isKind(error, 'interrupted')) throw error;
    return { ...loader.counts, units: budget.used, isCapped: true };
  } finally {
    // However it ends: what was claimed and never used is there for the next run.
    budget.releaseClaim();
    await save();
  }
  onProgress?.({ ...progress, phase: 'publishing' });
  return { ...loader.counts, units: budget.used, isCapped: false };
}

/** Saves how far a backfill has come, if there are checkpoints. */
export async function saveProgress(
  { basis, segments, units }: Pick<BackfillJob, 'basis' | 'segments' | 'units'>,
  { checkpoints, transform: { rules } }: RunBackfillOptions,
): Promise<void> {
  await checkpoints?.save({ destination: checkpoints.destination, basis, rules, segments, units });
}

/** Runs `work` once for all calls that wait for its next run, and never twice at a time. */
function coalesced(work: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    const begin = () => {
      next = undefined;
      return work();
    };
    next ??= last = last.then(begin, begin);
    return next;
  };
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };
