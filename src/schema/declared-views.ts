import { objectNames } from '../names/object-names.ts';
import type { KeyAttribute } from '../value/key-attribute.ts';
import { columnNameFor } from './column-name.ts';
import { isSamePath } from './path.ts';
import type { Schema, SchemaColumn } from './schema.ts';
import type { TypedView } from './typed-view.ts';

/** A key's number of up to 29 digits before the point; a longer one is NULL, and counted. */
const KEY_TYPES = { S: 'STRING', N: 'NUMERIC', B: 'BYTES' } as const;

/**
 * The typed views that a schema declares: the one of all items first, if it has columns.
 *
 * Each begins with the parts of the key, unless it declares a column with that path, or of that name.
 *
 * @param keys Attributes of the table's primary key; none if they aren't known.
 */
export function declaredViews(
  { name, labels, columns, views }: Schema,
  tableName: string,
  keys: readonly KeyAttribute[],
): readonly TypedView[] {
  const labelled = Object.keys(labels).length === 0 ? {} : { labels };
  const all: TypedView[] =
    columns.length === 0
      ? []
      : [{ name: name ?? objectNames(tableName).typed, columns: withKeys(columns, keys), ...labelled }];
  return [...all, ...views.map((view) => ({ ...view, columns: withKeys(view.columns, keys), ...labelled }))];
}

function withKeys(columns: readonly SchemaColumn[], keys: readonly KeyAttribute[]): readonly SchemaColumn[] {
  const names = new Set(columns.map((column) => column.name.toLowerCase()));
  const missing = keys.flatMap(({ name: attribute, type }): SchemaColumn[] => {
    const name = columnNameFor(attribute);
    if (names.has(name.toLowerCase()) || columns.some(({ path }) => isSamePath(path, [attribute]))) return [];
    names.add(name.toLowerCase());
    return [{ name, type: KEY_TYPES[type], description: 'A part of the key.', path: [attribute], cluster: false }];
  });
  return [...missing, ...columns];
}
