import { type AwsSettings, createClient, type Environment } from '../source/aws-clients.ts';
import type { FailedBatches } from './failed-batch.ts';
import { type BucketPrefix, FailureBucket } from './failure-bucket.ts';
import { FailureQueue } from './failure-queue.ts';

/** A bucket's objects, or the messages of the queue at a URL. */
export type FailureLocation = { readonly bucket: BucketPrefix } | { readonly queue: string };

/**
 * Opens a bucket or a queue that failures go to, with the same credentials and region as the table. Other endpoints are
 * the SDK's own `AWS_ENDPOINT_URL_S3` and `AWS_ENDPOINT_URL_SQS`.
 *
 * Nothing is sent yet. Disposing of it closes its connections.
 *
 * @throws {TailraceError} `config-invalid` or `source-denied` where region or credentials are missing.
 */
export async function openFailedBatches(
  place: FailureLocation,
  settings: AwsSettings,
  env: Environment,
): Promise<FailedBatches & Disposable> {
  // That endpoint is DynamoDB's.
  const { endpointUrl: _, ...shared } = settings;
  if ('bucket' in place) {
    const { S3Client } = await import('@aws-sdk/client-s3');
    const endpoint = configuredEndpoint('S3', env);
    // Servers other than AWS know buckets by path only.
    const own = endpoint === undefined ? { followRegionRedirects: true } : { endpoint, forcePathStyle: true };
    const client = await createClient((options) => new S3Client({ ...options, ...own }), shared, 'S3', env);
    return disposable(new FailureBucket(client, place.bucket), client);
  }
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  // A queue's URL would go before the configured endpoint, and at other servers its host may not resolve.
  const endpoint = configuredEndpoint('SQS', env);
  const client = await createClient(
    (options) => new SQSClient({ ...options, ...(endpoint && { endpoint }) }),
    shared,
    'SQS',
    env,
  );
  return disposable(new FailureQueue(client, place.queue), client);
}

function configuredEndpoint(service: string, env: Environment): string | undefined {
  return env[`AWS_ENDPOINT_URL_${service}`] || env['AWS_ENDPOINT_URL'] || undefined;
}

function disposable(leftovers: FailedBatches, client: { destroy(): void }): FailedBatches & Disposable {
  return Object.assign(leftovers, { [Symbol.dispose]: () => client.destroy() });
}
