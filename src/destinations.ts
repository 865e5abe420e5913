import { systemClock } from './clock.ts';
import type { Destination, DestinationDeps } from './destination/destination.ts';
import { DESTINATION_FORM } from './destination-form.ts';
import { TailraceError } from './errors.ts';
import { systemRandom } from './random.ts';
import { likeliestName } from './schema/likeliest-path.ts';

export type { DestinationDeps } from './destination/destination.ts';

/** What the environment gives otherwise. */
export type DestinationOptions = {
  /** What one query in BigQuery may bill, in bytes. @default `TAILRACE_BIGQUERY_MAX_BYTES_BILLED`, or a TiB */
  readonly maxBytesBilled?: number | undefined;
};

/**
 * Opens a destination by its name, such as `duckdb:shop.duckdb`.
 *
 * Nothing is read or created yet. Dispose of it to release everything. Each kind is loaded only when it is needed.
 *
 * @throws {TailraceError} `config-invalid` if `text` names no destination.
 */
export async function openDestination(
  text: string,
  { clock = systemClock, random = systemRandom, maxBytesBilled }: Partial<DestinationDeps> & DestinationOptions = {},
): Promise<Destination> {
  const [, scheme, rest = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case 'duckdb': {
      if (rest === '' || rest === ':memory:' || rest.startsWith('//') || rest.includes('\0')) throw unknown(text);
      const { DuckDbDestination } = await import('./destination/duckdb/duckdb-destination.ts');
      return new DuckDbDestination(rest, { clock, random });
    }
    case 'bigquery': {
      const { openBigQuery } = await import('./destination/bigquery/open-bigquery.ts');
      return openBigQuery(rest, process.env, { clock, random }, maxBytesBilled);
    }
    default:
      throw unknown(text);
  }
}

function unknown(text: string): TailraceError {
  const meant = likeliestDestination(text);
  return new TailraceError('config-invalid', `${JSON.stringify(text)} names no destination`, {
    remedy: `${meant === undefined ? '' : `Did you mean ${meant}? `}Name a destination as ${DESTINATION_FORM}.`,
  });
}

const KINDS = ['duckdb', 'bigquery'];

/** The destination that a text most likely means, if that can be told. */
function likeliestDestination(text: string): string | undefined {
  const [, scheme, slashes = '', rest = ''] = /^([A-Za-z]+):(\/*)(.+)$/s.exec(text) ?? [];
  const kind = KINDS.find((name) => name === scheme?.toLowerCase()) ?? (scheme && likeliestName(scheme, KINDS));
  if (kind)
    return rest === ':memory:' ? undefined : `${kind}:${slashes.length === 1 || slashes.length > 2 ? '/' : ''}${rest}`;
  if (/^[^:]+\.(?:duckdb|db)$/.test(text)) return `duckdb:${text}`;
  return /^[a-z][a-z0-9-]+\.[A-Za-z0-9_]+$/.test(text) ? `bigquery:${text}` : undefined;
}
