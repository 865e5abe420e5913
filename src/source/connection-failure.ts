import type { ErrorKind } from '../errors.ts';
import type { BodyKind } from './answer-body.ts';

/** Why an endpoint could not be asked, for a person, and what to do about it. */
export type ConnectionFailure = { readonly kind: ErrorKind; readonly message: string; readonly remedy?: string };

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
]);

/** The SDK's message about a connection on which no answer came. */
const NO_ANSWER = /requestTimeout/;

const CUT_OFF = new Set(['ECONNRESET', 'EPIPE']);

/** Source: <https://nodejs.org/api/tls.html#x509-certificate-error-codes> */
const CERTIFICATE = /CERT|^(?:INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$|^UNABLE_TO_/;

/** OpenSSL's messages about a server that doesn't answer in TLS. */
const NO_TLS = /wrong version number|packet length too long|http request/i;

/**
 * Names why a connection failed; `undefined` if `failure` is something else.
 *
 * @param failure Code and message of Node's error, and the kind of the body, if there was an answer.
 * @param endpoint Where the request was sent: a URL, or words.
 * @param setting The setting by which a user names that endpoint, such as `--endpoint-url`.
 */
export function connectionFailure(
  failure: { readonly code: string; readonly message: string; readonly body: BodyKind | null },
  endpoint: string,
  setting: string,
): ConnectionFailure | undefined {
  const { code, message, body } = failure;
  if (body === 'HTTPS wanted') {
    return { kind: 'source-invalid', message: `${endpoint} takes TLS only`, remedy: giving(endpoint, 'https') };
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return NO_TLS.test(message) || code === 'ERR_SSL_WRONG_VERSION_NUMBER'
      ? { kind: 'source-invalid', message: `${endpoint} speaks no TLS`, remedy: giving(endpoint, 'http') }
      : { kind: 'source-invalid', message: `No TLS connection to ${endpoint} comes about (${code})`, remedy: PROXY };
  }
  if (code.startsWith('HPE_')) {
    const remedy = endpoint.startsWith('http:')
      ? `If it speaks TLS: ${uncapitalized(giving(endpoint, 'https'))}`
      : undefined;
    const what = `${endpoint} answers in something else than HTTP (${code})`;
    return { kind: 'source-invalid', message: what, remedy: remedy ?? `Check the port of ${setting}.` };
  }
  if (CERTIFICATE.test(code)) {
    return {
      kind: 'source-invalid',
      message: `${endpoint} shows no certificate to be trusted (${code})`,
      remedy: PROXY,
    };
  }
  if (code === 'ETIMEDOUT' && NO_ANSWER.test(message)) {
    const remedy = 'It takes connections and does not answer: see its log, or that of a proxy before it.';
    return { kind: 'source-unavailable', message: `${endpoint} gives no answer in time (${code})`, remedy };
  }
  if (CUT_OFF.has(code) && endpoint.startsWith('http:')) {
    return {
      kind: 'source-unavailable',
      message: `${endpoint} closes the connection without an answer (${code})`,
      remedy: `If it speaks TLS: ${uncapitalized(giving(endpoint, 'https'))} Otherwise see its log.`,
    };
  }
  if (UNREACHABLE.has(code) || CUT_OFF.has(code)) {
    const remedy = `Check the network, ${setting} and --region.`;
    return { kind: 'source-unavailable', message: `${endpoint} can't be reached (${code})`, remedy };
  }
  return undefined;
}

const PROXY =
  "Check the machine's clock, and the proxies on the way. A certificate authority of your own is named by " +
  'NODE_EXTRA_CA_CERTS.';

/** Advice to give the same URL with the other protocol. */
function giving(endpoint: string, protocol: 'http' | 'https'): string {
  const url = URL.parse(endpoint);
  return url
    ? `Give ${endpoint.replace(url.protocol, `${protocol}:`)} in place of it.`
    : `Give an ${protocol}:// endpoint.`;
}

function uncapitalized(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
