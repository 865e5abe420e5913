import type { Destination } from '../../../src/destination/destination.ts';
import { type ErrorKind, TailraceError } from '../../../src/errors.ts';
import { snapshotHistory } from '../../../src/snapshot/history.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';

/** What the ledger shows of a table. */
export type LedgerFinding =
  /** Snapshots of other tables of the same name that still exist. */
  | { readonly foreignSnapshots: number }
  /** Why it can't be used. */
  | { readonly problem: string };

/** Looks into the ledger. One that is missing or was changed is named: without it, no command knows the snapshots. */
export async function lookIntoLedger(
  table: SourceTable,
  destination: Destination,
  published: Published | undefined,
): Promise<LedgerFinding> {
  try {
    const history = snapshotHistory(await destination.ledger(table), published, table);
    return { foreignSnapshots: history.filter(({ isForeign, droppedAt }) => isForeign && droppedAt === null).length };
  } catch (error) {
    if (!(error instanceof TailraceError) || PASSING.includes(error.kind)) throw error;
    return { problem: error.message };
  }
}

/** Failures that say nothing of the ledger. */
const PASSING: readonly ErrorKind[] = [
  'interrupted',
  'destination-unavailable',
  'destination-busy',
  'destination-denied',
];
