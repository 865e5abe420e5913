import { TailraceError } from '../errors.ts';
import { isObject } from '../value/is-object.ts';
import { awsDenial } from './aws-denial.ts';

/** What was asked of DynamoDB when it failed. */
export type AwsCall = {
  /** The IAM action that it needs, such as `dynamodb:Scan`. */
  readonly action: string;
  /** Name of the table, or a stream's ARN. */
  readonly subject: string;
  /** What the action is allowed on, where that isn't the subject. */
  readonly resource?: string;
  /** Where it was sent, for people. */
  readonly place: string;
};

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
]);

const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'Throttling',
  'RequestLimitExceeded',
  'LimitExceededException',
  'TooManyRequestsException',
]);

const EXPIRED = new Set(['ExpiredTokenException', 'ExpiredToken', 'TokenRefreshRequired']);

const BAD_CREDENTIALS = new Set([
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'InvalidToken',
  'RequestTimeTooSkewed',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'CredentialsProviderError',
  'TokenProviderError',
]);

const AWAY = new Set([
  'InternalServerError',
  'InternalServerErrorException',
  'InternalFailure',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TimeoutError',
  // UpdateTable, while the table is being changed.
  'ResourceInUseException',
]);

/**
 * Names what the SDK threw, by its `name`, `code` and HTTP status.
 *
 * The SDK's message may quote the answer, so it stays in `cause`; of a refusal's, the names of things alone are read.
 */
export function awsError(error: unknown, call: AwsCall): TailraceError {
  if (error instanceof TailraceError) return error;
  const { action, subject, place } = call;
  const name = textOf(error, 'name');
  const code = textOf(error, 'code');
  const status = statusOf(error);
  const options = { context: { action, subject, error: code || name, status }, cause: error };

  if (name === 'AbortError')
    return new TailraceError('interrupted', `${action} on ${subject} was interrupted`, options);
  if (name === 'ResourceNotFoundException' || name === 'TableNotFoundException') {
    return new TailraceError('source-table-missing', `There is no ${subject} (${place})`, options);
  }
  const denial = awsDenial(error, call);
  if (denial) return new TailraceError('source-denied', denial.message, { ...options, remedy: denial.remedy });
  if (EXPIRED.has(name)) {
    return new TailraceError('source-denied', 'The AWS credentials have expired', {
      ...options,
      remedy: 'Get new ones, for example by `aws sso login`, and run it again.',
    });
  }
  if (BAD_CREDENTIALS.has(name)) {
    return new TailraceError('source-denied', `The AWS credentials aren't valid (${place})`, {
      ...options,
      remedy: "Give others (--profile, AWS_PROFILE), and look whether the machine's clock is right.",
    });
  }
  if (THROTTLED.has(name) || status === 429) {
    return new TailraceError('source-throttled', `${action} on ${subject} is throttled`, options);
  }
  if (NETWORK.has(code) || AWAY.has(name) || (status !== null && status >= 500)) {
    const what = code === '' || name === 'TimeoutError' ? 'fails at the moment' : "can't be reached";
    return new TailraceError('source-unavailable', `${place} ${what} (${code || name})`, options);
  }
  return new TailraceError('source-invalid', `${place} answers ${action} on ${subject} as no DynamoDB does (${name})`, {
    ...options,
  });
}

function textOf(error: unknown, field: 'name' | 'code'): string {
  const value = typeof error === 'object' && error !== null && field in error ? Reflect.get(error, field) : undefined;
  return typeof value === 'string' ? value : '';
}

function statusOf(error: unknown): number | null {
  const metadata = isObject(error) ? error['$metadata'] : undefined;
  const status = isObject(metadata) ? metadata['httpStatusCode'] : undefined;
  return typeof status === 'number' ? status : null;
}
