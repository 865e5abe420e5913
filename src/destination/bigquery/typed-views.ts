import { objectNames } from '../../names/object-names.ts';
import { columnsOfViews, type TypedColumn } from '../../schema/typed-column.ts';
import { shownColumns, type TypedView } from '../../schema/typed-view.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { digestOf } from '../../value/digest.ts';
import type { Dialect } from '../../views/dialect.ts';
import { typedSelect } from '../../views/typed.ts';
import { readAnnotation } from '../annotation.ts';
import {
  changedMeanwhile,
  conflictOf,
  type Occupant,
  refuseConflicts,
  undeclaredConflictOf,
} from '../object-conflict.ts';
import { isSameView } from '../same-view.ts';
import type { AppliedView, ViewText } from '../view-store.ts';
import type { Dataset } from './dataset.ts';
import { hasStatus } from './errors.ts';
import { replaceColumns } from './publish.ts';
import type { FieldSchema, TableResource } from './resources.ts';
import { QUERY_DIGEST, stateInForce, viewResource } from './state-view.ts';
import { refuseTooLong, refuseTooLongBeside } from './view-length.ts';

/**
 * Implements `ViewStore.applyViews`: each view is one request, refused if the view has changed since it was read.
 *
 * The state has the columns of the views as they were and as they will be, until the last view is replaced: so every view
 * works at every moment, whenever this ends.
 */
export async function applyViews(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  views: readonly TypedView[],
  dryRun: boolean,
): Promise<readonly AppliedView[]> {
  refuseTooLong(dialect, table.name, views);
  const columns = columnsOfViews(views);
  const { state } = objectNames(table.name);
  const current = stateInForce(dataset, table, await dataset.getTable(state));
  refuseTooLongBeside(dialect, table.name, distinct([...columns, ...current.columns]), current.columns);
  const found = await Promise.all(views.map(({ name }) => dataset.findTable(name)));
  const undeclared = await undeclaredViews(dataset, table, views);
  refuseConflicts(table, [
    ...found.flatMap((resource, index) => {
      const name = views[index]?.name;
      return resource === undefined || name === undefined
        ? []
        : (conflictOf(table, occupantOf(dataset, name, resource)) ?? []);
    }),
    ...undeclared.flatMap(
      ({ name, resource }) => undeclaredConflictOf(table, occupantOf(dataset, name, resource)) ?? [],
    ),
  ]);
  if (!dryRun) {
    await replaceColumns(dataset, dialect, table, (inForce) => distinct([...columns, ...inForce]));
    for (const [index, view] of views.entries()) {
      await createOrReplace(dataset, table, view.name, typedResource(dataset, dialect, table, view), found[index]);
      await describe(dataset, view);
    }
    for (const { name } of undeclared) await dataset.dropTable(name);
    await replaceColumns(dataset, dialect, table, () => columns);
  }
  return [
    ...views.map((view, index): AppliedView => {
      const resource = found[index];
      const before = resource === undefined ? null : textOf(resource);
      const after = declaredText(dialect, table, view);
      const isSame = before !== null && isSameView(before, after) && hasLabels(resource, view);
      const action = before === null ? 'created' : isSame ? 'unchanged' : 'replaced';
      return { name: view.name, action, before, after };
    }),
    ...undeclared.map(
      ({ name, resource }): AppliedView => ({ name, action: 'dropped', before: textOf(resource), after: null }),
    ),
  ];
}

/** Typed views of the table that aren't among these. Only views with the label of typed ones are read. */
async function undeclaredViews(dataset: Dataset, table: SourceTable, views: readonly TypedView[]) {
  const declared = new Set(views.map(({ name }) => name.toLowerCase()));
  const undeclared: { name: string; resource: TableResource }[] = [];
  for (const { id: name, role } of await dataset.listTables()) {
    if (role !== 'typed' || declared.has(name.toLowerCase())) continue;
    const resource = await dataset.findTable(name);
    const annotation = readAnnotation(resource?.description ?? null);
    if (resource === undefined || annotation?.of !== 'typed' || annotation.tableName !== table.name) continue;
    undeclared.push({ name, resource });
  }
  return undeclared;
}

/** Whether a view has the labels that are declared; others are nobody's business. */
function hasLabels(resource: TableResource | undefined, { labels = {} }: TypedView): boolean {
  return Object.entries(labels).every(([name, value]) => resource?.labels?.[name] === value);
}

/** BigQuery's older names of types, which its answers have. */
const TYPE_NAMES: Readonly<Record<string, string>> = { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL' };

function textOf({ view, schema }: TableResource): ViewText {
  return {
    sql: view?.query ?? '',
    columns: (schema?.fields ?? []).map(({ name = '', type = '', mode, description }) => ({
      name,
      type: typeText(TYPE_NAMES[type] ?? type, mode),
      description: description || null,
    })),
  };
}

function declaredText(dialect: Dialect, table: SourceTable, view: TypedView): ViewText {
  return {
    sql: typedSelect(dialect, objectNames(table.name), view),
    columns: shownColumns(view).map(({ name, type, mode, description }) => ({
      name,
      type: typeText(type, mode),
      description,
    })),
  };
}

function typeText(type: string, mode: string | undefined): string {
  return mode === 'REPEATED' ? `ARRAY<${type}>` : type;
}

function distinct(columns: readonly TypedColumn[]): readonly TypedColumn[] {
  return [...new Map(columns.map((column) => [column.name.toLowerCase(), column])).values()];
}

function occupantOf(dataset: Dataset, name: string, { type, view, description, labels }: TableResource): Occupant {
  const query = view?.query;
  return {
    name: dataset.nameOf(name),
    kind: type === 'VIEW' ? 'view' : 'table',
    annotation: readAnnotation(description ?? null),
    isEdited: query === undefined || digestOf(query) !== labels?.[QUERY_DIGEST],
  };
}

function typedResource(dataset: Dataset, dialect: Dialect, table: SourceTable, view: TypedView): TableResource {
  const query = typedSelect(dialect, objectNames(table.name), view);
  const resource = viewResource(dataset, query, { of: 'typed', tableName: table.name });
  return { ...resource, labels: { ...view.labels, ...resource.labels } };
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
    const conflict = conflictOf(table, occupantOf(dataset, name, now));
    refuseConflicts(table, conflict === undefined ? [] : [conflict]);
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
async function describe(dataset: Dataset, view: TypedView): Promise<void> {
  const { name } = view;
  const { schema } = await dataset.getTable(name);
  const current = new Map((schema?.fields ?? []).map((field) => [field.name, field]));
  const fields = shownColumns(view).map(({ name: columnName, type, mode, description }): FieldSchema => {
    const field = current.get(columnName) ?? { name: columnName, type, mode };
    return { ...field, description: description ?? '' };
  });
  const isDescribed = fields.every((field) => (current.get(field.name)?.description ?? '') === field.description);
  if (!isDescribed) await dataset.patchTable(name, { schema: { fields } });
}
