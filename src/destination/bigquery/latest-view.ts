import { objectNames } from '../../names/object-names.ts';
import { isSamePublished, type Published } from '../../snapshot/published.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { digestOf } from '../../value/digest.ts';
import type { Dialect } from '../../views/dialect.ts';
import { latestSelect } from '../../views/latest.ts';
import { readAnnotation, writeAnnotation } from '../annotation.ts';
import { editedLatest, refuseSuperseded } from '../published-conflict.ts';
import type { Dataset } from './dataset.ts';
import { hasStatus } from './errors.ts';
import type { TableResource } from './resources.ts';
import { labelsOf } from './table.ts';

/** Label of a view with the digest of its statement: with another digest, the statement was edited by hand. */
export const QUERY_DIGEST = 'tailrace_query';

/**
 * The resource of a table's latest view: its statement, what it stands on, and the statement's digest change together.
 */
export function latestResource(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  published: Published,
): TableResource {
  const query = latestSelect(dialect, objectNames(table.name), published);
  return {
    view: { query, useLegacySql: false },
    description: writeAnnotation({ of: 'latest', published }),
    labels: { ...labelsOf(dataset, 'latest'), [QUERY_DIGEST]: digestOf(query) },
  };
}

/**
 * What a latest view stands on.
 *
 * @throws {TailraceError} `destination-conflict` if it isn't a view of Tailrace's, or was edited since.
 */
export function publishedOf(dataset: Dataset, table: SourceTable, resource: TableResource): Published {
  const { latest } = objectNames(table.name);
  const annotation = readAnnotation(resource.description ?? null);
  const query = resource.view?.query;
  if (resource.type !== 'VIEW' || annotation?.of !== 'latest' || query === undefined) {
    throw editedLatest(table, dataset.nameOf(latest), "isn't the view that Tailrace made");
  }
  if (digestOf(query) !== resource.labels?.[QUERY_DIGEST]) {
    throw editedLatest(table, dataset.nameOf(latest), 'was edited by hand');
  }
  return annotation.published;
}

/**
 * Implements `SnapshotStore.publish`: the swap is refused if the view's etag changed since it was read.
 *
 * If the answer to the swap gets lost, the swap itself has changed the etag: then the view stands on `next`.
 */
export async function publishLatest(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  next: Published,
  expected: Published,
): Promise<void> {
  const names = objectNames(table.name);
  const resource = await dataset.getTable(names.latest);
  refuseSuperseded(table, publishedOf(dataset, table, resource), expected);
  if (next.snapshotId !== null) await dataset.getTable(names.snapshot(next.snapshotId));
  try {
    await dataset.patchTable(names.latest, latestResource(dataset, dialect, table, next), resource.etag);
  } catch (error) {
    if (!hasStatus(error, 412)) throw error;
    const now = publishedOf(dataset, table, await dataset.getTable(names.latest));
    if (!isSamePublished(now, next)) refuseSuperseded(table, now, expected);
  }
}
