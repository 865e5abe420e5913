import { type ErrorContext, type ErrorKind, TailraceError } from '../errors.ts';

/**
 * Kinds by the SDK's names of errors.
 * Sources: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html#API_streams_GetRecords_Errors>,
 * <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html>
 */
const KINDS: ReadonlyMap<string, ErrorKind> = new Map([
  ['TrimmedDataAccessException', 'stream-trimmed'],
  ['ExpiredIteratorException', 'iterator-expired'],
  // DynamoDB Local answers with it, too, when a shard is gone that it still lists.
  ['ResourceNotFoundException', 'stream-missing'],
  // Among others, a third reader of a shard gets it.
  ['LimitExceededException', 'source-throttled'],
  ['ProvisionedThroughputExceededException', 'source-throttled'],
  ['ThrottlingException', 'source-throttled'],
  ['RequestLimitExceeded', 'source-throttled'],
  ['InternalServerError', 'source-unavailable'],
  ['ServiceUnavailable', 'source-unavailable'],
  ['TimeoutError', 'source-unavailable'],
  ['AccessDeniedException', 'source-denied'],
  ['AccessDenied', 'source-denied'],
  ['NotAuthorized', 'source-denied'],
  ['UnrecognizedClientException', 'source-denied'],
  ['InvalidClientTokenId', 'source-denied'],
  ['InvalidSignatureException', 'source-denied'],
  ['IncompleteSignature', 'source-denied'],
  ['MissingAuthenticationToken', 'source-denied'],
  ['MissingAuthenticationTokenException', 'source-denied'],
  ['ExpiredToken', 'source-denied'],
  ['ExpiredTokenException', 'source-denied'],
  ['OptInRequired', 'source-denied'],
  ['CredentialsProviderError', 'source-denied'],
  ['TokenProviderError', 'source-denied'],
]);

const MESSAGES: Partial<Record<ErrorKind, string>> = {
  'stream-trimmed': 'The stream no longer holds what comes next',
  'iterator-expired': 'The shard iterator has expired',
  'stream-missing': 'There is no such stream or shard',
  'source-throttled': 'DynamoDB streams throttle the reader',
};

/** Names whatever a call of the SDK rejected with. The SDK's own message stays in the cause. */
export function toStreamError(error: unknown, action: string, context: ErrorContext): TailraceError {
  const name = error instanceof Error ? error.name : typeof error;
  const kind = KINDS.get(name) ?? kindOfUnnamed(error);
  return new TailraceError(kind, MESSAGES[kind] ?? message(kind, error, name, action), {
    context: { ...context, action: `dynamodb:${action}`, error: name },
    cause: error,
  });
}

function kindOfUnnamed(error: unknown): ErrorKind {
  if (networkCode(error) !== null) return 'source-unavailable';
  const status = field(field(error, '$metadata'), 'httpStatusCode');
  return typeof status === 'number' && status >= 500 ? 'source-unavailable' : 'source-invalid';
}

function message(kind: ErrorKind, error: unknown, name: string, action: string): string {
  switch (kind) {
    case 'source-denied':
      return `Not allowed to call dynamodb:${action} (${name})`;
    case 'source-unavailable':
      return `No answer to dynamodb:${action} from ${endpointOf(error)} (${networkCode(error) ?? name})`;
    default:
      return `dynamodb:${action} was not answered as DynamoDB streams do (${name})`;
  }
}

/** Node's name of a failed connection, such as ECONNREFUSED. */
function networkCode(error: unknown): string | null {
  const code = field(error, 'code');
  return typeof code === 'string' && /^E(?!RR_)[A-Z_]+$/.test(code) ? code : null;
}

/** Node's errors say whom they could not reach: by name if that didn't resolve, by address otherwise. */
function endpointOf(error: unknown): string {
  const [host, address, port] = [field(error, 'hostname'), field(error, 'address'), field(error, 'port')];
  if (typeof host === 'string') return host;
  return typeof address === 'string' ? `${address}:${port}` : 'the endpoint';
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
