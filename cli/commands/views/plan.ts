import type { Destination } from '../../../src/destination/destination.ts';
import { requireKnown } from '../../../src/destination/nothing-of-table.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { TypedView } from '../../../src/views/typed.ts';
import type { TableSchema } from '../../options/schema-files.ts';

/** A typed view that a schema declares, and its table. */
export type ViewPlan = { readonly table: SourceTable; readonly view: TypedView };

/**
 * The typed views that schemas declare; a schema without columns declares none.
 *
 * @throws {TailraceError} `destination-missing` if the destination has nothing of a table.
 */
export async function viewPlans(
  schemas: readonly TableSchema[],
  destination: Pick<Destination, 'known' | 'sources' | 'name'>,
): Promise<readonly ViewPlan[]> {
  const plans: ViewPlan[] = [];
  for (const { table: name, schema } of schemas) {
    if (schema.columns.length === 0) continue;
    const { source: table } = await requireKnown(name, destination);
    plans.push({ table, view: { name: objectNames(name).typed, columns: schema.columns } });
  }
  return plans;
}
