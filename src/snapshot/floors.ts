import type { LedgerEvent } from './ledger.ts';
import type { Published } from './published.ts';

/** Times in milliseconds since the epoch. */
export type Floors = {
  /** Changes before it don't count in the state; `null`: all count. */
  readonly published: number | null;
  /**
   * Changes before it needn't count: the reading that the state goes back to began later, and has what they left. Those since
   * then, and before `published`, are past a compaction's horizon: no snapshot has them. `null` if no reading is known.
   */
  readonly reading: number | null;
};

/** Everything counts. */
export const NO_FLOORS: Floors = { published: null, reading: null };

/**
 * The floors of what is published.
 *
 * @param ledger Gives the events of the table's snapshots. Read only if a compaction is published.
 */
export async function floorsOf(published: Published, ledger: () => Promise<readonly LedgerEvent[]>): Promise<Floors> {
  const { snapshotId, reading, floor } = published;
  if (floor === null || reading === null) return { published: floor, reading: null };
  if (reading === snapshotId) return { published: floor, reading: floor };
  const read = (await ledger()).find((event) => event.snapshotId === reading);
  return { published: floor, reading: read === undefined || read.floor === null ? null : Math.min(floor, read.floor) };
}
