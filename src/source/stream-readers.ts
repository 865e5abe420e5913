import { createClient } from './aws-client.ts';
import type { AwsSettings, Environment } from './aws-endpoints.ts';
import { awsError } from './aws-error.ts';

/**
 * Counts Lambda's event source mappings that read a stream.
 *
 * `null` if there is no Lambda to ask: the stream is a local server's, and no Lambda is configured beside it, or none answers.
 *
 * @throws {TailraceError} `source-denied` if the credentials may not list them, `source-unavailable`.
 */
export async function countMappings(
  streamArn: string,
  { isLocal, settings }: { readonly isLocal: boolean; readonly settings: AwsSettings },
  env: Environment = process.env,
): Promise<number | null> {
  const endpoint = env['AWS_ENDPOINT_URL_LAMBDA'] || env['AWS_ENDPOINT_URL'];
  if (isLocal && !endpoint) return null;
  const { LambdaClient, paginateListEventSourceMappings } = await import('@aws-sdk/client-lambda');
  // `endpointUrl` is DynamoDB's.
  const { endpointUrl: _, ...shared } = settings;
  const client = await createClient(
    (options) => new LambdaClient({ ...options, ...(endpoint && { endpoint }) }),
    shared,
    'LAMBDA',
    env,
  );
  try {
    let count = 0;
    for await (const page of paginateListEventSourceMappings({ client }, { EventSourceArn: streamArn })) {
      count += (page.EventSourceMappings ?? []).filter(({ State }) => !STOPPED.has(State ?? '')).length;
    }
    return count;
  } catch (error) {
    // Most servers on a laptop have no Lambda, and AWS_ENDPOINT_URL stands for all services.
    if (isLocal && !env['AWS_ENDPOINT_URL_LAMBDA']) return null;
    const call = { action: 'lambda:ListEventSourceMappings', subject: `stream ${streamArn}`, endpoint: 'Lambda' };
    throw awsError(error, call);
  } finally {
    client.destroy();
  }
}

/** The states in which a mapping reads nothing. */
const STOPPED = new Set(['Disabled', 'Disabling', 'Deleting']);
