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

/** Why a typed view can't be made, replaced or dropped. */
export type ViewConflict = {
  /** The object in the way, as the destination calls it. */
  readonly object: string;
  /** Follows the object's name. */
  readonly problem: string;
  /** @default that of a view that is declared: another name for it, or for what has its name */
  readonly remedy?: string;
};

/** What is in the way of a typed view of `table`; `undefined` for a typed view of the table as Tailrace made it. */
export function conflictOf(table: SourceTable, occupant: Occupant): ViewConflict | undefined {
  const problem = problemOf(table, occupant);
  return problem === undefined ? undefined : { object: occupant.name, problem };
}

/** The same for a view that the schema doesn't declare any more. */
export function undeclaredConflictOf(table: SourceTable, occupant: Occupant): ViewConflict | undefined {
  const conflict = conflictOf(table, occupant);
  return conflict && { ...conflict, remedy: `Rename or drop ${occupant.name}, which the schema does not declare.` };
}

/** @throws {TailraceError} `destination-conflict` with every conflict, and how to make way, if there is one. */
export function refuseConflicts(table: SourceTable, conflicts: readonly ViewConflict[]): void {
  const [first] = conflicts;
  if (first === undefined) return;
  const declared = conflicts.flatMap(({ object, remedy }) => (remedy === undefined ? [object] : []));
  const others = conflicts.flatMap(({ remedy }) => remedy ?? []);
  throw new TailraceError(
    'destination-conflict',
    conflicts.map(({ object, problem }) => `${object} ${problem}`).join('; '),
    {
      context: { table: table.name, object: first.object },
      remedy: [...(declared.length === 0 ? [] : [renaming(declared)]), ...others].join(' '),
    },
  );
}

function renaming(objects: readonly string[]): string {
  const [view, what] =
    objects.length === 1 ? ['the view', objects.join()] : ['the views', `what has their names: ${objects.join(', ')}`];
  return `Name ${view} otherwise in the schema file, or rename or drop ${what}.`;
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
