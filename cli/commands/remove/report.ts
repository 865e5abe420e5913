import type { OwnedObject, OwnedObjects } from '../../../src/destination/table-removal.ts';
import type { ProgressFiles } from '../../state/progress-files.ts';
import { counted } from '../../terminal/format.ts';
import type { JsonObject } from '../../terminal/output.ts';

/** What a removal is about. */
export type Removal = {
  readonly table: string;
  readonly destination: string;
  readonly kept: OwnedObjects;
  readonly progress: ProgressFiles;
  /** In the state directory: they stay. */
  readonly deadLetters: { readonly count: number; readonly place: string };
  /** What to do about a function that delivers to the changelog; `null` where that is nothing. */
  readonly advice: string | null;
};

/** An object with its rows, such as `orders_changelog (1,200 rows)`. */
export function describeObject({ name, kind, rows }: OwnedObject): string {
  return rows === null ? `${kind} ${name}` : `${name} (${counted(rows, 'row')})`;
}

export function removalLines(
  { table, destination, kept, progress, deadLetters, advice }: Removal,
  dryRun: boolean,
): string[] {
  const would = dryRun ? 'Would be dropped' : 'Dropped';
  const { count, place } = deadLetters;
  return [
    ...(kept.objects.length === 0
      ? [`Nothing of ${table} is in ${destination}.`]
      : [`${would} from ${destination}: ${kept.objects.map(describeObject).join(', ')}.`]),
    ...(progress.paths.length === 0
      ? []
      : [`${dryRun ? 'Would be forgotten' : 'Forgotten'}: ${progress.paths.join(', ')}.`]),
    ...(count === 0
      ? []
      : [
          `${counted(count, 'dead letter')} ${count === 1 ? 'stays' : 'stay'} in ${place}: see \`tailrace dead-letters list ${table}\`; ` +
            `\`tailrace dead-letters remove ${table} --all --yes\` removes them.`,
        ]),
    ...(dryRun ? ['Nothing was changed.'] : [`To begin again: tailrace setup ${table} --enable-stream`]),
    ...(advice === null || dryRun ? [] : [advice]),
  ];
}

export function removalSummary(
  { table, destination, kept, progress, deadLetters }: Removal,
  { marked, dryRun }: { readonly marked: number; readonly dryRun: boolean },
): JsonObject {
  return {
    table,
    destination,
    dropped: kept.objects.map(({ name, kind, rows }) => ({ name, kind, rows })),
    marked,
    forgotten: [...progress.paths],
    left: [...kept.left, ...progress.unreadable],
    dead_letters: deadLetters.count,
    dead_letter_place: deadLetters.count > 0 ? deadLetters.place : null,
    dry_run: dryRun,
  };
}
