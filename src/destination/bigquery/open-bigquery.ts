import { systemClock } from '../../clock.ts';
import { systemRandom } from '../../random.ts';
import type { DestinationDeps } from '../destination.ts';
import { BigQueryDestination } from './bigquery-destination.ts';
import { createApi } from './client.ts';
import { datasetPath } from './dataset-path.ts';
import { bigQuerySettings } from './settings.ts';

/**
 * Opens a dataset as a destination. Nothing is sent to BigQuery yet.
 *
 * @param text `project.dataset`
 * @param environment Holds the `TAILRACE_BIGQUERY_…` settings.
 * @param maxBytesBilled In place of the setting of that name.
 * @throws {TailraceError} `destination-invalid` or `config-invalid` for an invalid name or setting.
 */
export function openBigQuery(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  deps: DestinationDeps = { clock: systemClock, random: systemRandom },
  maxBytesBilled?: number,
): BigQueryDestination {
  const path = datasetPath(text);
  const found = bigQuerySettings(environment);
  const settings = { ...found, maxBytesBilled: maxBytesBilled ?? found.maxBytesBilled };
  return new BigQueryDestination(path, settings, { api: createApi(path.project, settings.endpoint), ...deps });
}
