import type { ErrorKind } from '../../errors.ts';

/** What to do about an answer of BigQuery's that isn't a success. */
export type AnswerPolicy = {
  /** The kind of error it becomes, which decides: retry, set aside or halt. */
  readonly kind: ErrorKind;
  /** What is tried before it becomes that error, where that is more than the kind's action. */
  readonly first?: string;
  /** The next step, where it differs from the kind's. */
  readonly remedy?: string;
  /** What it means, for the error's message, where BigQuery's reason doesn't tell. */
  readonly meaning?: string;
};

const PASSING: AnswerPolicy = { kind: 'destination-unavailable' };

/** Source: <https://docs.cloud.google.com/bigquery/docs/sandbox#limitations> */
const SANDBOX: AnswerPolicy = {
  kind: 'destination-denied',
  meaning: "the project has no billing, which makes it BigQuery's sandbox",
  remedy:
    'Link a billing account to the project (https://console.cloud.google.com/billing): ' +
    'the sandbox takes no streaming inserts and lets tables expire.',
};

const READ_THE_CAUSE: string = 'Run it again with --debug and read the cause.';

/**
 * BigQuery's reasons as it documents them, and those of Google's front end that its API was seen to give.
 * Source: <https://docs.cloud.google.com/bigquery/docs/error-messages>
 */
type Reason =
  | 'accessDenied'
  | 'accessNotConfigured'
  | 'attributeError'
  | 'backendError'
  | 'badRequest'
  | 'billingNotEnabled'
  | 'billingTierLimitExceeded'
  | 'blocked'
  | 'bytesBilledLimitExceeded'
  | 'conditionNotMet'
  | 'duplicate'
  | 'internalError'
  | 'invalid'
  | 'invalidQuery'
  | 'invalidUser'
  | 'jobBackendError'
  | 'jobInternalError'
  | 'jobRateLimitExceeded'
  | 'notFound'
  | 'notImplemented'
  | 'proxyAuthenticationRequired'
  | 'quotaExceeded'
  | 'rateLimitExceeded'
  | 'resourceInUse'
  | 'resourcesExceeded'
  | 'responseTooLarge'
  | 'stopped'
  | 'tableUnavailable'
  | 'timeout'
  | 'userRateLimitExceeded';

/** Reasons of Tailrace's own: for an answer that never came, that has none of BigQuery's, or that came too late. */
type OwnReason = 'certificate' | 'noCredentials' | 'notBigQuery' | 'staleStamp';

/** The policy for each reason, at any status. Leaving a reason out doesn't compile. */
export const REASONS = {
  accessDenied: { kind: 'destination-denied' },
  accessNotConfigured: { kind: 'destination-denied', remedy: "Enable the project's BigQuery API." },
  attributeError: { kind: 'query-invalid' },
  backendError: PASSING,
  badRequest: { kind: 'destination-invalid', remedy: READ_THE_CAUSE },
  billingNotEnabled: SANDBOX,
  billingTierLimitExceeded: {
    kind: 'destination-denied',
    remedy: "Raise the project's limit on what a query may cost.",
  },
  blocked: { kind: 'destination-denied', remedy: 'Ask Google Cloud support why the project is blocked.' },
  // By Tailrace's own cap on a query.
  bytesBilledLimitExceeded: { kind: 'query-cap-reached' },
  certificate: {
    kind: 'destination-invalid',
    remedy:
      "Check the machine's clock, and the proxies on the way. A certificate authority of your own is named by " +
      'NODE_EXTRA_CA_CERTS.',
  },
  conditionNotMet: { kind: 'snapshot-superseded' },
  duplicate: { kind: 'destination-conflict' },
  internalError: PASSING,
  invalid: { kind: 'destination-invalid', remedy: READ_THE_CAUSE },
  invalidQuery: { kind: 'query-invalid' },
  invalidUser: { kind: 'destination-denied' },
  jobBackendError: PASSING,
  jobInternalError: PASSING,
  jobRateLimitExceeded: PASSING,
  // The credentials are useless or have expired; nothing was sent.
  noCredentials: {
    kind: 'destination-denied',
    remedy:
      'Run `gcloud auth application-default login`, or name a credentials file in GOOGLE_APPLICATION_CREDENTIALS.',
  },
  // A proxy's page, a login page, another server: the success that it reports is not BigQuery's.
  notBigQuery: {
    kind: 'destination-unavailable',
    first: 'all rows are sent again: they may be stored or not',
    remedy: 'Find out what answers instead: a proxy, a login page, or another server at TAILRACE_BIGQUERY_ENDPOINT.',
  },
  notFound: {
    kind: 'destination-missing',
    first:
      'for an insert into a table that exists: `destination-not-ready` if it is new, and a command appends by load job; ' +
      'otherwise sent again for ten minutes, and then `destination-unavailable`',
  },
  notImplemented: {
    kind: 'destination-invalid',
    remedy: 'Set TAILRACE_BIGQUERY_ENDPOINT to a BigQuery server, or leave it out.',
  },
  proxyAuthenticationRequired: { kind: 'destination-denied', remedy: 'Give the proxy its credentials in HTTPS_PROXY.' },
  quotaExceeded: PASSING,
  rateLimitExceeded: PASSING,
  resourceInUse: PASSING,
  resourcesExceeded: { kind: 'query-invalid', remedy: 'Ask for less in one statement.' },
  responseTooLarge: { kind: 'query-invalid', remedy: 'Ask for fewer rows.' },
  // The machine slept, or its clock was set, between the stamp and the answer.
  staleStamp: {
    kind: 'destination-unavailable',
    first: 'all rows are sent again under the time of then: they were stored more than an hour off their `ingested_at`',
  },
  stopped: { kind: 'interrupted', remedy: 'Someone cancelled the job: start it again.' },
  tableUnavailable: PASSING,
  timeout: PASSING,
  userRateLimitExceeded: PASSING,
} as const satisfies Readonly<Record<Reason | OwnReason, AnswerPolicy>>;

