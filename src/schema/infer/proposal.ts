import type { SchemaType } from '../column-type.ts';
import type { PathStep } from '../path.ts';
import type { Split } from '../schema.ts';
import type { FormatName } from '../value-format.ts';
import { distinctNames } from './column-names.ts';

/** A column as a schema file has it, with the fields in their order there. */
export type ProposedColumn = {
  readonly name: string;
  readonly type: SchemaType;
  readonly mode?: 'REPEATED';
  /** Left out where it is the attribute of the column's name. */
  readonly path?: string | readonly PathStep[];
  readonly format?: FormatName;
  readonly split?: Split;
  readonly description?: string;
};

/** A condition of a view. */
export type ProposedCondition = { readonly path: string } & ({ readonly equals: string } | { readonly prefix: string });

/** A view of one kind of items, or of the elements of a list. */
export type ProposedView = {
  readonly name: string;
  readonly where?: ProposedCondition | readonly ProposedCondition[];
  readonly unnest?: readonly PathStep[];
  readonly columns: readonly ProposedColumn[];
};

/** A schema file as it is proposed. */
export type ProposedSchema = {
  readonly table: string;
  readonly columns: readonly ProposedColumn[];
  readonly views?: readonly ProposedView[];
};

/** The steps of a column's path. */
export function stepsOf({ name, path }: Pick<ProposedColumn, 'name' | 'path'>): readonly PathStep[] {
  if (path === undefined) return [name];
  return typeof path === 'string' ? [path] : path;
}

/**
 * Gives columns names that differ from each other and from the taken ones: those of attributes stay, before those of paths,
 * before those of parts.
 */
export function named(columns: readonly ProposedColumn[], taken: readonly string[] = []): readonly ProposedColumn[] {
  const place = ({ path, split }: ProposedColumn) => (split ? 2 : path === undefined ? 0 : 1);
  const order = [...columns.entries()].sort(([i, a], [j, b]) => place(a) - place(b) || i - j);
  const names = distinctNames(
    order.map(([, { name }]) => name),
    taken,
  );
  const byIndex = new Map(order.map(([index], nth) => [index, names[nth] as string]));
  return columns.map((column, index) => renamed(column, byIndex.get(index) ?? column.name));
}

function renamed(column: ProposedColumn, name: string): ProposedColumn {
  if (name === column.name) return column;
  const { name: before, type, mode, ...rest } = column;
  return { name, type, ...(mode && { mode }), ...(column.path === undefined && { path: before }), ...rest };
}
