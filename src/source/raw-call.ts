import { TailraceError } from '../errors.ts';
import { isObject } from '../value/is-object.ts';
import { unreadableAnswer } from './answer-body.ts';
import type { Middleware } from './middleware.ts';

/** An answer of DynamoDB: its body's JSON, and its headers' `Date`. */
export type RawAnswer = {
  readonly body: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch; NaN if the answer bears no date. */
  readonly date: number;
};

/** The two middlewares of one call, for the SDK command that makes it. */
export type RawCall = {
  /** Stands at {@link SENDING}. */
  readonly send: Middleware<{ request?: unknown }, object>;
  /** Stands at {@link RECEIVING}. */
  readonly receive: Middleware<object, { response: unknown }>;
  /** The answer, once the command was sent. */
  readonly answer: () => RawAnswer;
};

/** Far above any answer of DynamoDB: a page is about 1 MB, and larger when escaped. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const FIRST_BODY_BYTES = 64 * 1024;

/**
 * Makes an SDK command send `input` as it is and gives the answer as it came, past the SDK's own (de)serializer.
 *
 * Endpoint, credentials, signing and retries stay the SDK's. Its deserializer loses an attribute named `__proto__`,
 * and takes several times as long as `JSON.parse`.
 *
 * @param read Makes the answer's JSON of its bytes.
 */
export function rawCall(
  input: Readonly<Record<string, unknown>>,
  read: (bytes: Buffer<ArrayBuffer>) => unknown = parse,
): RawCall {
  let answer: RawAnswer | undefined;
  return {
    send: (next) => (args) => {
      if (isObject(args.request)) args.request['body'] = JSON.stringify(input);
      return next(args);
    },
    receive: (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      // The SDK reads the answer of a failure, to decide whether to try again.
      if (!isObject(response) || response['statusCode'] !== 200) return result;
      const bytes = await bytesOf(response['body'], response['headers']);
      answer = { body: objectOf(bytes, read, response), date: dateOf(response['headers']) };
      response['body'] = Buffer.from('{}');
      return result;
    },
    answer() {
      if (answer) return answer;
      throw new TailraceError('source-invalid', 'The endpoint answered without a JSON object');
    },
  };
}

function objectOf(
  bytes: Buffer<ArrayBuffer>,
  read: (bytes: Buffer<ArrayBuffer>) => unknown,
  response: object,
): Readonly<Record<string, unknown>> {
  let body: unknown;
  try {
    body = read(bytes);
  } catch (error) {
    throw error instanceof SyntaxError ? unreadableAnswer(response, bytes) : error;
  }
  if (isObject(body)) return body;
  throw unreadableAnswer(response, bytes, 'JSON that is no object');
}

function parse(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString('utf8'));
}

/**
 * An answer's body, in memory of its own. Each piece is copied when it comes, so that pieces become garbage while they are
 * young: a page has hundreds.
 */
async function bytesOf(body: unknown, headers: unknown): Promise<Buffer<ArrayBuffer>> {
  if (!isAsyncIterable(body)) throw new TypeError('The HTTP client gave no readable body');
  let bytes = Buffer.allocUnsafeSlow(lengthOf(headers));
  let length = 0;
  for await (const piece of body) {
    if (!(piece instanceof Uint8Array)) continue;
    if (length + piece.length > bytes.length) bytes = Buffer.concat([bytes], 2 * (length + piece.length));
    bytes.set(piece, length);
    length += piece.length;
  }
  return bytes.subarray(0, length);
}

/** The expected length of a body; a guess where no header names it. */
function lengthOf(headers: unknown): number {
  const length = Number(isObject(headers) ? headers['content-length'] : undefined);
  return length <= MAX_BODY_BYTES ? length : FIRST_BODY_BYTES;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function dateOf(headers: unknown): number {
  const date = isObject(headers) ? headers['date'] : undefined;
  return typeof date === 'string' ? Date.parse(date) : Number.NaN;
}
