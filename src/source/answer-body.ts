import { Buffer } from 'node:buffer';
import { isObject } from '../value/is-object.ts';
import type { Middleware } from './middleware.ts';

/**
 * The kind of a body that the service itself did not make. Messages name the kind and quote nothing: a body may hold what was
 * sent.
 */
export type BodyKind =
  | 'an empty body'
  | 'an HTML page'
  | 'XML'
  | 'JSON that names no error'
  | 'JSON that is no object'
  | 'broken JSON'
  | 'a compressed body'
  | 'text'
  | 'HTTPS wanted';

/** The status of an answer that the SDK made an error of, and the kind of its body; `null` if unknown. */
export type Answer = { readonly status: number; readonly body: BodyKind | null };

const MAX_BYTES = 1024 * 1024;

/** The first byte of gzip data. */
const GZIP = 0x1f;

/** The answers of nginx, Go's server and Apache to plain HTTP at a port for TLS. */
const WANTS_HTTPS =
  /HTTP request (?:was sent )?to (?:an )?HTTPS (?:server|port)|speaking plain HTTP to an SSL-enabled server/i;

const bodies = new WeakMap<object, BodyKind>();

/** Notes the kind of body of each answer but success, for {@link answerOf}. */
export const noteBodies: Middleware<object, { response: unknown }> = (next) => async (args) => {
  const result = await next(args);
  const { response } = result;
  if (!isObject(response) || !(Number(response['statusCode']) >= 300)) return result;
  const bytes = await bytesOf(response['body']);
  if (bytes === undefined) return result;
  bodies.set(response, kindOf(bytes.toString('utf8')));
  response['body'] = bytes;
  return result;
};

/**
 * The error for an answer of HTTP 200 that can't be read: {@link answerOf} knows its status and its body's kind.
 *
 * @param kind If known; otherwise by {@link kindOf}.
 */
export function unreadableAnswer(response: object, bytes: Buffer, kind?: BodyKind): Error {
  bodies.set(response, kind ?? kindOf(bytes.toString('latin1')));
  return Object.assign(new SyntaxError('An answer that is no JSON object'), { $response: response });
}

/** The answer that the SDK made `error` of; `undefined` if there was none. */
export function answerOf(error: unknown): Answer | undefined {
  if (!isObject(error)) return undefined;
  const response = isObject(error['$response']) ? error['$response'] : {};
  const metadata = isObject(error['$metadata']) ? error['$metadata'] : {};
  const status = metadata['httpStatusCode'] ?? response['statusCode'];
  if (typeof status !== 'number') return undefined;
  return { status, body: bodies.get(response) ?? (isHtml(response['headers']) ? 'an HTML page' : null) };
}

/** The kind of a body, by its beginning. */
export function kindOf(body: string): BodyKind {
  const text = body.trim();
  if (text === '') return 'an empty body';
  if (text.charCodeAt(0) === GZIP) return 'a compressed body';
  if (WANTS_HTTPS.test(text)) return 'HTTPS wanted';
  if (text.startsWith('<')) return /<(?:!doctype\s+)?html/i.test(text.slice(0, 1_000)) ? 'an HTML page' : 'XML';
  try {
    JSON.parse(text);
    return 'JSON that names no error';
  } catch {
    return /^[{[]/.test(text) ? 'broken JSON' : 'text';
  }
}

async function bytesOf(body: unknown): Promise<Buffer | undefined> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) return undefined;
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body as AsyncIterable<unknown>) {
    if (!(piece instanceof Uint8Array)) continue;
    pieces.push(piece);
    length += piece.length;
    if (length > MAX_BYTES) break;
  }
  return Buffer.concat(pieces);
}

function isHtml(headers: unknown): boolean {
  return isObject(headers) && /^text\/html\b/i.test(String(headers['content-type'] ?? ''));
}
