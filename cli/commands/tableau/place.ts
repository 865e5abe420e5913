import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { datasetPath } from '../../../src/destination/bigquery/dataset-path.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { TableauConnection } from '../../../src/reporting/tableau/connection.ts';

const BIGQUERY = 'bigquery:';

/** Where Tableau finds the views, as the options say. */
export type PlaceOptions = {
  /** As the user names it. */
  readonly destination: string;
  readonly dataset?: string | undefined;
  readonly extract?: string | undefined;
  /** The project that Tableau's queries are billed to. */
  readonly billTo?: string | undefined;
};

/**
 * The connection of the data source of a view.
 *
 * @param file The data source's file; an extract is named from its folder on.
 * @throws {TailraceError} `usage-invalid` if Tableau can't read the destination, or two places are named;
 *   `destination-invalid` if `dataset` isn't one.
 */
export function connectionFor(
  view: string,
  file: string,
  { destination, dataset, extract, billTo }: PlaceOptions,
): TableauConnection {
  if (extract !== undefined) {
    if (dataset !== undefined) {
      throw new TailraceError('usage-invalid', '--extract and --dataset exclude each other', {
        remedy: 'Give one of them.',
      });
    }
    const path = isAbsolute(extract) ? extract : relative(dirname(resolve(file)), resolve(extract));
    return { kind: 'extract', path, table: view };
  }
  const place = dataset ?? (destination.startsWith(BIGQUERY) ? destination.slice(BIGQUERY.length) : undefined);
  if (place !== undefined) return { kind: 'bigquery', ...datasetPath(place), billedTo: billTo };
  throw new TailraceError('usage-invalid', `Tableau has no connection of its own to ${destination}`, {
    remedy: 'Give --extract FILE.hyper; docs/tableau.md says how an extract is made, and what else there is.',
  });
}
