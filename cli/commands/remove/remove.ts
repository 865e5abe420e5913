import { DeadLetterDirectory } from '../../../src/delivery/dead-letter-directory.ts';
import type { Destination } from '../../../src/destination/destination.ts';
import { remadeChangelogAdvice } from '../../../src/destination/remade-changelog.ts';
import { removeTable } from '../../../src/destination/remove-table.ts';
import type { OwnedObjects } from '../../../src/destination/table-removal.ts';
import { isKind, TailraceError } from '../../../src/errors.ts';
import type { Dependencies } from '../../dependencies.ts';
import { type Invocation, stateOf } from '../../invocation.ts';
import { TABLE_ARGUMENT } from '../../options/declarations.ts';
import type { Root } from '../../root.ts';
import { examples } from '../../root.ts';
import type { ExitCode, Start } from '../../start.ts';
import { lockForProcess } from '../../state/process-lock.ts';
import { findProgress, type ProgressFiles, removeProgress } from '../../state/progress-files.ts';
import { statePaths } from '../../state/state-paths.ts';
import type { Output } from '../../terminal/output.ts';
import { describeObject, type Removal, removalLines, removalSummary } from './report.ts';

export type RemoveOptions = Invocation & {
  readonly table: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
};

export function declareRemove(root: Root, start: Start): void {
  const command = root
    .command('remove')
    .summary('drop everything that the destination keeps of a table')
    .description(
      'Drops what Tailrace made in the destination for a table: typed view, latest view, snapshots and changelog; and ' +
        'forgets how far tail, replay and backfill have come into it. Asks before; what the stream no longer holds is ' +
        "gone for good then. Other tables' objects and those that are not Tailrace's stay, and so do dead letters and the " +
        'ledger, which marks the snapshots as dropped. Stopped half way, it can be run again. Needs no AWS. Exit code 1: ' +
        'something was left.',
    )
    .argument(...TABLE_ARGUMENT)
    .option('--yes', 'do not ask; without a terminal nothing is dropped otherwise')
    .option('--dry-run', 'say what would be dropped, and do nothing')
    .addHelpText(
      'after',
      examples(
        'tailrace remove orders --destination duckdb:shop.duckdb',
        'tailrace remove orders --destination bigquery:my-project.shop --dry-run',
      ),
    );
  command.action((table, { yes = false, dryRun = false }) =>
    start(command.optsWithGlobals(), table, (invocation, dependencies, output) =>
      remove({ ...invocation, table, yes, dryRun }, dependencies, output),
    ),
  );
}

/** Drops what is kept of a table, once a person has said so. */
export async function remove(options: RemoveOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  const { table, yes, dryRun } = options;
  const directory = stateOf(options, table);
  const { backfillLock, deadLetters } = statePaths(directory);
  await using _lock = dryRun ? null : await lockForProcess(backfillLock, `A backfill of ${table}`);
  await using destination = await dependencies.openDestination(options.destination);
  const kept = await keptIn(destination, table);
  const progress = await findProgress(directory, table, destination.name);
  const letters = await new DeadLetterDirectory(deadLetters).count();
  const advice = remadeChangelogAdvice(options.destination, table);
  const found: Removal = {
    table,
    destination: destination.name,
    kept,
    progress,
    deadLetters: { count: letters, place: deadLetters },
    advice,
  };

  const isNothing = kept.objects.length === 0 && progress.paths.length === 0;
  if (!dryRun && !yes && !isNothing && !(await isMeant(found, dependencies))) {
    output.note('Nothing was dropped.');
    return 1;
  }
  const marked = dryRun ? 0 : await carryOut(found, destination, progress, dependencies);
  if (output.json) output.emit(removalSummary(found, { marked, dryRun }));
  else for (const line of removalLines(found, dryRun)) output.print(line);
  for (const name of kept.left) {
    output.warn(
      `${name} is left: it isn't Tailrace's, or was edited by hand: rename or drop it. After an import into DuckDB, \`tailrace setup ${table}\` and \`tailrace views apply ${table}\` know it again; run this after them.`,
    );
  }
  for (const path of progress.unreadable) output.warn(`${path} is left: it can't be read. Move it away.`);
  return kept.left.length + progress.unreadable.length === 0 ? 0 : 1;
}

/** What isn't there keeps nothing; how far its readers came may still be known. */
async function keptIn(destination: Destination, table: string): Promise<OwnedObjects> {
  return destination.ownedObjects(table).catch((error: unknown) => {
    if (isKind(error, 'destination-missing')) return { objects: [], left: [], hasLedger: false };
    throw error;
  });
}

async function isMeant(
  { table, destination, kept, progress, advice }: Removal,
  { confirm }: Pick<Dependencies, 'confirm'>,
): Promise<boolean> {
  const what = kept.objects.length > 0 ? kept.objects.map(describeObject).join(', ') : progress.paths.join(', ');
  const question =
    `This drops from ${destination} what is kept of ${table}: ${what}. What the stream no longer holds is gone for good.` +
    (advice === null ? '' : ` ${advice}`);
  const answer = await confirm(`${question} Go on?`);
  if (answer !== null) return answer;
  throw new TailraceError('usage-invalid', `${question.replace('This drops', 'This would drop')} Nothing was dropped`, {
    context: { table },
    remedy: `Run \`tailrace remove ${table} --yes\` if that is meant.`,
  });
}

async function carryOut(
  { table, kept }: Removal,
  destination: Destination,
  progress: ProgressFiles,
  { clock, actor, signal }: Dependencies,
): Promise<number> {
  // First: what lies in it is no use without the objects, and a person who is stopped half way runs it again.
  await removeProgress(progress);
  return removeTable(table, kept, { destination, clock, actor, signal, onDropped: () => {} });
}
