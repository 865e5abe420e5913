import type { Destination } from '../../../src/destination/destination.ts';
import { requireKnown } from '../../../src/destination/nothing-of-table.ts';
import { declaredViews } from '../../../src/schema/declared-views.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { TableSchema } from '../../options/schema-files.ts';

/** The typed views that the schema of a table declares. */
export type ViewsPlan = {
  readonly table: SourceTable;
  readonly views: readonly TypedView[];
  /** Whether the destination knows the attributes of the key, with which the views begin. */
  readonly isKeyKnown: boolean;
};

/** A typed view and its table. */
export type ViewPlan = { readonly table: SourceTable; readonly view: TypedView };

/**
 * The typed views that schemas declare; a schema without columns and views declares none.
 *
 * @param options.withEmpty Whether a schema that declares none has a plan, too, where the destination knows the table: its views
 *   are to be dropped.
 * @throws {TailraceError} `destination-missing` if the destination has nothing of a table.
 */
export async function viewPlans(
  schemas: readonly TableSchema[],
  destination: Pick<Destination, 'known' | 'sources' | 'name'>,
  { withEmpty = false }: { readonly withEmpty?: boolean } = {},
): Promise<readonly ViewsPlan[]> {
  const plans: ViewsPlan[] = [];
  for (const { table: name, schema } of schemas) {
    if (schema.columns.length === 0 && schema.views.length === 0) {
      const known = withEmpty ? await destination.known(name) : undefined;
      if (known !== undefined) plans.push({ table: known.source, views: [], isKeyKnown: true });
      continue;
    }
    const { source: table, seen } = await requireKnown(name, destination);
    const views = declaredViews(schema, name, seen?.keys ?? []);
    plans.push({ table, views, isKeyKnown: seen?.keys !== undefined });
  }
  return plans;
}
