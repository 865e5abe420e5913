import { TailraceError } from '../../errors.ts';
import { DEFAULT_MAX_BYTES_BILLED, MAX_BYTES_BILLED, MAX_BYTES_FORM, readMaxBytesBilled } from './max-bytes-billed.ts';

/** How to reach BigQuery, and what every table and job there gets. */
export type BigQuerySettings = {
  /** Origin of the REST API; `null` for Google's. Another one gets no credentials. */
  readonly endpoint: string | null;
  /** Where the dataset is expected to be, such as `EU`; `null` takes it from the dataset. */
  readonly location: string | null;
  /** On every table, view and job. */
  readonly labels: Readonly<Record<string, string>>;
  /** Resource name of a Cloud KMS key that encrypts every table; `null` leaves it to the dataset. */
  readonly kmsKey: string | null;
  /** What a query may bill, in bytes: BigQuery refuses one whose estimate is higher, for nothing. */
  readonly maxBytesBilled: number;
};

type Environment = Readonly<Record<string, string | undefined>>;

const LOCATION = /^[A-Za-z0-9-]{2,64}$/;
/** Source: <https://docs.cloud.google.com/bigquery/docs/labels-intro#requirements> */
const LABEL = /^(\p{Ll}[\p{Ll}\p{N}_-]{0,62})=([\p{Ll}\p{N}_-]{0,63})$/u;
const KMS_KEY = /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;

/**
 * Reads the settings from `TAILRACE_BIGQUERY_…` variables. An empty one counts as not given.
 *
 * @throws {TailraceError} `config-invalid` that names every invalid variable.
 */
export function bigQuerySettings(environment: Environment): BigQuerySettings {
  const problems: string[] = [];
  const read = (name: string, form: string, isValid: (text: string) => boolean): string | null => {
    const text = environment[name]?.trim() || null;
    if (text !== null && !isValid(text)) problems.push(`${name} is not ${form}`);
    return text;
  };

  const endpoint = read('TAILRACE_BIGQUERY_ENDPOINT', 'an http or https URL without a path', isOrigin);
  const location = read('TAILRACE_BIGQUERY_LOCATION', 'a location such as EU or us-east1', (text) =>
    LOCATION.test(text),
  );
  const labels = read('TAILRACE_BIGQUERY_LABELS', 'a list of labels such as team=data,env=prod', (text) =>
    text.split(',').every((label) => LABEL.test(label.trim())),
  );
  const kmsKey = read(
    'TAILRACE_BIGQUERY_KMS_KEY',
    'a key such as projects/P/locations/L/keyRings/R/cryptoKeys/K',
    (text) => KMS_KEY.test(text),
  );
  const maxBytesBilled = read(MAX_BYTES_BILLED, MAX_BYTES_FORM, (text) => readMaxBytesBilled(text) !== undefined);
  if (problems.length > 0) {
    throw new TailraceError('config-invalid', problems.join('; '), { remedy: 'Correct what is named, or unset it.' });
  }

  return {
    endpoint: endpoint && new URL(endpoint).origin,
    location,
    labels: toLabels(labels),
    kmsKey,
    maxBytesBilled: readMaxBytesBilled(maxBytesBilled ?? '') ?? DEFAULT_MAX_BYTES_BILLED,
  };
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '';
}

function toLabels(text: string | null): Readonly<Record<string, string>> {
  const pairs = (text ?? '').split(',').flatMap((label) => {
    const [, name, value] = LABEL.exec(label.trim()) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(pairs);
}
