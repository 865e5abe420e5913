import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { AwsJson1_0Protocol } from '@aws-sdk/core/protocols';
import { TailraceError } from '../errors.ts';
import { NOTING, noteBodies } from './answer-body.ts';
import {
  type AwsSettings,
  type Environment,
  endpointOf,
  halfConfigured,
  isLoopback,
  isNoneOfAws,
} from './aws-endpoints.ts';
import type { Middleware } from './middleware.ts';
import { namesCredentials } from './named-credentials.ts';

export type { AwsSettings, Environment } from './aws-endpoints.ts';

/** The SDK's clients for DynamoDB and its streams. Disposing of them closes their connections. */
export interface AwsClients extends Disposable {
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  /** Where the first reaches, for messages: a URL, or `DynamoDB in eu-west-1`. */
  readonly endpoint: string;
  /** The same of streams. */
  readonly streamsEndpoint: string;
  /** What every call of `streams` is refused with: only the endpoint of the tables is set. */
  readonly streamsRefused: TailraceError | undefined;
  /** With what region and access key a server on this machine is asked, for people. */
  readonly askedWith: string | undefined;
  /** Whether it is AWS that answers there. */
  readonly isAws: boolean;
  /** Whether that is a server on this machine. */
  readonly isLocal: boolean;
}

/** Servers on this machine check neither, but the SDK signs nothing without them. */
const LOCAL_REGION = 'us-east-1';
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * The SDK lets a client choose its protocol, and may choose another by itself some day. What reads pages here, and writes
 * requests, past the SDK's own (de)serializer knows JSON alone: see `rawCall`.
 * Source: <https://github.com/aws/aws-sdk-js-v3/issues/7568>
 */
const PINNED = { protocol: AwsJson1_0Protocol };

/** The SDK waits forever by default. A scan's page comes within a second or so. */
const TIMEOUTS = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true };

/**
 * Makes the clients, and makes sure that each has a region and credentials before anything is done.
 *
 * On a loopback endpoint a region or credentials that are missing get harmless defaults. The SDK's own variables hold,
 * `AWS_ENDPOINT_URL_DYNAMODB` and `AWS_ENDPOINT_URL_DYNAMODB_STREAMS` among them.
 *
 * @throws {TailraceError} `config-invalid` for an endpoint that is no URL and where no region is known;
 *   `source-denied` where there are no credentials.
 */
