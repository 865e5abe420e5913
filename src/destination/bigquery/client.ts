import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { isObject } from '../../value/is-object.ts';
import { type ApiAnswer, ApiFailure, type ApiRequest, type BigQueryApi } from './api.ts';

const GOOGLE = 'https://bigquery.googleapis.com';

/**
 * What the other side shows is no certificate for it, or of nobody who is trusted. Other failures of TLS may pass.
 * Source: <https://nodejs.org/api/tls.html#x509-certificate-error-codes>
 */
const CERTIFICATE_ERROR = /CERT|^(?:INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$|^UNABLE_TO_/;

/** Codes of connections, as Node, its TLS and its fetch give them. Those of files are others. */
const NETWORK_ERROR =
  /^(?:EAI_AGAIN|ECONN[A-Z]+|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ENOTFOUND|EPIPE|EPROTO|ETIMEDOUT|ERR_SSL_.*|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_.*)$/;

/** What passes, of the statuses that Google's token endpoint refuses with. */
const PASSING_STATUSES: ReadonlySet<unknown> = new Set([408, 429]);

/**
 * BigQuery's REST API through Google's client: its credentials, its connections, none of its retries.
 *
 * Requests go through the client's `request` with bodies written here. Its `table.insert`, `createQueryJob` and the like
 * replace the text `{{projectId}}` wherever it stands in a request, in rows and parameters too: someone's data would
 * arrive changed. See `replaceProjectIdToken` in
 * <https://github.com/googleapis/google-cloud-node/tree/main/handwritten/projectify>.
 *
 * @param endpoint Origin of another server, spoken to without credentials; `null` for Google's.
 */
export function createApi(project: string, endpoint: string | null, options: BigQueryOptions = {}): BigQueryApi {
  const client = new BigQuery({
    projectId: project,
    ...(endpoint === null ? {} : { apiEndpoint: endpoint, authClient: new PassThroughClient() }),
    autoRetry: false,
    maxRetries: 0,
    ...options,
  });
  const origin = endpoint ?? GOOGLE;
  const exchange = (request: ApiRequest) =>
    within(request.timeoutMs, async () => {
      if (endpoint === null) await authorize(client.authClient);
      try {
        return await answerTo(client, toRequest(origin, project, request), request);
      } catch (error) {
        throw endpoint === null ? await withPrincipal(error, client.authClient) : error;
      }
    });
  return { exchange, send: async (request) => (await exchange(request)).json };
}

/** The client's own time-out does nothing under Node's fetch. */
async function within<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new ApiFailure({ text: `no answer within ${timeoutMs} ms` })), timeoutMs);
  try {
    return await Promise.race([work(), expired]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Makes sure of credentials before they are used: the client itself sends requests without any, and then reports whatever
 * comes of that. A token is fetched once and kept until it expires.
 */
async function authorize(auth: { getRequestHeaders(): Promise<unknown> }): Promise<void> {
  try {
    await auth.getRequestHeaders();
  } catch (error) {
    const { code, status } = fieldsOf(error);
    if (isOfCertificate(code)) throw new ApiFailure({ reason: 'certificate' }, error);
    const isOfNetwork = typeof code === 'string' && NETWORK_ERROR.test(code);
    const isPassing = isOfNetwork || PASSING_STATUSES.has(status) || Number(status ?? 0) >= 500;
    throw new ApiFailure(isPassing ? {} : { status: 401, reason: 'noCredentials' }, error);
  }
}

/** A refusal with whose credentials it was for. Credentials of a person don't say it. */
export async function withPrincipal(
  error: unknown,
  auth: { getCredentials(): Promise<{ client_email?: string | undefined }> },
): Promise<unknown> {
  if (!(error instanceof ApiFailure) || error.status !== 403) return error;
  // What can't be found out is left out: the refusal is what is told.
  const { client_email: principal = null } = await auth.getCredentials().catch(() => ({ client_email: undefined }));
  const { status, reason, location, text } = error;
  return new ApiFailure({ status, reason, location, text, principal }, error.cause);
}

/** An upload's answer that it waits for more. */
const RESUME_INCOMPLETE = 308;

function answerTo(
  client: BigQuery,
  sent: ReturnType<typeof toRequest>,
  { method, session }: ApiRequest,
): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    client.request(sent, (error, body, response) => {
      const { statusCode = 200, headers } = fieldsOf(response);
      const isIncomplete = session !== undefined && statusCode === RESUME_INCOMPLETE;
      if (error && !isIncomplete) return reject(toFailure(error));
      const { location, range, date } = fieldsOf(headers);
      // Of a proxy's page, or of nothing, nobody knows whether BigQuery did what it was asked.
      const mayBeEmpty = isIncomplete || method === 'DELETE' || typeof location === 'string';
      // The client gives the response in place of no body.
      const json = isPlainObject(body) ? body : mayBeEmpty && typeof body !== 'string' ? {} : undefined;
      if (json === undefined) return reject(new ApiFailure({ reason: 'notBigQuery' }));
      resolve({
        status: Number(statusCode),
        json,
        location: typeof location === 'string' ? location : null,
        range: typeof range === 'string' ? range : null,
        answeredAt: timeIn(date),
      });
    });
  });
}

function toRequest(
  origin: string,
  project: string,
  { method, path, query, headers, body, upload, session }: ApiRequest,
) {
  const root = upload ? 'upload/bigquery/v2' : 'bigquery/v2';
  return {
    method,
    ...(session === undefined
      ? { uri: `${origin}/${root}/projects/${project}/${path}`, qs: { ...query } }
      : addressOf(session)),
    headers: { ...(body ? { 'Content-Type': body.type } : {}), ...headers },
    ...(body ? { body: body.bytes } : {}),
  };
}

/** The client appends a parameter of its own to what stands in `uri`, with a question mark whatever is there. */
function addressOf(session: string): { readonly uri: string; readonly qs: Readonly<Record<string, string>> } {
  const { origin, pathname, searchParams } = new URL(session);
  return { uri: `${origin}${pathname}`, qs: Object.fromEntries(searchParams) };
}

/** What the client throws: HTTP errors with a number as `code`, those of connections with text or none. */
function toFailure(error: unknown): ApiFailure {
  const { code, errors, message } = fieldsOf(error);
  if (isOfCertificate(code)) return new ApiFailure({ reason: 'certificate' }, error);
  // A redirection that isn't followed: BigQuery gives none.
  if (typeof code === 'number' && code >= 300 && code < 400) return new ApiFailure({ reason: 'notBigQuery' }, error);
  const first = fieldsOf(Array.isArray(errors) ? errors[0] : undefined);
  return new ApiFailure(
    {
      status: typeof code === 'number' ? code : null,
      reason: typeof first['reason'] === 'string' ? first['reason'] : null,
      location: typeof first['location'] === 'string' ? first['location'] : null,
      text: typeof message === 'string' ? message : '',
    },
    error,
  );
}

/** The time in a header `Date`. */
function timeIn(date: unknown): number | null {
  const time = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function isOfCertificate(code: unknown): boolean {
  return typeof code === 'string' && CERTIFICATE_ERROR.test(code);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isPlainObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype;
}
