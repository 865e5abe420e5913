import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { TailraceError } from '../errors.ts';

/** How to reach DynamoDB. What isn't given comes from the SDK's own environment variables and files. */
export type AwsSettings = {
  readonly profile?: string;
  readonly region?: string;
  /** Of DynamoDB *and* its streams. */
  readonly endpointUrl?: string;
};

/** The SDK's clients for DynamoDB and its streams. Disposing of them closes their connections. */
export interface AwsClients extends Disposable {
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  /** Where they reach, for messages: a URL, or `DynamoDB in eu-west-1`. */
  readonly place: string;
  /** Whether that is a server on this machine. */
  readonly isLocal: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Servers on this machine check neither, but the SDK signs nothing without them. */
const LOCAL_REGION = 'us-east-1';
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

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
  const dynamodb = await createClient((options) => new DynamoDBClient(options), settings, 'DYNAMODB', env);
  const streams = await createClient(
    (options) => new DynamoDBStreamsClient(options),
    settings,
    'DYNAMODB_STREAMS',
    env,
  );
  const endpoint = endpointOf(settings, 'DYNAMODB', env);
  return {
    dynamodb,
    streams,
    place: endpoint ?? `DynamoDB in ${await dynamodb.config.region()}`,
    isLocal: endpoint !== undefined && isLoopback(endpoint),
    [Symbol.dispose]() {
      dynamodb.destroy();
      streams.destroy();
    },
  };
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
  readonly config: {
    readonly region: () => Promise<string>;
    readonly credentials: Credentials & (() => Promise<unknown>);
  };
};

/**
 * Makes one client of the SDK with a region and credentials, as {@link createAwsClients} does.
 *
 * @param service As the SDK's variables spell it: `S3` of `AWS_ENDPOINT_URL_S3`.
 */
export async function createClient<Client extends Configured>(
  make: (options: Options) => Client,
  settings: AwsSettings,
  service: string,
  env: Environment,
): Promise<Client> {
  const endpoint = endpointOf(settings, service, env);
  const local = endpoint !== undefined && isLoopback(endpoint);
  const options = {
    customUserAgent: 'tailrace',
    requestHandler: TIMEOUTS,
    ...(settings.profile && { profile: settings.profile }),
    ...(settings.region && { region: settings.region }),
    ...(settings.endpointUrl && { endpoint: settings.endpointUrl }),
  };
  // Where nothing names either, the SDK would read files and load what reads them, and find nothing.
  const isUnset = settings.region === undefined && !env['AWS_REGION'] && !namesCredentials(settings, env);
  if (local && isUnset) return make({ ...options, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });
  const client = make(options);
  const region = await client.config.region().catch((cause: unknown) => {
    if (local && settings.region === undefined) return LOCAL_REGION;
    throw new TailraceError('config-invalid', unusableRegion(settings), {
      remedy: 'Give --region, AWS_REGION, or a --profile that has a region.',
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
    const whose = settings.profile ? ` for profile ${settings.profile}` : '';
    throw new TailraceError('source-denied', `No usable AWS credentials were found${whose}`, {
      remedy: 'Give --profile, AWS_PROFILE or AWS_ACCESS_KEY_ID; after an expired login run `aws sso login`.',
      cause,
    });
  }
}

function unusableRegion({ region, profile }: AwsSettings): string {
  if (region !== undefined) return `"${region}" can't be an AWS region`;
  return profile ? `Profile ${profile} names no AWS region` : 'No AWS region is set';
}

/** Where a service is reached, unless AWS's own endpoint: `--endpoint-url`, or the SDK's variables. */
function endpointOf(settings: AwsSettings, service: string, env: Environment): string | undefined {
  const ignored = env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true';
  const configured = ignored ? undefined : env[`AWS_ENDPOINT_URL_${service}`] || env['AWS_ENDPOINT_URL'] || undefined;
  const endpoint = settings.endpointUrl ?? configured;
  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw new TailraceError('config-invalid', `"${endpoint}" is not the URL of an endpoint`, {
      remedy: 'Give one such as http://127.0.0.1:8000.',
    });
  }
  return endpoint;
}

function isLoopback(endpoint: string): boolean {
  const { hostname } = new URL(endpoint);
  return hostname === 'localhost' || hostname === '[::1]' || /(?:^127\.[\d.]+|\.localhost)$/.test(hostname);
}

const CREDENTIAL_VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

function namesCredentials({ profile }: AwsSettings, env: Environment): boolean {
  const directory = join(homedir(), '.aws');
  return (
    profile !== undefined ||
    CREDENTIAL_VARIABLES.some((name) => env[name]) ||
    existsSync(env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(directory, 'credentials')) ||
    existsSync(env['AWS_CONFIG_FILE'] ?? join(directory, 'config'))
  );
}
