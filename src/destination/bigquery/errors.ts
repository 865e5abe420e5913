import { TailraceError } from '../../errors.ts';
import { answerPolicy } from './answers.ts';
import { ApiFailure, type Purpose } from './api.ts';
import { denialOf } from './denial.ts';

/** Names a failed request by its kind and purpose. BigQuery's own message may quote values: it stays in the cause. */
export function toTailraceError(failure: ApiFailure, purpose: Purpose): TailraceError {
  const { kind, remedy: own, meaning } = answerPolicy(failure);
  const answer = failure.reason ?? (failure.status === null ? 'no answer' : `HTTP ${failure.status}`);
  const denial = kind === 'destination-denied' && own === undefined ? denialOf(failure, purpose) : undefined;
  const remedy = own ?? denial?.remedy;
  const why = meaning ?? denial?.missing;
  return new TailraceError(kind, `Could not ${purpose.doing}${why === undefined ? '' : `: ${why}`} (${answer})`, {
    context: { status: failure.status, reason: failure.reason, location: failure.location },
    ...(remedy === undefined ? {} : { remedy }),
    cause: failure,
  });
}

/** Whether a failure may be gone at the next attempt. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiFailure && answerPolicy(error).kind === 'destination-unavailable';
}

/** The answer, or the lack of one, that `error` is or was caused by; `undefined` if it is another error. */
export function failureIn(error: unknown): ApiFailure | undefined {
  const failure = error instanceof TailraceError ? error.cause : error;
  return failure instanceof ApiFailure ? failure : undefined;
}

/** Whether `error` is, or was caused by, an answer of HTTP status `status`. */
export function hasStatus(error: unknown, status: number): boolean {
  return failureIn(error)?.status === status;
}

/** Whether `error` is, or was caused by, an answer with one of BigQuery's reasons. */
export function hasReason(error: unknown, reason: string): boolean {
  return failureIn(error)?.reason === reason;
}

/**
 * Whether BigQuery found a request too large. Its front end answers 413; the API itself answers 400, with a message and
 * a reason that means many things.
 */
export function isTooLarge(error: unknown): boolean {
  return (
    error instanceof ApiFailure &&
    (error.status === 413 || (error.status === 400 && /request payload size exceeds/i.test(error.text)))
  );
}
