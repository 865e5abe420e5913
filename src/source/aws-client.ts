import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { TailraceError } from '../errors.ts';
import { noteBodies } from './answer-body.ts';
import { type AwsSettings, type Environment, endpointOf, isLoopback } from './aws-endpoints.ts';
import { profileFiles, profileNames } from './aws-profiles.ts';
import { likeliestRegion, requireRegion } from './aws-region.ts';
import { type Middleware, NOTING, type REFUSING } from './middleware.ts';
import { namesCredentials } from './named-credentials.ts';

/** Servers on this machine check neither, but the SDK signs nothing without them. */
export const LOCAL_REGION = 'us-east-1';
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** The SDK waits forever by default. A scan's page comes within a second or so. */
export const TIMEOUTS = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true };

type Credentials = NonNullable<DynamoDBClientConfig['credentials']>;

/** What every client is constructed with. */
export type ClientOptions = {
  readonly customUserAgent: string;
  readonly requestHandler: typeof TIMEOUTS;
  readonly profile?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: Credentials;
};

/** A client of the SDK, as far as it is configured here. */
export type ConfiguredClient = {
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
 * Makes one client of the SDK, and makes sure that it has a region and credentials before anything is sent.
 *
 * On a loopback endpoint a region or credentials that are missing get harmless defaults. The SDK's own variables hold.
 *
 * @param service As the SDK's variables spell it: `S3` of `AWS_ENDPOINT_URL_S3`.
 * @throws {TailraceError} `config-invalid` for an endpoint that is no URL, where no region is known, for a region that AWS
 *   doesn't have, and for a profile that doesn't exist;
 *   `source-denied` where there are no credentials.
 */
export async function createClient<Client extends ConfiguredClient>(
  construct: (options: ClientOptions) => Client,
  settings: AwsSettings,
  service: string,
  env: Environment,
): Promise<Client> {
  const make = (own: ClientOptions) => {
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
    requireProfile(settings, env);
    throw new TailraceError('config-invalid', unusableRegion(settings), {
      remedy: remedyOfRegion(settings),
      cause,
    });
  });
  // A server of one's own takes any region.
  const isAws = endpoint === undefined && (await client.config.serviceConfiguredEndpoint?.()) === undefined;
  if (isAws) await requireRegion(region, settings);
  const credentials = await credentialsOf(client, settings, local, env);
  return make({ ...options, region, credentials });
}

/** Credentials, or the provider that the SDK found them by and that renews them. */
async function credentialsOf(
  client: ConfiguredClient,
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
    requireProfile(settings, env);
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

/** @throws {TailraceError} `config-invalid` if the SDK's files have no profile of the name that is set. */
function requireProfile({ profile: given }: AwsSettings, env: Environment): void {
  const profile = given ?? env['AWS_PROFILE'];
  const names = profileNames(env);
  if (!profile || names.includes(profile)) return;
  const files = Object.values(profileFiles(env)).join(' or ');
  throw new TailraceError('config-invalid', `There is no AWS profile ${profile} in ${files}`, {
    remedy:
      names.length === 0
        ? 'Make it by `aws configure sso`, or give credentials by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.'
        : `Give one of these by --profile: ${names.join(', ')}.`,
  });
}

function unusableRegion({ region, profile }: AwsSettings): string {
  if (region !== undefined) return `"${region}" can't be an AWS region`;
  return profile ? `Profile ${profile} names no AWS region` : 'No AWS region is set';
}

/** Never what was given already. */
function remedyOfRegion({ region, profile }: AwsSettings): string {
  if (region !== undefined) return `Give one such as --region ${likeliestRegion(region) ?? 'eu-central-1'}.`;
  return profile ? 'Give --region, or AWS_REGION.' : 'Give --region, AWS_REGION, or a --profile that has a region.';
}
