import { TailraceError } from '../errors.ts';
import type { AwsCall } from '../source/aws-denial.ts';
import { awsError, awsUnusable } from '../source/aws-error.ts';

/** Refusals that only S3 and SQS have, by the SDK's name of the error. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ['NoSuchBucket', "doesn't exist"],
  ['NoSuchKey', 'is gone'],
  ['InvalidObjectState', 'is archived and has to be restored first'],
  ['PermanentRedirect', 'is in another region'],
  ['QueueDoesNotExist', "doesn't exist"],
  ['AWS.SimpleQueueService.NonExistentQueue', "doesn't exist"],
  ['InvalidAddress', "can't be the URL of a queue"],
]);

/**
 * The error for a failed request to S3 or SQS: `usage-invalid` if the bucket, object or queue isn't there, otherwise the
 * kinds of {@link awsError}.
 */
export function serviceError(error: unknown, call: AwsCall): TailraceError {
  const name = error instanceof Error ? error.name : '';
  const refusal = REFUSALS.get(name);
  const { action, subject, endpoint } = call;
  const context = { action, subject, error: name };
  if (refusal !== undefined) {
    const message = `${subject.charAt(0).toUpperCase()}${subject.slice(1)} ${refusal}`;
    return new TailraceError('usage-invalid', message, {
      context,
      remedy: 'Check its name and --region.',
      cause: error,
    });
  }
  const unusable = awsUnusable(error, call);
  if (unusable) return unusable;
  const named = awsError(error, call);
  if (named.kind !== 'source-invalid') return named;
  return new TailraceError('source-invalid', `${endpoint} refuses ${action} on ${subject} (${name})`, {
    context,
    remedy: 'Check its name and --region.',
    cause: error,
  });
}
