import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import { type Backoff, retry } from '../../retry.ts';
import { type ApiAnswer, ApiFailure, type ApiRequest, type BigQueryApi, type Purpose } from './api.ts';
import { isPassing, toTailraceError } from './errors.ts';
import { ServerClock } from './server-clock.ts';

export type Call = Purpose &
  Omit<ApiRequest, 'timeoutMs'> & {
    /** How long to wait for an answer. @default a minute */
    readonly timeoutMs?: number;
    /** When to stop retrying, in milliseconds since the epoch; without it, {@link RETRY_MS} from now. */
    readonly until?: number | undefined;
  };

/** As long as Google's own clients wait for an answer. */
const ANSWER_TIMEOUT_MS = 60_000;
/** How long failures that may pass are retried where a call has no `until`. */
export const RETRY_MS = 60_000;

/** Waits between attempts. */
export const CALL_BACKOFF: Backoff = { firstMs: 250, maxMs: 30_000 };

/** Calls BigQuery's API: retries failures that may pass, and names the others. */
export class Caller {
  readonly #api: BigQueryApi;
  readonly clock: Clock;
  readonly random: Random;
  readonly serverClock: ServerClock;

  constructor(api: BigQueryApi, clock: Clock, random: Random) {
    this.#api = api;
    this.clock = clock;
    this.random = random;
    this.serverClock = new ServerClock(clock);
  }

  /**
   * Gives the answer to a request that may be sent twice. Any field of it may be absent.
   *
   * @throws {TailraceError} of a `destination-…` kind, `query-invalid` or `snapshot-superseded`; its cause is the
   *   {@link ApiFailure}.
   */
  async call<Answer extends object>(call: Call): Promise<Answer> {
    return this.retry(call, (until) => this.once<Answer>({ ...call, until }));
  }

  /**
   * Retries `attempt` as {@link call} retries its request.
   *
   * @param attempt Gets the time to stop at, in milliseconds since the epoch.
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
   * Sends a request once, and waits for the answer until `until` at the latest.
   *
   * @throws {ApiFailure} as it came.
   */
  async once<Answer extends object>(call: Call): Promise<Answer> {
    const { json } = await this.exchange(call);
    return json as Answer;
  }

  /** As {@link once}, with status and headers. */
  async exchange(call: Call): Promise<ApiAnswer> {
    const answer = await this.#api.exchange(this.#requestOf(call));
    this.serverClock.observe(answer.answeredAt);
    return answer;
  }

  #requestOf(call: Call): ApiRequest {
    const { doing: _doing, permission: _permission, until = Number.POSITIVE_INFINITY, ...request } = call;
    const timeoutMs = Math.max(1, Math.min(call.timeoutMs ?? ANSWER_TIMEOUT_MS, until - this.clock.now()));
    return { ...request, timeoutMs };
  }
}
