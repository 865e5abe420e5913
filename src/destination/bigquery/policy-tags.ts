import type { TypedColumn } from '../../schema/typed-column.ts';
import type { Dataset } from './dataset.ts';
import type { FieldSchema } from './resources.ts';

/**
 * Puts the policy tags of typed columns on a snapshot's, so that they can be read by those alone whom the tags admit. A
 * statement can't: it takes a request of its own, with the whole schema. Tags that are there already need none.
 *
 * Source: <https://cloud.google.com/bigquery/docs/column-level-security#set_a_policy_tag_on_a_column>
 */
export async function tagColumns(dataset: Dataset, name: string, columns: readonly TypedColumn[]): Promise<void> {
  if (!columns.some(isTagged)) return;
  const { schema } = await dataset.getTable(name);
  const before = schema?.fields ?? [];
  const fields = taggedFields(before, columns);
  if (JSON.stringify(fields) === JSON.stringify(before)) return;
  await dataset.patchTable(name, { schema: { fields } }, undefined, PERMISSION);
}

/** What a change of a schema with policy tags takes. */
const PERMISSION = 'bigquery.tables.update or bigquery.tables.setCategory';

/** Whether a column, or one in its records, has a policy tag. */
export function isTagged({ policyTags = [], elements = [] }: TypedColumn): boolean {
  return policyTags.length > 0 || elements.some(isTagged);
}

function taggedFields(fields: readonly FieldSchema[], columns: readonly TypedColumn[]): readonly FieldSchema[] {
  const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  return fields.map((field) => {
    const column = byName.get((field.name ?? '').toLowerCase());
    if (column === undefined || !isTagged(column)) return field;
    const { policyTags = [], elements = [] } = column;
    return {
      ...field,
      ...(policyTags.length > 0 && { policyTags: { names: policyTags } }),
      ...(field.fields && { fields: taggedFields(field.fields, elements) }),
    };
  });
}
