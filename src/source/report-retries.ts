import { isObject } from '../value/is-object.ts';
import { awsError } from './aws-error.ts';
import type { Middleware } from './middleware.ts';
import type { FailedAttempt } from './table-reader.ts';

/**
 * Reports the outcome of a failed attempt before the next one: the SDK tries again by itself.
 *
 * One such middleware serves all attempts of one request, through any number of commands.
 */
export function reportRetries(onRetry: (failed: FailedAttempt) => Promise<void>): Middleware<object, object> {
  let failed: FailedAttempt | undefined;
  return (next) => async (args) => {
    if (failed) await onRetry(failed);
    failed = undefined;
    try {
      return await next(args);
    } catch (error) {
      failed = failureOf(error);
      throw error;
    }
  };
}

/** The outcome of an attempt that failed with `error`, of the SDK or of Tailrace. */
export function failureOf(error: unknown): FailedAttempt {
  const { kind, cause } = awsError(error, { action: '', subject: '', endpoint: '' });
  if (kind === 'source-throttled') return 'throttled';
  const status = statusOf(cause);
  return status !== undefined && status >= 400 && status < 500 ? 'refused' : 'unanswered';
}

function statusOf(error: unknown): number | undefined {
  const metadata = isObject(error) ? error['$metadata'] : undefined;
  const status = isObject(metadata) ? metadata['httpStatusCode'] : undefined;
  return typeof status === 'number' ? status : undefined;
}
