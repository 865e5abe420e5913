import { type ErrorContext, TailraceError } from '../errors.ts';
import { type Answer, answerOf } from './answer-body.ts';
import { type AwsCall, awsDenial } from './aws-denial.ts';
import { connectionFailure } from './connection-failure.ts';

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
]);

/** The SDK's names for an answer that names no error, or that it can't read. */
const UNNAMED = new Set(['', 'Error', 'NotFound', 'Unknown', 'UnknownError', 'SyntaxError', 'TypeError']);

/**
 * Names an error of the SDK, by its `name`, `code` and HTTP status.
 *
 * The SDK's message may quote the answer, so it stays in `cause`; of a refusal's message, only names of things are read.
 */
export function awsError(error: unknown, call: AwsCall): TailraceError {
  if (error instanceof TailraceError) return error;
  const { action, subject, endpoint } = call;
  const name = textOf(error, 'name');
  const code = textOf(error, 'code');
  const answer = answerOf(error);
  const status = answer?.status ?? null;
  const options = { context: { action, subject, error: code || name, status }, cause: error };

  if (name === 'AbortError')
    return new TailraceError('interrupted', `${action} on ${subject} was interrupted`, options);
  if (name === 'ResourceNotFoundException' || name === 'TableNotFoundException') {
    return new TailraceError('source-table-missing', `There is no ${subject} (${endpoint})`, options);
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
    return new TailraceError('source-denied', `The AWS credentials aren't valid (${endpoint})`, {
      ...options,
      remedy: "Give others (--profile, AWS_PROFILE), and look whether the machine's clock is right.",
    });
  }
  if (THROTTLED.has(name) || status === 429) {
    return new TailraceError('source-throttled', `${action} on ${subject} is throttled`, options);
  }
  const unusable = awsUnusable(error, call);
  if (unusable) return unusable;
  if (name === 'ResourceInUseException') {
    return new TailraceError('source-unavailable', `Something of ${subject} is being changed (${endpoint}, ${name})`, {
      ...options,
      remedy: 'Wait until that is done, and run it again.',
    });
  }
  if (AWAY.has(name) || (status !== null && status >= 500)) {
    const what = status === null ? `gives no answer (${name})` : `fails at the moment (HTTP ${status}, ${name})`;
    return new TailraceError('source-unavailable', `${endpoint} ${what}`, {
      ...options,
      ...(status !== null && { remedy: REACHED }),
    });
  }
  return new TailraceError(
    'source-invalid',
    `${endpoint} answers ${action} on ${subject} as no DynamoDB does (${name})`,
    {
      ...options,
    },
  );
}

/**
 * Names why there was no answer, or one that the service itself can't have made; `undefined` if the service answered.
 */
export function awsUnusable(error: unknown, call: AwsCall): TailraceError | undefined {
  const { action, subject, endpoint } = call;
  const [name, code, message] = [textOf(error, 'name'), textOf(error, 'code'), textOf(error, 'message')];
  const answer = answerOf(error);
  const named = code || (UNNAMED.has(name) ? undefined : name);
  const context = { action, subject, ...(named && { error: named }), status: answer?.status ?? null };
  const connection = connectionFailure({ code, message, body: answer?.body ?? null }, endpoint, settingOf(action));
  if (connection)
    return new TailraceError(connection.kind, connection.message, { ...connection, context, cause: error });
  if (!answer || !(UNNAMED.has(name) || answer.body === 'an HTML page')) return undefined;
  return unnamed(answer, call, { context, cause: error });
}

const REACHED =
  'It was reached, so the network is all right: see its log, or that of a proxy before it, and run it again.';

/** The error for an answer that isn't the service's, with its status and the kind of its body, and none of its text. */
function unnamed(
  { status, body }: Answer,
  { action, subject, endpoint }: AwsCall,
  options: { readonly context: ErrorContext; readonly cause: unknown },
): TailraceError {
  const what = `${endpoint} answers ${action} on ${subject} with HTTP ${status} and ${body ?? unknownBody(status)}`;
  if (status >= 500) return new TailraceError('source-unavailable', what, { ...options, remedy: REACHED });
  const remedy = `Something else answers there, or a proxy before it: check ${settingOf(action)}.`;
  return new TailraceError('source-invalid', what, { ...options, remedy });
}

function unknownBody(status: number): string {
  return status < 300 ? "a body that can't be read" : 'no error that has a name';
}

/** The setting by which a user names the endpoint of an action. */
function settingOf(action: string): string {
  const service = /^(s3|sqs|lambda):/.exec(action)?.[1];
  return service ? `AWS_ENDPOINT_URL_${service.toUpperCase()}` : '--endpoint-url';
}

function textOf(error: unknown, field: 'name' | 'code' | 'message'): string {
  const value = typeof error === 'object' && error !== null && field in error ? Reflect.get(error, field) : undefined;
  return typeof value === 'string' ? value : '';
}