/**
 * What BigQuery's message alone tells, under reasons that mean other things too. It is read and never passed on.
 * Sources: <https://docs.cloud.google.com/bigquery/docs/streaming-data-into-bigquery#before_you_begin>,
 * <https://docs.cloud.google.com/bigquery/docs/custom-quotas>
 */
export const MESSAGES = {
  sandbox: {
    under: ['accessDenied', 'billingNotEnabled'],
    words: /not allowed in the free tier|billing (?:has not been|is not) enabled/i,
    policy: SANDBOX,
  },
  // A quota of a day or a month: retrying for minutes can't help.
  queryQuota: {
    under: ['quotaExceeded'],
    words: /custom quota for QueryUsage|quota for free query bytes/i,
    policy: {
      kind: 'destination-denied',
      meaning: "the project's quota of bytes that queries may read is used up",
      remedy:
        'Wait until it is renewed (a daily one at midnight Pacific time), or raise it: ' +
        'https://docs.cloud.google.com/bigquery/docs/custom-quotas. Delivery runs no queries.',
    },
  },
  loadQuota: {
    under: ['quotaExceeded'],
    words: /quota for imports or query appends per table|load jobs per table/i,
    policy: {
      kind: 'destination-unavailable',
      meaning: 'the 1,500 load jobs that a table takes a day are used up',
      remedy:
        'Wait: a changelog takes streamed rows once it is 15 minutes old, and other tables take load jobs again within a day.',
    },
  },
} as const satisfies Readonly<
  Record<string, { readonly under: readonly Reason[]; readonly words: RegExp; readonly policy: AnswerPolicy }>
>;

/** The policy for each status, for answers without a known reason, such as a proxy's. */
export const STATUSES = {
  401: {
    kind: 'destination-denied',
    remedy: 'Give credentials that Google Cloud takes and that have not expired (GOOGLE_APPLICATION_CREDENTIALS).',
  },
  403: { kind: 'destination-denied' },
  404: { kind: 'destination-missing', first: REASONS.notFound.first },
  407: REASONS.proxyAuthenticationRequired,
  408: PASSING,
  409: { kind: 'destination-conflict' },
  412: { kind: 'snapshot-superseded' },
  413: { kind: 'row-too-large', first: 'halved until it fits; a row that is too large alone is set aside' },
  429: PASSING,
  500: PASSING,
  502: PASSING,
  503: PASSING,
  504: PASSING,
} as const satisfies Readonly<Record<number, AnswerPolicy>>;

/** Not implemented; another version of HTTP. */
const UNKNOWN_REQUEST: ReadonlySet<number> = new Set([501, 505]);

/** Policies for answers with neither a known reason nor a known status. */
export const OTHER_ANSWERS = {
  /** Refused, reset, closed in the middle of the answer, no such host, no TLS, no answer in time. */
  noAnswer: { kind: 'destination-unavailable', first: 'all rows are sent again: they may be stored or not' },
  /** Any other status from 500 on, except those of an unknown request. */
  serverError: PASSING,
  /** A request that is too large, by the API's message instead of a status. */
  tooLarge: STATUSES[413],
  anythingElse: { kind: 'destination-invalid', remedy: READ_THE_CAUSE },
} as const satisfies Readonly<Record<string, AnswerPolicy>>;

/**
 * Policies for errors of single rows, in an answer that is otherwise a success. A row without an error is stored. If a
 * row doesn't fit the schema, no row is stored, and the good ones are `stopped`. All but the bad rows are sent again
 * either way: a row that is stored twice is harmless, and a lost one is not.
 *
 * Source: <https://docs.cloud.google.com/bigquery/docs/streaming-data-into-bigquery#success_http_response_codes>
 */
export const ROW_ANSWERS = {
  /** A good row that was not stored because of a neighbour. */
  stopped: { kind: 'destination-unavailable', first: 'sent again without the bad rows' },
  /** "No such field", for one of the changelog's own columns. */
  noSuchField: {
    kind: 'destination-conflict',
    first: 'if the table has the column, it is new: `destination-not-ready`, and a command appends by load job',
  },
  passing: { kind: 'destination-unavailable', first: 'all rows of the request are sent again' },
  anythingElse: { kind: 'row-rejected', first: 'its neighbours are sent again without it' },
} as const satisfies Readonly<Record<string, AnswerPolicy>>;

/** The policy for an answer. `status` is `null` if there was no whole answer. */
export function answerPolicy({
  status,
  reason,
  text = '',
}: {
  readonly status: number | null;
  readonly reason: string | null;
  /** BigQuery's own message. */
  readonly text?: string;
}): AnswerPolicy {
  const message = Object.values(MESSAGES).find(
    ({ under, words }) => under.some((one) => one === reason) && words.test(text),
  );
  if (message !== undefined) return message.policy;
  if (reason !== null && isKey(REASONS, reason)) return REASONS[reason];
  if (status === null) return OTHER_ANSWERS.noAnswer;
  if (isKey(STATUSES, status)) return STATUSES[status];
  return status >= 500 && !UNKNOWN_REQUEST.has(status) ? OTHER_ANSWERS.serverError : OTHER_ANSWERS.anythingElse;
}

function isKey<T extends object>(table: T, key: PropertyKey): key is keyof T {
  return Object.hasOwn(table, key);
}
