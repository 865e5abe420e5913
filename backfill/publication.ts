import type { SnapshotStore, StateDifference } from '../src/destination/snapshot-store.ts';
import { nameOf, TailraceError } from '../src/errors.ts';
import type { Log } from '../src/log.ts';
import type { Published } from '../src/snapshot/published.ts';
import type { SourceTable } from '../src/source/source-table.ts';

/**
 * How publishing `after` in place of `before` changes the state; `null`, and a warning in the log, if the destination can't
 * count it.
 *
 * That doesn't prevent publishing: if someone dropped the snapshot before, publishing another one repairs the state.
 */
export async function countDifference(
  { destination, log }: { readonly destination: Pick<SnapshotStore, 'compareStates'>; readonly log: Log },
  table: SourceTable,
  before: Published,
  after: Published,
): Promise<StateDifference | null> {
  try {
    return await destination.compareStates(table, before, after);
  } catch (error) {
    if (!(error instanceof TailraceError)) throw error;
    log.warn('changes by a snapshot could not be counted', {
      table: table.name,
      snapshot: after.snapshotId,
      error: nameOf(error),
    });
    return null;
  }
}

/** Waits until the ledger has recorded a publication. A failure is only logged: the state itself is the truth. */
export async function recordPublished(
  recorded: Promise<void>,
  log: Log,
  snapshot: { readonly table: string; readonly snapshot: string },
): Promise<void> {
  await recorded.catch((error: unknown) => {
    log.warn('snapshot published, but not in the ledger', { ...snapshot, error: nameOf(error) });
  });
}
