import { requireKnown } from '../../../src/destination/nothing-of-table.ts';
import { TailraceError } from '../../../src/errors.ts';
import { declaredViews } from '../../../src/schema/declared-views.ts';
import { likeliestName } from '../../../src/schema/likeliest-path.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import type { Dependencies } from '../../dependencies.ts';
import { readSchemas } from '../../options/schema-files.ts';

/** Which typed views are asked for. */
export type SchemaViewsOptions = {
  readonly table: string;
  /** As the user names it. */
  readonly destination: string;
  /** Directory of the schemas. */
  readonly schemas: string;
  /** Only this one; names are compared without case. @default all */
  readonly view?: string | undefined;
};

/**
 * The typed views that a table's schema declares, with the parts of the key that the destination knows. Whether they were
 * applied isn't looked at.
 *
 * @returns at least one.
 * @throws {TailraceError} `config-invalid` with every problem of the schema; `usage-invalid` if it declares no view, or not the
 *   one asked for; `destination-missing` if the destination has nothing of the table.
 */
export async function schemaViews(
  { table, destination: name, schemas, view: wanted }: SchemaViewsOptions,
  dependencies: Dependencies,
): Promise<readonly TypedView[]> {
  const [file] = await readSchemas(schemas, table, dependencies);
  await using destination = await dependencies.openDestination(name);
  const { seen } = await requireKnown(table, destination);
  const views = file === undefined ? [] : declaredViews(file.schema, table, seen?.keys ?? []);
  if (views.length === 0) {
    throw new TailraceError('usage-invalid', `${file?.path ?? schemas} declares no typed view`, {
      remedy: 'Declare columns in it; docs/schemas.md says how.',
    });
  }
  if (wanted === undefined) return views;
  const found = views.filter((view) => view.name.toLowerCase() === wanted.toLowerCase());
  if (found.length > 0) return found;
  const names = views.map((view) => view.name);
  const meant = likeliestName(wanted, names);
  throw new TailraceError('usage-invalid', `The schema of ${table} declares no view ${JSON.stringify(wanted)}`, {
    remedy: `${meant === undefined ? '' : `Did you mean ${meant}? `}Its views are ${names.join(', ')}.`,
  });
}
