import type { Destination } from '../../../src/destination/destination.ts';
import { nothingOfTable } from '../../../src/destination/nothing-of-table.ts';
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
export function viewPlans(
  schemas: readonly TableSchema[],
  sources: readonly SourceTable[],
  destination: Pick<Destination, 'name'>,
): readonly ViewPlan[] {
  return schemas.flatMap(({ table: name, schema }) => {
    if (schema.columns.length === 0) return [];
    const table = sources.find((source) => source.name === name);
    if (table === undefined) throw nothingOfTable(name, sources, destination.name);
    return [{ table, view: { name: objectNames(name).typed, columns: schema.columns } }];
  });
}
