import { carryOutRetention, planRetention } from '../../../backfill/retention.ts';
import { nothingOfTable, requireKnown } from '../../../src/destination/nothing-of-table.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import type { ExitCode } from '../../start.ts';
import type { Output } from '../../terminal/output.ts';
import { confirmLoss } from '../confirm-loss.ts';
import { describeDropped, isNothing, retentionLines, retentionSummary } from './report.ts';

export type RetentionCommandOptions = Invocation & {
  readonly table: string;
  /** How many readings are kept. */
  readonly keep: number;
  /** Whether the loss is confirmed. */
  readonly yes: boolean;
  readonly dryRun: boolean;
};

/** Drops the snapshots and changes of a table that nothing needs, once the user has confirmed it. */
export async function retention(
  options: RetentionCommandOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { keep, yes, dryRun } = options;
  await using destination = await dependencies.openDestination(options.destination);
  const { source: table, changelog } = await requireKnown(options.table, destination);
  const published = await destination.published(table);
  if (published === undefined) throw nothingOfTable(options.table, [], destination.name);
  const { clock } = dependencies;
  const plan = await planRetention({ table, destination, clock }, published, changelog, keep);

  if (!dryRun && !isNothing(plan)) {
    const loss = { verb: 'drop', what: `for good of ${table.name}: ${describeDropped(plan)}` } as const;
    if (!(await confirmLoss(loss, yes, dependencies, output))) return 1;
    await carryOutRetention({ table, destination, clock }, plan, dependencies);
  }
  const { historyDays } = changelog;
  if (output.json) output.emit(retentionSummary(table.name, plan, dryRun));
  else for (const line of retentionLines(table.name, plan, { historyDays, dryRun })) output.report(line);
  return 0;
}
