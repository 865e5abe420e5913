import { TailraceError } from '../../errors.ts';
import { objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { digestOf } from '../../value/digest.ts';
import type { Dialect } from '../../views/dialect.ts';
import { misfitCount } from '../../views/misfits.ts';
import { type TypedView, typedSelect } from '../../views/typed.ts';
import { readAnnotation, writeAnnotation } from '../annotation.ts';
import { type AppliedView, MAX_LISTED } from '../destination.ts';
import { changedMeanwhile, refuseOtherView } from '../object-conflict.ts';
import type { Dataset } from './dataset.ts';
import { hasStatus } from './errors.ts';
import { QUERY_DIGEST } from './latest-view.ts';
import type { FieldSchema, TableResource } from './resources.ts';
import { labelsOf } from './table.ts';

/**
 * Characters of a view's statement.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#view_limits>
 */
const MAX_VIEW = 256 * 1024;

/**
 * Characters of any other statement.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#query_jobs>
 */
const MAX_STATEMENT = 1024 * 1024;

/** Implements `ViewStore.applyViews`: each view is one request, refused if the view has changed since it was read. */
export async function applyViews(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  views: readonly TypedView[],
  dryRun: boolean,
): Promise<readonly AppliedView[]> {
  for (const view of views) refuseTooLong(dialect, table, view);
  await dataset.getTable(objectNames(table.name).latest);
  const found = await Promise.all(views.map(({ name }) => dataset.findTable(name)));
  for (const [index, { name }] of views.entries()) refuseOther(dataset, table, name, found[index]);
  if (!dryRun) {
    for (const [index, view] of views.entries()) {
      await createOrReplace(dataset, table, view.name, viewResource(dataset, dialect, table, view), found[index]);
      await describe(dataset, view);
    }
  }
  return views.map(({ name }, index) => ({ name, action: found[index] === undefined ? 'created' : 'replaced' }));
}

/** Refuses a view if its own statement, or the one that counts its misfits, would be too long. */
function refuseTooLong(dialect: Dialect, { name: tableName }: SourceTable, view: TypedView): void {
  const names = objectNames(tableName);
  const lengths = [
    ['a view', typedSelect(dialect, names, view).length, MAX_VIEW],
    ['a statement', misfitCount(dialect, names, view, MAX_LISTED).length, MAX_STATEMENT],
  ] as const;
  for (const [what, length, most] of lengths) {
    if (length <= most) continue;
    throw new TailraceError(
      'config-invalid',
      `The ${view.columns.length} columns of ${view.name} make ${what} of ${length} characters; BigQuery takes ${most}`,
      {
        context: { table: tableName, object: view.name },
        remedy: 'Declare fewer columns, or several views; a list or a map fits one of type JSON.',
      },
    );
  }
}

function refuseOther(dataset: Dataset, table: SourceTable, name: string, found: TableResource | undefined): void {
  if (found === undefined) return;
  const query = found.view?.query;
  refuseOtherView(table, {
    name: dataset.nameOf(name),
    kind: found.type === 'VIEW' ? 'view' : 'table',
    annotation: readAnnotation(found.description ?? null),
    isEdited: query === undefined || digestOf(query) !== found.labels?.[QUERY_DIGEST],
  });
}

function viewResource(dataset: Dataset, dialect: Dialect, table: SourceTable, view: TypedView): TableResource {
  const query = typedSelect(dialect, objectNames(table.name), view);
  return {
    view: { query, useLegacySql: false },
    description: writeAnnotation({ of: 'typed', tableName: table.name }),
    labels: { ...labelsOf(dataset, 'typed'), [QUERY_DIGEST]: digestOf(query) },
  };
}

async function createOrReplace(
  dataset: Dataset,
  table: SourceTable,
  name: string,
  resource: TableResource,
  found: TableResource | undefined,
): Promise<void> {
  if (found === undefined) {
    if (await dataset.createTable(name, resource)) return;
    // Another process was faster, or the answer to our own request got lost.
    const now = await dataset.getTable(name);
    refuseOther(dataset, table, name, now);
    return createOrReplace(dataset, table, name, resource, now);
  }
  try {
    await dataset.patchTable(name, resource, found.etag);
  } catch (error) {
    if (!hasStatus(error, 412)) throw error;
    const { labels } = await dataset.getTable(name);
    // The answer to our own change got lost: that change has replaced the etag.
    if (labels?.[QUERY_DIGEST] === resource.labels?.[QUERY_DIGEST]) return;
    throw changedMeanwhile(table.name, name, dataset.nameOf(name));
  }
}

/**
 * Sets the columns' descriptions, and removes those that are no longer declared.
 *
 * It takes a request of its own: BigQuery refuses a schema in the request that makes a view. The schema must repeat
 * BigQuery's own types and modes.
 *
 * Source: <https://github.com/googleapis/google-cloud-python/issues/7246>
 */
async function describe(dataset: Dataset, { name, columns }: TypedView): Promise<void> {
  const { schema } = await dataset.getTable(name);
  const current = new Map((schema?.fields ?? []).map((field) => [field.name, field]));
  const fields = columns.map(({ name: columnName, type, description }): FieldSchema => {
    const field = current.get(columnName) ?? { name: columnName, type, mode: 'NULLABLE' };
    return { ...field, description: description ?? '' };
  });
  const isDescribed = fields.every((field) => (current.get(field.name)?.description ?? '') === field.description);
  if (!isDescribed) await dataset.patchTable(name, { schema: { fields } });
}
