import type { ErrorKind } from '../../errors.ts';

/** What is done about an answer of BigQuery's that isn't yes. */
export type AnswerPolicy = {
  /** Its name if it stays. The kind decides: retry, set aside or halt. */
  readonly kind: ErrorKind;
  /** What is tried before it gets that name, where that is more than its kind says. */
  readonly first?: string;
  /** The next step, where that is another than its kind's. */
  readonly remedy?: string;
  /** What it is, for a person, where the code doesn't say it. */
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

/** What stands for an answer that never came, or that has no reason of BigQuery's. */
type OwnReason = 'certificate' | 'noCredentials' | 'notBigQuery';

/** What each reason means, whatever the status of the answer. A reason that is left out doesn't compile. */
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
  // What was given is no use or has expired, and nothing was sent.
  noCredentials: {
    kind: 'destination-denied',
    remedy:
      'Run `gcloud auth application-default login`, or name a credentials file in GOOGLE_APPLICATION_CREDENTIALS.',
  },
  // A proxy's page, a login, another server: whatever it says of success is not BigQuery's.
  notBigQuery: {
    kind: 'destination-unavailable',
    first: 'all rows are sent again: they may be in or not',
    remedy: 'See what answers in its place: a proxy, a login page, or another server at TAILRACE_BIGQUERY_ENDPOINT.',
  },
  notFound: {
    kind: 'destination-missing',
    first:
      'to an insert whose table is there: `destination-not-ready` if it is new, and a command appends by load job; ' +
      'otherwise sent again for ten minutes, and then `destination-unavailable`',
  },
  notImplemented: { kind: 'destination-invalid', remedy: 'Give an endpoint that is BigQuery.' },
  proxyAuthenticationRequired: { kind: 'destination-denied', remedy: 'Give the proxy its credentials in HTTPS_PROXY.' },
  quotaExceeded: PASSING,
  rateLimitExceeded: PASSING,
  resourceInUse: PASSING,
  resourcesExceeded: { kind: 'query-invalid', remedy: 'Ask for less in one statement.' },
  responseTooLarge: { kind: 'query-invalid', remedy: 'Ask for fewer rows.' },
  stopped: { kind: 'interrupted', remedy: 'Someone cancelled the job: start it again.' },
  tableUnavailable: PASSING,
  timeout: PASSING,
  userRateLimitExceeded: PASSING,
} as const satisfies Readonly<Record<Reason | OwnReason, AnswerPolicy>>;

/**
 * What BigQuery says in words only, under reasons that mean other things too. The words are read and never passed on.
 *
 * Sources: <https://docs.cloud.google.com/bigquery/docs/streaming-data-into-bigquery#before_you_begin>,
 * <https://docs.cloud.google.com/bigquery/docs/custom-quotas>
 */
export const MESSAGES = {
  sandbox: {
    under: ['accessDenied', 'billingNotEnabled'],
    words: /not allowed in the free tier|billing (?:has not been|is not) enabled/i,
    policy: SANDBOX,
  },
  // A day's quota, or a month's: whoever waits for minutes waits for nothing.
  queryQuota: {
    under: ['quotaExceeded'],
    words: /custom quota for QueryUsage|quota for free query bytes/i,
    policy: {
      kind: 'destination-denied',
      meaning: "the project's quota of bytes that queries may read is used up",
      remedy:
        'Wait until it is renewed (a daily one at midnight Pacific time), or raise it: ' +
        'https://docs.cloud.google.com/bigquery/docs/custom-quotas. Nothing of the delivery needs it.',
    },
  },
  loadQuota: {
    under: ['quotaExceeded'],
    words: /quota for imports or query appends per table|load jobs per table/i,
    policy: {
      kind: 'destination-unavailable',
      meaning: 'the load jobs that a table takes a day, 1,500, are used up',
      remedy:
        'Wait: a changelog takes streamed rows once it is 15 minutes old, and other tables take load jobs again within a day.',
    },
  },
} as const satisfies Readonly<
  Record<string, { readonly under: readonly Reason[]; readonly words: RegExp; readonly policy: AnswerPolicy }>
>;

/** For answers whose reason says nothing, such as those of a proxy. */
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

/** What isn't told by a reason or a status alone. */
export const OTHER_ANSWERS = {
  /** Refused, reset, closed in the middle of the answer, no such host, no TLS, no answer in time. */
  noAnswer: { kind: 'destination-unavailable', first: 'all rows are sent again: they may be in or not' },
  /** A server's fault, but not that it knows no such request. */
  serverError: PASSING,
  /** A request that is too large, in the API's own words instead of a status. */
  tooLarge: STATUSES[413],
  anythingElse: { kind: 'destination-invalid', remedy: READ_THE_CAUSE },
} as const satisfies Readonly<Record<string, AnswerPolicy>>;

/**
 * What is said of single rows, in an answer that is otherwise yes. Rows of which nothing is said are stored; where a row
 * doesn't fit the schema none is, and the good ones are `stopped`. All but the bad ones are sent again either way: a row
 * that is stored twice is harmless, and a row that only seemed to be stored is not.
 *
 * Source: <https://docs.cloud.google.com/bigquery/docs/streaming-data-into-bigquery#success_http_response_codes>
 */
export const ROW_ANSWERS = {
  /** A good row that was not stored because of a neighbour. */
  stopped: { kind: 'destination-unavailable', first: 'sent again without the rows that are to blame' },
  /** "No such field", of a column of the changelog's own. */
  noSuchField: {
    kind: 'destination-conflict',
    first: 'if the table has the column, which is new then: `destination-not-ready`; a command appends by load job',
  },
  passing: { kind: 'destination-unavailable', first: 'all rows of the request are sent again' },
  /** Its time is outside of what can be streamed into a partitioned table. */
  outOfBounds: {
    kind: 'row-rejected',
    first: 'its neighbours are sent again without it',
    remedy: 'A backfill carries the item as it is now: a snapshot is loaded, and not partitioned by time.',
  },
  anythingElse: { kind: 'row-rejected', first: 'its neighbours are sent again without it' },
} as const satisfies Readonly<Record<string, AnswerPolicy>>;

/** What is done about an answer. `status` is `null` if there was no whole answer. */
export function answerPolicy({
  status,
  reason,
  text = '',
}: {
  readonly status: number | null;
  readonly reason: string | null;
  /** BigQuery's own words. */
  readonly text?: string;
}): AnswerPolicy {
  const said = Object.values(MESSAGES).find(
    ({ under, words }) => under.some((one) => one === reason) && words.test(text),
  );
  if (said !== undefined) return said.policy;
  if (reason !== null && isKey(REASONS, reason)) return REASONS[reason];
  if (status === null) return OTHER_ANSWERS.noAnswer;
  if (isKey(STATUSES, status)) return STATUSES[status];
  return status >= 500 && !UNKNOWN_REQUEST.has(status) ? OTHER_ANSWERS.serverError : OTHER_ANSWERS.anythingElse;
}

function isKey<T extends object>(table: T, key: PropertyKey): key is keyof T {
  return Object.hasOwn(table, key);
}
