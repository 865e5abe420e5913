import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { isObject } from '../../value/is-object.ts';
import { type ApiAnswer, ApiFailure, type ApiRequest, type BigQueryApi } from './api.ts';

const GOOGLE = 'https://bigquery.googleapis.com';

/**
 * The server's certificate is for another host, or from an authority that isn't trusted. Other failures of TLS may pass.
 * Source: <https://nodejs.org/api/tls.html#x509-certificate-error-codes>
 */
const CERTIFICATE_ERROR = /CERT|^(?:INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$|^UNABLE_TO_/;

/** Codes of failed connections, as Node, its TLS and its fetch give them, and not of failed reads of a file. */
const NETWORK_ERROR =
  /^(?:EAI_AGAIN|ECONN[A-Z]+|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ENOTFOUND|EPIPE|EPROTO|ETIMEDOUT|ERR_SSL_.*|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_.*)$/;

/** Statuses below 500 of Google's token endpoint that may pass. */
const PASSING_STATUSES: ReadonlySet<unknown> = new Set([408, 429]);

/**
 * BigQuery's REST API through Google's client: its credentials, its connections, none of its retries.
 *
 * Requests go through the client's `request` with bodies written here. Its `table.insert`, `createQueryJob` and the
 * like replace the text `{{projectId}}` anywhere in a request, in rows and parameters too: someone's data would arrive
 * changed. See `replaceProjectIdToken` in
 * <https://github.com/googleapis/google-cloud-node/tree/main/handwritten/projectify>.
 *
 * @param endpoint Origin of another server, which gets no credentials; `null` for Google's.
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
  return {
    exchange: (request) =>
      within(request.timeoutMs, async () => {
        if (endpoint === null) await authorize(client.authClient);
        try {
          return await answerTo(client, toRequest(origin, project, request), request);
        } catch (error) {
          throw endpoint === null ? await withPrincipal(error, client.authClient) : error;
        }
      }),
  };
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
 * Makes sure that there are credentials: without any, the client would send the request all the same, and report how
 * that was refused. A token is fetched once, and used until it expires.
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

/** Adds to a refusal the account whose credentials were sent. A person's credentials don't name one. */
export async function withPrincipal(
  error: unknown,
  auth: { getCredentials(): Promise<{ client_email?: string | undefined }> },
): Promise<unknown> {
  if (!(error instanceof ApiFailure) || error.status !== 403) return error;
  // The refusal is reported, with or without it.
  const { client_email: principal = null } = await auth.getCredentials().catch(() => ({ client_email: undefined }));
  const { status, reason, location, text } = error;
  return new ApiFailure({ status, reason, location, text, principal }, error.cause);
}

/** The status by which an upload asks for more. */
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
      // A proxy's page, or no body, doesn't show whether BigQuery carried out the request.
      const mayBeEmpty = isIncomplete || method === 'DELETE' || typeof location === 'string';
      // Where there is no body, the client gives the response.
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

/** In two parts: the client appends a parameter of its own to `uri`, always with a question mark. */
function addressOf(session: string): { readonly uri: string; readonly qs: Readonly<Record<string, string>> } {
  const { origin, pathname, searchParams } = new URL(session);
  return { uri: `${origin}${pathname}`, qs: Object.fromEntries(searchParams) };
}

/** Reads what the client throws: HTTP errors have a number as `code`, those of connections a text or none. */
function toFailure(error: unknown): ApiFailure {
  const { code, errors, message } = fieldsOf(error);
  if (isOfCertificate(code)) return new ApiFailure({ reason: 'certificate' }, error);
  // BigQuery never redirects.
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
