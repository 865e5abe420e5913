import { DeadLetterDirectory } from '../../../src/delivery/dead-letter-directory.ts';
import type { Destination } from '../../../src/destination/destination.ts';
import { remadeChangelogAdvice } from '../../../src/destination/remade-changelog.ts';
import { removeTable } from '../../../src/destination/remove-table.ts';
import type { OwnedObjects } from '../../../src/destination/table-removal.ts';
import { isKind } from '../../../src/errors.ts';
import type { Dependencies } from '../../dependencies.ts';
import { type Invocation, stateOf } from '../../invocation.ts';
import type { ExitCode } from '../../start.ts';
import { lockForProcess } from '../../state/process-lock.ts';
import { findProgress, type ProgressFiles, removeProgress } from '../../state/progress-files.ts';
import { statePaths } from '../../state/state-paths.ts';
import { storedDestination } from '../../state/stored-destination.ts';
import type { Output } from '../../terminal/output.ts';
import { confirmLoss, type LossToConfirm } from '../confirm-loss.ts';
import { describeObject, type Removal, removalLines, removalSummary } from './report.ts';

export type RemoveOptions = Invocation & {
  readonly table: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
};

/** Drops everything of a table, once the user has confirmed it. */
export async function remove(options: RemoveOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  const { table, yes, dryRun } = options;
  const directory = stateOf(options, table);
  const { backfillLock, deadLetters } = statePaths(directory);
  await using _lock = dryRun ? null : await lockForProcess(backfillLock, `A removal of ${table}`);
  await using destination = await dependencies.openDestination(options.destination);
  const owned = await ownedIn(destination, table);
  const progress = await findProgress(directory, table, storedDestination(options, destination.name));
  const letters = await new DeadLetterDirectory(deadLetters).count();
  const advice = remadeChangelogAdvice(options.destination, table);
  const found: Removal = {
    table,
    destination: destination.name,
    owned,
    progress,
    deadLetters: { count: letters, directory: deadLetters },
    advice,
  };

  const isNothing = owned.objects.length === 0 && progress.paths.length === 0;
  const isConfirmed = dryRun || yes || isNothing;
  if (!(await confirmLoss(lossOf(found), isConfirmed, dependencies, output))) return 1;
  const marked = dryRun ? 0 : await carryOut(found, destination, progress, dependencies);
  if (output.json) output.emit(removalSummary(found, { marked, dryRun }));
  else for (const line of removalLines(found, dryRun)) output.report(line);
  for (const name of owned.left) {
    output.warn(
      `${name} is left: Tailrace did not make it, or it was edited by hand. Rename or drop it. After an import into DuckDB, run \`tailrace setup ${table}\` and \`tailrace views apply ${table}\` first: they recognise it.`,
    );
  }
  for (const path of progress.unreadable) output.warn(`${path} is left: it can't be read. Move it away.`);
  return owned.left.length + progress.unreadable.length === 0 ? 0 : 1;
}

/** A missing destination owns nothing, while its readers' progress may still exist. */
async function ownedIn(destination: Destination, table: string): Promise<OwnedObjects> {
  return destination.ownedObjects(table).catch((error: unknown) => {
    if (isKind(error, 'destination-missing')) return { objects: [], left: [], hasLedger: false };
    throw error;
  });
}

function lossOf({ table, destination, owned, progress, advice }: Removal): LossToConfirm {
  const what = owned.objects.length > 0 ? owned.objects.map(describeObject).join(', ') : progress.paths.join(', ');
  return {
    verb: 'drop',
    what: `everything of ${table} from ${destination}: ${what}`,
    notes: ['Changes that the stream no longer holds are gone for good.', ...(advice === null ? [] : [advice])],
  };
}

async function carryOut(
  { table, owned }: Removal,
  destination: Destination,
  progress: ProgressFiles,
  { clock, actor, signal }: Dependencies,
): Promise<number> {
  // First: progress is useless without the objects, and a command that is stopped half way is run again.
  await removeProgress(progress);
  return removeTable(table, owned, { destination, clock, actor, signal, onDropped: () => {} });
}
