import { TailraceError } from '../errors.ts';
import { isObject } from '../value/is-object.ts';

/** An answer of DynamoDB: its body as `JSON.parse` gives it, and its headers' `Date`. */
export type RawAnswer = {
  readonly body: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch; NaN if the answer bears no date. */
  readonly date: number;
};

/** The two middlewares of one call, for the SDK command that makes it, and what gives its answer once it was sent. */
export type RawCall = {
  readonly send: Middleware<{ request?: unknown }, object>;
  readonly receive: Middleware<object, { response: unknown }>;
  readonly answer: () => RawAnswer;
};

export type Middleware<LeastArgs, LeastResult> = <Args extends LeastArgs, Result extends LeastResult>(
  next: (args: Args) => Promise<Result>,
) => (args: Args) => Promise<Result>;

/** Where {@link RawCall.send} stands: after the SDK has serialized, before it counts and signs. */
export const SENDING = { step: 'serialize', priority: 'low', name: 'tailraceSend' } as const;

/** Where {@link RawCall.receive} stands: before the SDK deserializes, within its retries. */
export const RECEIVING = { step: 'deserialize', priority: 'low', name: 'tailraceReceive' } as const;

/**
 * Makes an SDK command send `input` as it is and keeps the answer as it came, past the SDK's own (de)serializer.
 *
 * Endpoint, credentials, signing and retries stay the SDK's. Its deserializer loses an attribute named `__proto__`,
 * and takes several times as long as `JSON.parse`.
 */
export function rawCall(input: Readonly<Record<string, unknown>>): RawCall {
  let answer: RawAnswer | undefined;
  return {
    send: (next) => (args) => {
      if (isObject(args.request)) args.request['body'] = JSON.stringify(input);
      return next(args);
    },
    receive: (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      // Anything but success is an error that the SDK reads, to decide whether to try again.
      if (!isObject(response) || response['statusCode'] !== 200) return result;
      const body: unknown = JSON.parse(await textOf(response['body']));
      if (isObject(body)) answer = { body, date: dateOf(response['headers']) };
      response['body'] = Buffer.from('{}');
      return result;
    },
    answer() {
      if (answer) return answer;
      throw new TailraceError('source-invalid', 'The endpoint answered with something else than a JSON object');
    },
  };
}

async function textOf(body: unknown): Promise<string> {
  if (!isAsyncIterable(body)) throw new TypeError('The HTTP client gave no readable body');
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    if (chunk instanceof Uint8Array) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function dateOf(headers: unknown): number {
  const date = isObject(headers) ? headers['date'] : undefined;
  return typeof date === 'string' ? Date.parse(date) : Number.NaN;
}
