import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import { type Backoff, retry } from '../../retry.ts';
import { type ApiAnswer, ApiFailure, type ApiRequest, type BigQueryApi, type Purpose } from './api.ts';
import { isPassing, toTailraceError } from './errors.ts';

export type Call = Purpose &
  Omit<ApiRequest, 'timeoutMs'> & {
    /** How long an answer may take; a minute unless it says otherwise. */
    readonly timeoutMs?: number;
    /** When to stop retrying, in milliseconds since the epoch; without it, {@link RETRY_MS} from now. */
    readonly until?: number | undefined;
  };

/** As long as Google's own clients wait for an answer. */
const ANSWER_TIMEOUT_MS = 60_000;
/** How long a failure that may pass is waited out when nobody says how long. */
export const RETRY_MS = 60_000;

/** Waits between attempts. */
export const CALL_BACKOFF: Backoff = { firstMs: 250, maxMs: 30_000 };

/** Calls BigQuery's API: waits out what passes, names what doesn't. */
export class Caller {
  readonly #api: BigQueryApi;
  readonly clock: Clock;
  readonly random: Random;

  constructor(api: BigQueryApi, clock: Clock, random: Random) {
    this.#api = api;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Gives the answer to a request that may be sent twice. Every field may be absent: whoever reads one says what then.
   *
   * @throws {TailraceError} of a `destination-…` kind, `query-invalid` or `snapshot-superseded`; its cause is the
   *   {@link ApiFailure}.
   */
  async call<Answer extends object>(call: Call): Promise<Answer> {
    return this.retry(call, (until) => this.once<Answer>({ ...call, until }));
  }

  /**
   * Gives what `attempt` gives, as {@link call} does: for what isn't one request alone.
   *
   * @param attempt Told when to stop, in milliseconds since the epoch.
   */
  async retry<T>(call: Call, attempt: (until: number) => Promise<T>): Promise<T> {
    const { clock, random } = this;
    const until = call.until ?? clock.now() + (call.timeoutMs ?? 0) + RETRY_MS;
    try {
      return await retry(() => attempt(until), { clock, random, backoff: CALL_BACKOFF, isPassing, until });
    } catch (error) {
      throw error instanceof ApiFailure ? toTailraceError(error, call) : error;
    }
  }

  /**
   * Sends a request once. No answer is waited for beyond `until`.
   *
   * @throws {ApiFailure} as it came.
   */
  async once<Answer extends object>(call: Call): Promise<Answer> {
    const answer = await this.#api.send(this.#requestOf(call));
    return answer as Answer;
  }

  /** As {@link once}, with the headers that count. */
  exchange(call: Call): Promise<ApiAnswer> {
    return this.#api.exchange(this.#requestOf(call));
  }

  #requestOf(call: Call): ApiRequest {
    const { doing: _doing, permission: _permission, until = Number.POSITIVE_INFINITY, ...request } = call;
    const timeoutMs = Math.max(1, Math.min(call.timeoutMs ?? ANSWER_TIMEOUT_MS, until - this.clock.now()));
    return { ...request, timeoutMs };
  }
}
