import type { Path } from './path.ts';
import type { Condition, SchemaColumn } from './schema.ts';

/** A view of scalars over a table's state: one row for each item of it, or for each element of a list. */
export type TypedView = {
  readonly name: string;
  /** At least one, unless the view is of a list's elements. */
  readonly columns: readonly SchemaColumn[];
  /** Which items are in it: those for which all conditions hold. @default all */
  readonly where?: readonly Condition[];
  /** The list of which each element is a row. @default none: each item is one */
  readonly unnest?: Path | null;
  /** Labels, where the warehouse has them. @default none */
  readonly labels?: Readonly<Record<string, string>>;
};

/** The columns that a view has of itself: where an element stands in its list, and the item's last change. */
export const OWN_COLUMNS = {
  index: { type: 'INT64', description: "The element's place in its list, from 0." },
  changed_at: {
    type: 'TIMESTAMP',
    description: 'When the item changed last (UTC); NULL if it was only read, by a backfill.',
  },
  position: { type: 'STRING', description: "The last change's place in the order of changes; NULL as for changed_at." },
} as const;

export type OwnColumn = keyof typeof OWN_COLUMNS;

/** The columns that a view has besides the declared ones, in order. One that is declared under its name isn't among them. */
export function ownColumns({ columns, unnest = null }: TypedView): readonly OwnColumn[] {
  const own: readonly OwnColumn[] = unnest === null ? ['changed_at', 'position'] : ['index', 'changed_at', 'position'];
  const declared = new Set(columns.map(({ name }) => name.toLowerCase()));
  return own.filter((name) => !declared.has(name));
}

/** A column of a typed view, as the warehouse shows it. */
export type ShownColumn = Pick<SchemaColumn, 'name' | 'type' | 'description'> & {
  readonly mode: 'NULLABLE' | 'REPEATED';
};

/** All columns of a typed view, in order. */
export function shownColumns(view: TypedView): readonly ShownColumn[] {
  return [
    ...view.columns.map(({ name, type, mode = 'NULLABLE', description }) => ({ name, type, mode, description })),
    ...ownColumns(view).map((name) => ({ name, ...OWN_COLUMNS[name], mode: 'NULLABLE' as const })),
  ];
}
