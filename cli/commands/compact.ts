import { type CompactionResult, runCompaction } from '../../backfill/compaction.ts';
import type { Destination } from '../../src/destination/destination.ts';
import { nothingOfTable, requireKnown } from '../../src/destination/nothing-of-table.ts';
import { requirePublishedSnapshot } from '../../src/destination/published-state.ts';
import type { CompactionEstimate } from '../../src/destination/snapshot-store.ts';
import type { Published } from '../../src/snapshot/published.ts';
import type { SourceTable } from '../../src/source/source-table.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Invocation } from '../invocation.ts';
import { DAY_MS } from '../options/defaults.ts';
import type { ExitCode } from '../start.ts';
import { estimateLines, estimateObject, isOverCap } from '../terminal/bill.ts';
import { counted, duration } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { terminalLog } from '../terminal/terminal-log.ts';

export type CompactOptions = Invocation & {
  readonly table: string;
  /** Removals older than this are left out. */
  readonly horizonDays: number;
  readonly dryRun: boolean;
};

/** Folds the changes of a table into a new snapshot, and reports what that saves each query. */
export async function compact(options: CompactOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  await using destination = await dependencies.openDestination(options.destination);
  const { source: table } = await requireKnown(options.table, destination);
  const published = await destination.published(table);
  if (published === undefined) throw nothingOfTable(options.table, [], destination.name);
  await requirePublishedSnapshot(table, published, destination);
  const before = await destination.estimateFold(table, published);
  if (options.dryRun) return reportEstimate(table, published, before, output);

  const { clock, random, actor, signal } = dependencies;
  const result = await runCompaction({
    table,
    destination,
    clock,
    random,
    actor,
    signal,
    log: terminalLog(output),
    horizonMs: options.horizonDays * DAY_MS,
  });
  await reportResult(table, destination, before, result, output);
  return 0;
}

function reportEstimate(
  { name }: SourceTable,
  { snapshotId }: Published,
  { bill, tailRows }: CompactionEstimate,
  output: Output,
): ExitCode {
  if (output.json) {
    output.emit({ table: name, snapshot_id: snapshotId, changes: tailRows, ...estimateObject(bill) });
  } else {
    const over = snapshotId === null ? 'no snapshot' : `snapshot ${snapshotId}`;
    output.print(`Would be folded: ${counted(tailRows, 'change')} of ${name} over ${over}.`);
    for (const line of estimateLines(bill)) output.print(line);
  }
  return isOverCap(bill) ? 1 : 0;
}

async function reportResult(
  table: SourceTable,
  destination: Destination,
  before: CompactionEstimate,
  { snapshotId, items, replaced, durationMs }: CompactionResult,
  output: Output,
): Promise<void> {
  const published = await destination.published(table);
  const after = published && (await destination.estimateFold(table, published));
  const tailRows = after?.tailRows ?? null;
  if (output.json) {
    output.emit({
      table: table.name,
      snapshot_id: snapshotId,
      replaced_snapshot_id: replaced,
      items,
      changes_read_before: before.tailRows,
      changes_read_now: tailRows,
      duration_ms: durationMs,
    });
    return;
  }
  output.print(
    `Compacted ${table.name} in ${duration(durationMs)}: snapshot ${snapshotId} has ${counted(items, 'item')}.`,
  );
  output.print(
    `A query reads it and ${counted(tailRows ?? 0, 'change')}; before it read ${counted(before.tailRows, 'change')}` +
      `${replaced === null ? '' : ` over ${replaced}`}.`,
  );
}
