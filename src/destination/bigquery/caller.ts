import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import { ApiFailure, type ApiRequest, type BigQueryApi } from './api.ts';
import { isPassing, type Purpose, toTailraceError } from './errors.ts';
import { persist } from './retry.ts';

export type Call = Purpose & Omit<ApiRequest, 'timeoutMs'> & { readonly timeoutMs?: number };

/** As long as Google's own clients wait for an answer. */
const ANSWER_TIMEOUT_MS = 60_000;
/** How long a failure that may pass is waited out when nobody says how long. */
export const PATIENCE_MS = 60_000;

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
    const until = this.clock.now() + PATIENCE_MS + (call.timeoutMs ?? 0);
    try {
      return await persist(() => this.once<Answer>(call, call.timeoutMs ?? ANSWER_TIMEOUT_MS), isPassing, {
        clock: this.clock,
        random: this.random,
        until,
      });
    } catch (error) {
      throw error instanceof ApiFailure ? toTailraceError(error, call) : error;
    }
  }

  /**
   * Sends a request once.
   *
   * @throws {ApiFailure} as it came.
   */
  async once<Answer extends object>(call: Call, timeoutMs: number): Promise<Answer> {
    const { doing: _doing, permission: _permission, ...request } = call;
    const answer = await this.#api.send({ ...request, timeoutMs: Math.max(1, timeoutMs) });
    return answer as Answer;
  }
}
