import type { ObjectNames } from '../names/object-names.ts';
import type { SchemaColumn } from '../schema/schema.ts';
import { typedColumn } from '../schema/typed-column.ts';
import type { Dialect } from './dialect.ts';

/** A typed view: columns of scalars over a table's state, one row for each item. */
export type TypedView = {
  readonly name: string;
  /** At least one. */
  readonly columns: readonly SchemaColumn[];
};

/** The SELECT of a typed view: the declared columns, and nothing else. It changes with the schema alone. */
export function typedSelect(dialect: Dialect, names: ObjectNames, { columns }: TypedView): string {
  const q = dialect.identifier;
  return [
    `SELECT`,
    columns.map((column) => `  ${q(typedColumn(column).name)} AS ${q(column.name)}`).join(',\n'),
    `FROM ${dialect.table(names.state)}`,
  ].join('\n');
}
