import { createClient } from '../source/aws-client.ts';
import { type AwsSettings, type Environment, endpointOf } from '../source/aws-endpoints.ts';
import { createS3Client } from '../source/s3-client.ts';
import type { FailedBatches } from './failed-batch.ts';
import { type BucketLocation, FailureBucket } from './failure-bucket.ts';
import { FailureQueue } from './failure-queue.ts';

/** A bucket's objects, or the messages of the queue at a URL. */
export type FailureLocation = { readonly bucket: BucketLocation } | { readonly queue: string };

/**
 * Opens a bucket or a queue that failures go to, with the same credentials and region as the table. Other endpoints are
 * the SDK's own `AWS_ENDPOINT_URL_S3` and `AWS_ENDPOINT_URL_SQS`.
 *
 * Nothing is sent yet. Disposing of it closes its connections.
 *
 * @throws {TailraceError} `config-invalid` or `source-denied` where region or credentials are missing.
 */
export async function openFailedBatches(
  location: FailureLocation,
  settings: AwsSettings,
  env: Environment,
): Promise<FailedBatches & Disposable> {
  if ('bucket' in location) {
    const client = await createS3Client(settings, env);
    return disposable(new FailureBucket(client, location.bucket), client);
  }
  // `endpointUrl` is DynamoDB's.
  const { endpointUrl: _, ...shared } = settings;
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  // Otherwise the queue's URL would override the configured endpoint; on other servers its host may not resolve.
  const endpoint = endpointOf(shared, 'SQS', env);
  const client = await createClient(
    (options) => new SQSClient({ ...options, ...(endpoint && { endpoint }) }),
    shared,
    'SQS',
    env,
  );
  return disposable(new FailureQueue(client, location.queue), client);
}

function disposable(batches: FailedBatches, client: { destroy(): void }): FailedBatches & Disposable {
  return Object.assign(batches, { [Symbol.dispose]: () => client.destroy() });
}
