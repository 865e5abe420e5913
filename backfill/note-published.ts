import { nameOf } from '../src/errors.ts';
import type { Log } from '../src/log.ts';

/** Waits until the ledger says that a snapshot is published. The view is the truth, so it may fail: that is said then. */
export async function notePublished(
  recorded: Promise<void>,
  log: Log,
  snapshot: { readonly table: string; readonly snapshot: string },
): Promise<void> {
  await recorded.catch((error: unknown) => {
    log.warn('snapshot published, but not in the ledger', { ...snapshot, error: nameOf(error) });
  });
}
