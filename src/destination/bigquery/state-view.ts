import { objectNames } from '../../names/object-names.ts';
import { readTypedColumns } from '../../schema/stored-columns.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { digestOf } from '../../value/digest.ts';
import type { Dialect } from '../../views/dialect.ts';
import { latestSelect } from '../../views/latest.ts';
import { type StateInForce, stateSelect } from '../../views/state.ts';
import { type Annotation, readAnnotation, writeAnnotation } from '../annotation.ts';
import { editedView } from '../published-conflict.ts';
import type { Dataset } from './dataset.ts';
import type { TableResource } from './resources.ts';
import { labelsOf } from './table.ts';

/** Label of a view with the digest of its statement: with another digest, the statement was edited by hand. */
export const QUERY_DIGEST = 'tailrace_query';

/**
 * The first line of a state's statement: the typed columns in force, as a comment. A description holds 16,384 characters,
 * which a few hundred columns would fill.
 */
const COLUMNS_LINE = /^-- typed columns: ([^\n]*)\n/;

/**
 * The resource of a table's state: its statement, what it stands on, and the statement's digest change together.
 *
 * @param stored Names of the columns that the published snapshot has.
 */
export function stateResource(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  { published, columns }: StateInForce,
  stored: ReadonlySet<string>,
): TableResource {
  const query = stateQuery(dialect, table.name, { published, columns }, stored);
  return viewResource(dataset, query, { of: 'state', published });
}

/** The statement of a table's state. */
export function stateQuery(
  dialect: Dialect,
  tableName: string,
  { published, columns }: StateInForce,
  stored: ReadonlySet<string>,
): string {
  const select = stateSelect(dialect, objectNames(tableName), { published, columns, stored });
  return columns.length === 0 ? select : `-- typed columns: ${JSON.stringify(columns)}\n${select}`;
}

/** The resource of a table's latest view. */
export function latestResource(dataset: Dataset, dialect: Dialect, table: SourceTable): TableResource {
  const query = latestSelect(dialect, objectNames(table.name));
  return viewResource(dataset, query, { of: 'latest', tableName: table.name });
}

/** The resource of a view of Tailrace's. */
export function viewResource(
  dataset: Dataset,
  query: string,
  annotation: Annotation & { readonly of: 'state' | 'latest' | 'typed' },
): TableResource {
  return {
    view: { query, useLegacySql: false },
    description: writeAnnotation(annotation),
    labels: { ...labelsOf(dataset, annotation.of), [QUERY_DIGEST]: digestOf(query) },
  };
}

/**
 * What a state stands on, and its typed columns.
 *
 * @throws {TailraceError} `destination-conflict` if it isn't a view of Tailrace's, or was edited since.
 */
export function stateInForce(dataset: Dataset, table: SourceTable, resource: TableResource): StateInForce {
  const { state } = objectNames(table.name);
  const { annotation, query } = readView(dataset, table, state, resource);
  const [, line = '[]'] = COLUMNS_LINE.exec(query) ?? [];
  const columns = readTypedColumns(parsed(line));
  if (annotation.of === 'state' && columns !== undefined) return { published: annotation.published, columns };
  throw editedView(table, state, dataset.nameOf(state), "isn't the view that Tailrace made");
}

/** @throws {TailraceError} `destination-conflict` if it isn't a latest view of Tailrace's, or was edited since. */
export function refuseOtherLatest(dataset: Dataset, table: SourceTable, resource: TableResource): void {
  const { latest } = objectNames(table.name);
  const { annotation } = readView(dataset, table, latest, resource);
  if (annotation.of !== 'latest')
    throw editedView(table, latest, dataset.nameOf(latest), "isn't the view that Tailrace made");
}

function readView(dataset: Dataset, table: SourceTable, name: string, resource: TableResource) {
  const annotation = readAnnotation(resource.description ?? null);
  const query = resource.view?.query;
  if (resource.type !== 'VIEW' || annotation === undefined || query === undefined) {
    throw editedView(table, name, dataset.nameOf(name), "isn't the view that Tailrace made");
  }
  if (digestOf(query) !== resource.labels?.[QUERY_DIGEST]) {
    throw editedView(table, name, dataset.nameOf(name), 'was edited by hand');
  }
  return { annotation, query };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
