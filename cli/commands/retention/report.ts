import type { PlannedRetention } from '../../../backfill/retention.ts';
import type { SnapshotRecord } from '../../../src/snapshot/history.ts';
import type { DropReason, StayReason } from '../../../src/snapshot/retention-rule.ts';
import { counted, isoTime } from '../../terminal/format.ts';
import type { JsonObject } from '../../terminal/output.ts';

/** Whether there is nothing to drop. */
export function isNothing({ dropped, rows }: PlannedRetention): boolean {
  return dropped.length === 0 && rows === 0;
}

/** What goes, such as `2 snapshots and 1,200 changes, ingested before 2026-03-04T00:00:00Z`. */
export function describeDropped(plan: PlannedRetention): string {
  const { dropped, rows } = plan;
  return [
    ...(dropped.length > 0 ? [counted(dropped.length, 'snapshot')] : []),
    ...(rows > 0 ? [changesOf(plan)] : []),
  ].join(' and ');
}

/** What went and why, or would go, and what stays and why. */
export function retentionLines(
  table: string,
  plan: PlannedRetention,
  { historyDays, dryRun }: { readonly historyDays: number; readonly dryRun: boolean },
): readonly string[] {
  const { dropped, stays, rows } = plan;
  const verb = dryRun ? 'Would be dropped' : 'Dropped';
  return [
    ...dropped.map(({ snapshot, reason }) => `${verb}: ${describe(snapshot)}: ${DROP_REASONS[reason]}.`),
    ...stays.map(({ snapshot, reason }) => `Stays: ${describe(snapshot)}: ${stayReason(table, snapshot, reason)}.`),
    ...(rows > 0 ? [`${verb}: ${changesOf(plan)}.`] : []),
    limitLine(plan, historyDays),
    ...(isNothing(plan) ? [`Nothing of ${table} is to be dropped.`] : []),
    ...(dryRun && !isNothing(plan) ? ['Nothing was changed.'] : []),
  ];
}

export function retentionSummary(
  table: string,
  { dropped, stays, rows, before, limit }: PlannedRetention,
  dryRun: boolean,
): JsonObject {
  const object = ({
    snapshot: { id, facts, items },
    reason,
  }: (PlannedRetention['dropped'] | PlannedRetention['stays'])[number]) => ({
    snapshot_id: id,
    kind: facts?.kind ?? null,
    items,
    reason: reason.replaceAll('-', '_'),
  });
  return {
    table,
    dropped: dropped.map(object),
    stays: stays.map(object),
    changes: rows,
    before: isoTime(before),
    limited_by: typeof limit === 'string' ? limit.replaceAll('-', '_') : 'snapshot',
    limiting_snapshot_id: typeof limit === 'string' ? null : limit.snapshotId,
    dry_run: dryRun,
  };
}

function changesOf({ rows, before }: PlannedRetention): string {
  return `${counted(rows, 'change')}, ingested before ${isoTime(before)}`;
}

const DROP_REASONS: Readonly<Record<DropReason, string>> = {
  superseded: 'another snapshot of its reading stays',
  'old-reading': 'enough newer readings stay',
  'left-behind': 'its compaction ended before it was published',
};

function stayReason(table: string, { id, facts }: SnapshotRecord, reason: StayReason): string {
  switch (reason) {
    case 'published':
      return 'it is published';
    case 'kept':
      return `\`tailrace snapshots publish ${table} ${id}\` goes back to it`;
    case 'begun':
      if (facts?.kind === 'compaction') return 'its compaction may be running. It goes once that began a day ago';
      return `it may be published yet. If not, \`tailrace snapshots drop ${table} ${id}\` drops it`;
    case 'foreign':
      return `it is of another table of this name. \`tailrace snapshots drop ${table} ${id}\` drops it`;
  }
}

function limitLine({ before, limit }: PlannedRetention, historyDays: number): string {
  if (limit === 'nothing-published') return 'All changes stay: no snapshot is published.';
  const since = `Changes that were ingested since ${isoTime(before)} stay`;
  return limit === 'history'
    ? `${since}: ${counted(historyDays, 'day')} of history ${historyDays === 1 ? 'is' : 'are'} promised.`
    : `${since}: snapshot ${limit.snapshotId} needs them.`;
}

/** A snapshot with what it is, such as `20260304t050601zab01 (scan, 1,200 items)`. */
function describe({ id, facts, items, isWhole }: SnapshotRecord): string {
  const parts = [
    ...(facts === null ? [] : [facts.kind]),
    ...(items === null ? [] : [counted(items, 'item')]),
    ...(isWhole ? [] : ['unfinished']),
  ];
  return `snapshot ${id}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
}