export async function createAwsClients(settings: AwsSettings, env: Environment = process.env): Promise<AwsClients> {
  const given = {
    DYNAMODB: endpointOf(settings, 'DYNAMODB', env),
    DYNAMODB_STREAMS: endpointOf(settings, 'DYNAMODB_STREAMS', env),
  };
  const refused = new Map<string, TailraceError>();
  const client = async <Client extends Configured>(
    make: (options: Options) => Client,
    service: keyof typeof given,
    other: keyof typeof given,
  ) => {
    const [own, others] = [given[service], given[other]];
    const isHalf = own === undefined && others !== undefined && isNoneOfAws(others);
    if (!isHalf) return createClient(make, settings, service, env);
    // With what the other's takes: it is never asked anything, unless a file of the SDK's says where.
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

/** Region and access key of a client, and which of them are defaults. A key that isn't one isn't named. */
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

/** Whether the SDK finds an endpoint of a service where it isn't asked here: in its files. */
async function configuredElsewhere(make: (options: Options) => Configured): Promise<boolean> {
  const { config } = make({ customUserAgent: 'tailrace', requestHandler: TIMEOUTS, region: LOCAL_REGION });
  return (await config.serviceConfiguredEndpoint?.()) !== undefined;
}

/** Where {@link refusing} stands: before anything is looked up for a request. */
const REFUSING = { step: 'initialize', name: 'tailraceRefuse' } as const;

function refusing(error: TailraceError): Middleware<object, object> {
  return () => () => Promise.reject(error);
}

type Credentials = NonNullable<DynamoDBClientConfig['credentials']>;

type Options = {
  readonly customUserAgent: string;
  readonly requestHandler: typeof TIMEOUTS;
  readonly profile?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: Credentials;
};

type Configured = {
  readonly middlewareStack: {
    add(middleware: typeof noteBodies, options: typeof NOTING): void;
    add(middleware: Middleware<object, object>, options: typeof REFUSING): void;
  };
  readonly config: {
    readonly region: () => Promise<string>;
    readonly serviceConfiguredEndpoint?: (() => Promise<unknown>) | undefined;
    readonly credentials: Credentials & (() => Promise<unknown>);
  };
};

/**
 * Makes one client of the SDK with a region and credentials, as {@link createAwsClients} does.
 *
 * @param service As the SDK's variables spell it: `S3` of `AWS_ENDPOINT_URL_S3`.
 */
export async function createClient<Client extends Configured>(
  construct: (options: Options) => Client,
  settings: AwsSettings,
  service: string,
  env: Environment,
): Promise<Client> {
  const make = (own: Options) => {
    const client = construct(own);
    client.middlewareStack.add(noteBodies, NOTING);
    return client;
  };
  const endpoint = endpointOf(settings, service, env);
  const local = endpoint !== undefined && isLoopback(endpoint);
  const namedRegion = settings.region ?? (local ? undefined : settings.namedRegion);
  const options = {
    customUserAgent: 'tailrace',
    requestHandler: TIMEOUTS,
    ...(settings.profile && { profile: settings.profile }),
    ...(namedRegion && { region: namedRegion }),
    ...(settings.endpointUrl && { endpoint: settings.endpointUrl }),
  };
  // Where nothing names either, the SDK would read files and load what reads them, and find nothing.
  const isUnset = settings.region === undefined && !env['AWS_REGION'] && !namesCredentials(settings, env);
  if (local && isUnset) return make({ ...options, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });
  const client = make(options);
  const region = await client.config.region().catch((cause: unknown) => {
    if (local && settings.region === undefined) return LOCAL_REGION;
    throw new TailraceError('config-invalid', unusableRegion(settings), {
      remedy: remedyOfRegion(settings),
      cause,
    });
  });
  const credentials = await credentialsOf(client, settings, local, env);
  return make({ ...options, region, credentials });
}

/** Credentials, or the provider that the SDK found them by and that renews them. */
async function credentialsOf(
  client: Configured,
  settings: AwsSettings,
  local: boolean,
  env: Environment,
): Promise<Credentials> {
  // On a laptop without any the SDK would look for the metadata service of a virtual machine, for seconds.
  if (local && !namesCredentials(settings, env)) return LOCAL_CREDENTIALS;
  try {
    await client.config.credentials();
    return client.config.credentials;
  } catch (cause) {
    if (local) return LOCAL_CREDENTIALS;
    const { profile } = settings;
    const whose = profile ? ` for profile ${profile}` : '';
    throw new TailraceError('source-denied', `No usable AWS credentials were found${whose}`, {
      remedy: profile
        ? `Run \`aws sso login --profile ${profile}\` if its login expired, or give another --profile.`
        : 'Give --profile, AWS_PROFILE or AWS_ACCESS_KEY_ID; after an expired login run `aws sso login`.',
      cause,
    });
  }
}

function unusableRegion({ region, profile }: AwsSettings): string {
  if (region !== undefined) return `"${region}" can't be an AWS region`;
  return profile ? `Profile ${profile} names no AWS region` : 'No AWS region is set';
}

/** Never what was given already. */
function remedyOfRegion({ region, profile }: AwsSettings): string {
  if (region !== undefined) return 'Give one such as --region eu-central-1.';
  return profile ? 'Give --region, or AWS_REGION.' : 'Give --region, AWS_REGION, or a --profile that has a region.';
}
