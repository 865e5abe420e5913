import { systemClock } from './clock.ts';
import type { Destination, DestinationDeps } from './destination/destination.ts';
import { DESTINATION_FORM } from './destination-form.ts';
import { TailraceError } from './errors.ts';
import { systemRandom } from './random.ts';

export type { DestinationDeps } from './destination/destination.ts';

/**
 * Opens a destination by its name, such as `duckdb:shop.duckdb`.
 *
 * Nothing is read or created yet. Dispose of it to release everything. Each kind is loaded only when it is needed.
 *
 * @throws {TailraceError} `config-invalid` if `text` names no destination.
 */
export async function openDestination(
  text: string,
  deps: DestinationDeps = { clock: systemClock, random: systemRandom },
): Promise<Destination> {
  const [, scheme, rest = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case 'duckdb': {
      if (rest === '' || rest === ':memory:' || rest.includes('\0')) throw unknown(text);
      const { DuckDbDestination } = await import('./destination/duckdb/duckdb-destination.ts');
      return new DuckDbDestination(rest, deps);
    }
    case 'bigquery': {
      const { openBigQuery } = await import('./destination/bigquery/open-bigquery.ts');
      return openBigQuery(rest, process.env, deps);
    }
    default:
      throw unknown(text);
  }
}

function unknown(text: string): TailraceError {
  return new TailraceError('config-invalid', `${JSON.stringify(text)} names no destination`, {
    remedy: `Name a destination as ${DESTINATION_FORM}.`,
  });
}
