import { TailraceError } from '../errors.ts';
import type { SourceTable } from '../source/source-table.ts';
import type { Annotation } from './annotation.ts';

/** What has the name that a typed view is to have. */
export type Occupant = {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly annotation: Annotation | undefined;
  /** Whether it is known to have been edited since Tailrace made it. */
  readonly isEdited: boolean;
};

/**
 * Refuses to replace what isn't a typed view of `table` as Tailrace made it.
 *
 * @throws {TailraceError} `destination-conflict` with what it is, and how to make way.
 */
export function refuseOtherView(table: SourceTable, occupant: Occupant): void {
  const problem = problemOf(table, occupant);
  if (problem === undefined) return;
  throw new TailraceError('destination-conflict', `${occupant.name} ${problem}`, {
    context: { table: table.name, object: occupant.name },
    remedy: `Rename or drop ${occupant.name}, then run it again.`,
  });
}

/** A table or view that has a name of Tailrace's, and that Tailrace didn't make. */
export function foreignObject(object: string, shownName = object): TailraceError {
  return new TailraceError('destination-conflict', `${shownName} is already there and isn't Tailrace's`, {
    context: { object },
    remedy: 'Rename it, or use another dataset or file.',
  });
}

/** A table or view that someone else changed after Tailrace looked at it. */
export function changedMeanwhile(tableName: string, object: string, shownName = object): TailraceError {
  return new TailraceError('destination-conflict', `${shownName} was changed at the same moment`, {
    context: { table: tableName, object },
    remedy: 'Run it again.',
  });
}

function problemOf(table: SourceTable, { kind, annotation, isEdited }: Occupant): string | undefined {
  if (kind === 'table') return 'is a table, and only views are replaced';
  if (annotation?.of !== 'typed') return "is a view that isn't Tailrace's, or was edited by hand";
  if (annotation.tableName !== table.name) return `is a view of the table ${annotation.tableName}`;
  return isEdited ? 'was edited by hand' : undefined;
}
