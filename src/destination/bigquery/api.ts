/** What a request is for, so that its failure can be named. */
export type Purpose = {
  /** A verb phrase with what it acts on, such as `insert into shop.tailrace.orders_changelog`. */
  readonly doing: string;
  /** The permission, or permissions, that it needs. */
  readonly permission: string;
};

/** One request to BigQuery's REST API, with its body as it is sent. */
export type ApiRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the project, such as `datasets/d/tables/t`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** Whether it carries a file: uploads have a root path of their own. */
  readonly upload?: boolean;
  /** The address of an upload's session, as BigQuery gave it, in place of `path` and `query`. */
  readonly session?: string;
  /** Give up on an answer after this many milliseconds. */
  readonly timeoutMs: number;
};

export type Body = { readonly type: string; readonly bytes: string | Buffer };

/**
 * BigQuery's REST API, as far as it is used here.
 *
 * A fake answers requests; the real one adds credentials and speaks HTTP. Neither retries.
 */
export interface BigQueryApi {
  /**
   * Gives the answer, whose JSON is an empty object where BigQuery sends none, as after a DELETE. A 308, by which an
   * upload asks for more, is no failure.
   *
   * @throws {ApiFailure} for any failure, an answer that isn't BigQuery's included.
   */
  exchange(request: ApiRequest): Promise<ApiAnswer>;
}

/** An answer, with the headers that uploads, stamps and the age of tables need; `null` for an absent one. */
export type ApiAnswer = {
  readonly status: number;
  readonly json: object;
  /** The address of the upload's session that was started. */
  readonly location: string | null;
  /** Which bytes of an upload have arrived, such as `bytes=0-524287`. */
  readonly range: string | null;
  /** When the server answered, by its own clock, in milliseconds since the epoch. */
  readonly answeredAt: number | null;
};

/** A request that didn't succeed, in BigQuery's own codes. The cause may quote values: it is never printed. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  /** HTTP status; `null` if there was no whole answer. */
  readonly status: number | null;
  /** Source: <https://docs.cloud.google.com/bigquery/docs/error-messages> */
  readonly reason: string | null;
  /** What it is about: a column, or a position in a statement. */
  readonly location: string | null;
  /** BigQuery's own message. It may quote values: read it, never print it. */
  readonly text: string;
  /** The address of the service account whose credentials were sent; `null` where they don't name one. */
  readonly principal: string | null;

  constructor(
    failure: {
      status?: number | null;
      reason?: string | null;
      location?: string | null;
      text?: string;
      principal?: string | null;
    },
    cause?: unknown,
  ) {
    super(`BigQuery answered ${failure.status ?? 'nothing'} ${failure.reason ?? ''}`.trim(), { cause });
    this.status = failure.status ?? null;
    this.reason = failure.reason ?? null;
    this.location = failure.location ?? null;
    this.text = failure.text ?? '';
    this.principal = failure.principal ?? null;
  }
}

/** A value as a request's JSON body. */
export function json(value: unknown): Body {
  return { type: 'application/json', bytes: JSON.stringify(value) };
}
