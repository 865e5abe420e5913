import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { AwsJson1_0Protocol } from '@aws-sdk/core/protocols';
import type { TailraceError } from '../errors.ts';
import {
  type ClientOptions,
  type ConfiguredClient,
  createClient,
  LOCAL_CREDENTIALS,
  LOCAL_REGION,
  TIMEOUTS,
} from './aws-client.ts';
import {
  type AwsSettings,
  type Environment,
  endpointOf,
  halfConfigured,
  isLoopback,
  isNoneOfAws,
} from './aws-endpoints.ts';
import { type Middleware, REFUSING } from './middleware.ts';

/** The SDK's clients for DynamoDB and its streams. Disposing of them closes their connections. */
export interface AwsClients extends Disposable {
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  /** The endpoint of `dynamodb`, for messages: a URL, or `DynamoDB in eu-west-1`. */
  readonly endpoint: string;
  /** The endpoint of `streams`, for messages. */
  readonly streamsEndpoint: string;
  /** The error of every call of `streams`, where only the tables' endpoint is set. */
  readonly streamsRefused: TailraceError | undefined;
  /** The region and access key that a server on this machine gets, for people. */
  readonly askedWith: string | undefined;
  /** Whether AWS answers there. */
  readonly isAws: boolean;
  /** Whether a server on this machine answers there. */
  readonly isLocal: boolean;
}

/**
 * The SDK may change its default protocol. Requests and pages that pass by its own (de)serializer here are JSON: see `rawCall`.
 * Source: <https://github.com/aws/aws-sdk-js-v3/issues/7568>
 */
const PINNED = { protocol: AwsJson1_0Protocol };

/**
 * Makes the clients, each by {@link createClient}.
 *
 * Where only one of the two endpoints is set, and isn't AWS's, every call of the other client is refused: it would go to AWS.
 *
 * @throws {TailraceError} as {@link createClient}.
 */
export async function createAwsClients(settings: AwsSettings, env: Environment = process.env): Promise<AwsClients> {
  const given = {
    DYNAMODB: endpointOf(settings, 'DYNAMODB', env),
    DYNAMODB_STREAMS: endpointOf(settings, 'DYNAMODB_STREAMS', env),
  };
  const refused = new Map<string, TailraceError>();
  const client = async <Client extends ConfiguredClient>(
    make: (options: ClientOptions) => Client,
    service: keyof typeof given,
    other: keyof typeof given,
  ) => {
    const [own, others] = [given[service], given[other]];
    const isHalf = own === undefined && others !== undefined && isNoneOfAws(others);
    if (!isHalf) return createClient(make, settings, service, env);
    // Never called, unless a file of the SDK's names an endpoint; so the other's endpoint will do.
    const made = await createClient(make, { ...settings, endpointUrl: others }, service, env);
    if (await configuredElsewhere(make)) return createClient(make, settings, service, env);
    const refusal = halfConfigured(service, other, others);
    refused.set(service, refusal);
    made.middlewareStack.add(refusing(refusal), REFUSING);
    return made;
  };
  const dynamodb = await client(
    (options) => new DynamoDBClient({ ...options, ...PINNED }),
    'DYNAMODB',
    'DYNAMODB_STREAMS',
  );
  const streams = await client(
    (options) => new DynamoDBStreamsClient({ ...options, ...PINNED }),
    'DYNAMODB_STREAMS',
    'DYNAMODB',
  );
  const aws = `in ${await dynamodb.config.region()}`;
  const endpoint = given.DYNAMODB;
  const isLocal = endpoint !== undefined && isLoopback(endpoint);
  return {
    dynamodb,
    streams,
    endpoint: endpoint ?? `DynamoDB ${aws}`,
    streamsEndpoint: given.DYNAMODB_STREAMS ?? `DynamoDB streams ${aws}`,
    streamsRefused: refused.get('DYNAMODB_STREAMS'),
    askedWith: isLocal ? await identityOf(dynamodb, settings, env) : undefined,
    isAws: endpoint === undefined || !isNoneOfAws(endpoint),
    isLocal,
    [Symbol.dispose]() {
      dynamodb.destroy();
      streams.destroy();
    },
  };
}

/** Region and access key of a client, and which of them are defaults. Only the default key is named. */
async function identityOf(
  { config }: DynamoDBClient,
  { region: given }: AwsSettings,
  env: Environment,
): Promise<string> {
  const region = await config.region();
  const { accessKeyId } = await config.credentials();
  const isDefault = given === undefined && !env['AWS_REGION'] && region === LOCAL_REGION;
  const key = accessKeyId === LOCAL_CREDENTIALS.accessKeyId ? `access key ${accessKeyId} (default)` : 'your access key';
  return `region ${region}${isDefault ? ' (default)' : ''} and ${key}`;
}

/** Whether the SDK's own files name an endpoint of the service. */
async function configuredElsewhere(make: (options: ClientOptions) => ConfiguredClient): Promise<boolean> {
  const { config } = make({ customUserAgent: 'tailrace', requestHandler: TIMEOUTS, region: LOCAL_REGION });
  return (await config.serviceConfiguredEndpoint?.()) !== undefined;
}

function refusing(error: TailraceError): Middleware<object, object> {
  return () => () => Promise.reject(error);
}
