import { type ErrorKind, TailraceError } from '../../errors.ts';
import { ApiFailure } from './api.ts';

/** What a request was for, so that its failure can be named. */
export type Purpose = {
  /** A verb phrase with the place, such as `insert into shop.tailrace.orders_changelog`. */
  readonly doing: string;
  /** What whoever may not do it lacks. */
  readonly permission: string;
};

type Verdict = { readonly kind: ErrorKind; readonly remedy?: string };

const PASSING: Verdict = { kind: 'destination-unavailable' };

/**
 * What BigQuery's reasons mean here. `destination-unavailable` passes and is retried; nothing else is.
 *
 * Source: <https://docs.cloud.google.com/bigquery/docs/error-messages>
 */
const BY_REASON: Readonly<Record<string, Verdict>> = {
  backendError: PASSING,
  internalError: PASSING,
  jobBackendError: PASSING,
  jobInternalError: PASSING,
  jobRateLimitExceeded: PASSING,
  quotaExceeded: PASSING,
  rateLimitExceeded: PASSING,
  resourceInUse: PASSING,
  tableUnavailable: PASSING,
  timeout: PASSING,
  accessDenied: { kind: 'destination-denied' },
  accessNotConfigured: { kind: 'destination-denied', remedy: "Enable the project's BigQuery API." },
  billingNotEnabled: {
    kind: 'destination-denied',
    remedy: "Link a billing account to the project: BigQuery's sandbox takes no streaming inserts.",
  },
  blocked: { kind: 'destination-denied', remedy: 'Ask Google Cloud support why the project is blocked.' },
  conditionNotMet: { kind: 'snapshot-superseded' },
  duplicate: { kind: 'destination-conflict' },
  invalidQuery: { kind: 'query-invalid' },
  // Not one of BigQuery's: what was given is no use, and was never sent.
  noCredentials: {
    kind: 'destination-denied',
    remedy:
      'Run `gcloud auth application-default login`, or name a credentials file in GOOGLE_APPLICATION_CREDENTIALS.',
  },
  notFound: { kind: 'destination-missing' },
};

/** For answers whose reason says nothing, such as those of a proxy. */
const BY_STATUS: Readonly<Record<number, Verdict>> = {
  401: {
    kind: 'destination-denied',
    remedy: 'Give credentials that Google Cloud takes (GOOGLE_APPLICATION_CREDENTIALS).',
  },
  403: { kind: 'destination-denied' },
  404: { kind: 'destination-missing' },
  408: PASSING,
  409: { kind: 'destination-conflict' },
  412: { kind: 'snapshot-superseded' },
  429: PASSING,
  500: PASSING,
  502: PASSING,
  503: PASSING,
  504: PASSING,
};

/** Names a failed request by kind, with what it was for; BigQuery's own words, which may quote values, stay its cause. */
export function toTailraceError(failure: ApiFailure, { doing, permission }: Purpose): TailraceError {
  const { kind, remedy } = verdictOn(failure);
  const answer = failure.reason ?? (failure.status === null ? 'no answer' : `HTTP ${failure.status}`);
  const lacks = kind === 'destination-denied' && remedy === undefined ? `: ${permission} is not granted` : '';
  return new TailraceError(kind, `Could not ${doing}${lacks} (${answer})`, {
    context: { status: failure.status, reason: failure.reason, location: failure.location },
    ...(remedy === undefined ? {} : { remedy }),
    cause: failure,
  });
}

/** Whether a failure may be gone at the next attempt. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiFailure && verdictOn(error).kind === 'destination-unavailable';
}

/** Whether `error` is, or was caused by, an answer of HTTP status `status`. */
export function hasStatus(error: unknown, status: number): boolean {
  const failure = error instanceof TailraceError ? error.cause : error;
  return failure instanceof ApiFailure && failure.status === status;
}

/**
 * Whether BigQuery found a request too large. Its front end answers 413; the API itself 400 with a sentence and a reason
 * that means many things.
 */
export function isTooLarge(error: unknown): boolean {
  return (
    error instanceof ApiFailure &&
    (error.status === 413 || (error.status === 400 && /request payload size exceeds/i.test(error.text)))
  );
}

function verdictOn({ reason, status }: ApiFailure): Verdict {
  if (reason !== null && Object.hasOwn(BY_REASON, reason)) return BY_REASON[reason] ?? PASSING;
  if (status === null) return PASSING;
  return BY_STATUS[status] ?? { kind: 'destination-invalid', remedy: 'Run it again with --debug and read the cause.' };
}
