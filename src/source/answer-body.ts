import { Buffer } from 'node:buffer';
import { isObject } from '../value/is-object.ts';
import type { Middleware } from './middleware.ts';

/**
 * What the body of an answer was that isn't of the service's own making, as far as it can be said without a word of it:
 * a body may quote what was sent.
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

/** The status of an answer that the SDK made an error of, and what its body was; `null` where that isn't known. */
export type Answer = { readonly status: number; readonly body: BodyKind | null };

const MAX_BYTES = 1024 * 1024;

/** The first byte of what gzip gives. */
const GZIP = 0x1f;

/** What plain HTTP gets where TLS is spoken: of nginx, Go's server and Apache. */
const WANTS_HTTPS =
  /HTTP request (?:was sent )?to (?:an )?HTTPS (?:server|port)|speaking plain HTTP to an SSL-enabled server/i;

const bodies = new WeakMap<object, BodyKind>();

/** Keeps of each answer but success what kind of body it had, for {@link answerOf}. Success goes by untouched. */
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
 * What is thrown for an answer that says success and can't be read: {@link answerOf} knows its status and its body's kind.
 *
 * @param kind Where that is known; otherwise as {@link kindOf} says.
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

/** Names what a body is, by how it begins. */
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
