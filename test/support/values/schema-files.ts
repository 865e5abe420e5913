import { isKind } from '../../../src/errors.ts';
import { readSchema } from '../../../src/schema/read-schema.ts';

/** Where the schema file of these helpers lies. */
export const SCHEMA_PATH = 'schemas/Orders.json';

/** A policy tag as BigQuery names it. */
export const POLICY_TAG = 'projects/p/locations/eu/taxonomies/1/policyTags/2';

/** The steps of a path that are neither names nor indexes. */
export const EACH = { each: true };
export const IN_JSON = { json: true };

/** The problems of the schema file of the table Orders, one by one; none if it is right. */
export function problemsOf(schema: object): readonly string[] {
  try {
    readSchema(JSON.stringify(schema), SCHEMA_PATH, 'Orders');
    return [];
  } catch (error) {
    if (!isKind(error, 'config-invalid') || !error.message.startsWith(`${SCHEMA_PATH}: `)) throw error;
    return error.message.slice(SCHEMA_PATH.length + 2).split('; ');
  }
}

/** A file of one column, with these parts. */
export function columnFile(parts: object): object {
  return { columns: [{ name: 'a', type: 'STRING', ...parts }] };
}

/** A file of one view of the elements of `lines`, with columns of these parts. */
export function linesFile(...columns: readonly object[]): object {
  const all = columns.map((parts) => ({ name: 'a', type: 'STRING', ...parts }));
  return { views: [{ name: 'lines', unnest: 'lines', columns: all }] };
}

/** A file of a view for each condition. */
export function kindsFile(...wheres: readonly unknown[]): object {
  return { views: wheres.map((where, index) => viewForm(`v${index}`, { where })) };
}

/** A view of one column. */
export function viewForm(name: string, rest: object = {}): object {
  return { name, columns: [{ name: 'a', type: 'STRING' }], ...rest };
}
