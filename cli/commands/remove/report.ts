import type { OwnedObject, OwnedObjects } from '../../../src/destination/table-removal.ts';
import type { ProgressFiles } from '../../state/progress-files.ts';
import { counted } from '../../terminal/format.ts';
import type { JsonObject } from '../../terminal/output.ts';

/** A removal, before it begins. */
export type Removal = {
  readonly table: string;
  readonly destination: string;
  readonly owned: OwnedObjects;
  readonly progress: ProgressFiles;
  /** They stay. */
  readonly deadLetters: { readonly count: number; readonly directory: string };
  /** What to do about a function that delivers to the changelog; `null` if nothing. */
  readonly advice: string | null;
};

/** An object with its rows, such as `orders_changelog (1,200 rows)`. */
export function describeObject({ name, kind, rows }: OwnedObject): string {
  return rows === null ? `${kind} ${name}` : `${name} (${counted(rows, 'row')})`;
}

export function removalLines(
  { table, destination, owned, progress, deadLetters, advice }: Removal,
  dryRun: boolean,
): string[] {
  const would = dryRun ? 'Would be dropped' : 'Dropped';
  const { count, directory } = deadLetters;
  const isNothing = owned.objects.length === 0 && progress.paths.length === 0;
  return [
    ...(owned.objects.length === 0
      ? [`Nothing of ${table} is in ${destination}.`]
      : [`${would} from ${destination}: ${owned.objects.map(describeObject).join(', ')}.`]),
    ...(progress.paths.length === 0
      ? []
      : [`${dryRun ? 'Would be removed' : 'Removed'}: ${progress.paths.join(', ')}.`]),
    ...(count === 0
      ? []
      : [
          `${counted(count, 'dead letter')} ${count === 1 ? 'stays' : 'stay'} in ${directory}: see \`tailrace dead-letters list ${table}\`; ` +
            `\`tailrace dead-letters remove ${table} --all --yes\` removes them.`,
        ]),
    ...(dryRun
      ? ['Nothing was changed.']
      : isNothing
        ? []
        : [`To start over: \`tailrace setup ${table} --enable-stream\`.`]),
    ...(advice === null || dryRun ? [] : [advice]),
  ];
}

export function removalSummary(
  { table, destination, owned, progress, deadLetters }: Removal,
  { marked, dryRun }: { readonly marked: number; readonly dryRun: boolean },
): JsonObject {
  return {
    table,
    destination,
    dropped: owned.objects.map(({ name, kind, rows }) => ({ name, kind, rows })),
    marked,
    removed_progress: [...progress.paths],
    left: [...owned.left, ...progress.unreadable],
    dead_letters: deadLetters.count,
    dead_letter_location: deadLetters.count > 0 ? deadLetters.directory : null,
    dry_run: dryRun,
  };
}
