import type { S3Client } from '@aws-sdk/client-s3';
import { createClient } from './aws-client.ts';
import { type AwsSettings, type Environment, endpointOf } from './aws-endpoints.ts';

/**
 * Makes the S3 client of a command. The SDK is loaded here: most runs never need it.
 *
 * `endpointUrl` is DynamoDB's and isn't used: S3's own is `AWS_ENDPOINT_URL_S3`.
 *
 * @throws {TailraceError} as {@link createClient}.
 */
export async function createS3Client(settings: AwsSettings, env: Environment = process.env): Promise<S3Client> {
  const { endpointUrl: _, ...shared } = settings;
  const endpoint = endpointOf(shared, 'S3', env);
  const { S3Client } = await import('@aws-sdk/client-s3');
  // Servers other than AWS know buckets by path only.
  const own = endpoint === undefined ? { followRegionRedirects: true } : { endpoint, forcePathStyle: true };
  return createClient((options) => new S3Client({ ...options, ...own }), shared, 'S3', env);
}
