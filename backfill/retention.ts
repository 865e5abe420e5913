import type { ChangelogStorage } from '../src/changelog/storage.ts';
import type { Clock } from '../src/clock.ts';
import { requirePublishedSnapshot } from '../src/destination/published-state.ts';
import type { RowRetention } from '../src/destination/row-retention.ts';
import type { SnapshotStore } from '../src/destination/snapshot-store.ts';
import { TailraceError } from '../src/errors.ts';
import type { Published } from '../src/snapshot/published.ts';
import { type RetentionPlan, retentionPlan } from '../src/snapshot/retention-rule.ts';
import type { SourceTable } from '../src/source/source-table.ts';

export type RetentionStore = RowRetention &
  Pick<SnapshotStore, 'ledger' | 'describeSnapshot' | 'dropSnapshot' | 'record'>;

export type RetentionOptions = {
  readonly table: SourceTable;
  readonly destination: RetentionStore;
  readonly clock: Clock;
};

/** What a retention would drop. */
export type PlannedRetention = RetentionPlan & {
  /** Rows of the changelog that go. */
  readonly rows: number;
};

/** Never a row whose change is younger: `gaps` looks for the changes that the stream holds. */
const LEAST_HISTORY_DAYS = 1;

const DAY_MS = 24 * 60 * 60_000;

/**
 * Finds what may be dropped. Nothing is changed.
 *
 * @throws {TailraceError} `destination-conflict` if the published snapshot isn't there: then others are the way back.
 */
export async function planRetention(
  { table, destination, clock }: RetentionOptions,
  published: Published,
  { partition, historyDays, keptSince }: ChangelogStorage,
  keep: number,
): Promise<PlannedRetention> {
  await requirePublishedSnapshot(table, published, destination);
  const age = Math.max(historyDays, LEAST_HISTORY_DAYS) * DAY_MS;
  const promisedFrom = await destination.ingestedWithin(table, age);
  const ledger = await destination.ledger(table);
  const now = clock.now();
  const plan = retentionPlan({ ledger, table, published, keep, promisedFrom, keptSince, partition, now });
  const rows = published.snapshotId === null ? 0 : await destination.countRowsBefore(table, plan.before);
  return { ...plan, rows };
}

/**
 * Drops what is planned. The snapshots go first: so nothing that is there needs the rows when they go.
 *
 * It may be killed at any point: a later retention drops what is left.
 *
 * @param actor Who does it: user and host.
 * @throws {TailraceError} `destination-conflict` if the state stands on one of the snapshots by now; `interrupted` if `signal` aborts; else what the destination throws.
 */
export async function carryOutRetention(
  { table, destination, clock }: RetentionOptions,
  { dropped, rows, before }: PlannedRetention,
  { actor, signal }: { readonly actor: string; readonly signal: AbortSignal },
): Promise<void> {
  for (const { snapshot } of dropped) {
    throwIfAborted(table, signal);
    await destination.dropSnapshot(table, snapshot.id);
    if (snapshot.begun === null) continue;
    await destination.record({ ...snapshot.begun, at: clock.now(), event: 'dropped', actor });
  }
  throwIfAborted(table, signal);
  if (rows > 0) await destination.dropRows(table, before);
}

function throwIfAborted({ name }: SourceTable, { aborted }: AbortSignal): void {
  if (!aborted) return;
  throw new TailraceError('interrupted', `The retention of ${name} was interrupted`, {
    remedy: `Run \`tailrace retention ${name}\` again: it drops what is left.`,
  });
}
