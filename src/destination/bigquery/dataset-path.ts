import { TailraceError } from '../../errors.ts';
import type { DatasetPath } from '../../views/googlesql.ts';

/**
 * Projects of a domain hold a colon and dots (`example.com:shop`), datasets neither.
 * Source: <https://docs.cloud.google.com/bigquery/docs/datasets#dataset-naming>
 */
const DATASET_PATH = /^((?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{0,61}[a-z0-9])\.([A-Za-z0-9_]{1,1024})$/;

/**
 * Reads `project.dataset`.
 *
 * @throws {TailraceError} `destination-invalid` if `text` isn't that.
 */
export function datasetPath(text: string): DatasetPath {
  const [, project, dataset] = DATASET_PATH.exec(text) ?? [];
  if (project === undefined || dataset === undefined) {
    throw new TailraceError('destination-invalid', `"${text}" is not a BigQuery dataset`, {
      remedy: 'Write it as bigquery:PROJECT.DATASET, such as bigquery:my-shop.tailrace.',
    });
  }
  return { project, dataset };
}
