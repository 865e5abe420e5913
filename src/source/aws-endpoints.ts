import { TailraceError } from '../errors.ts';

/** How to reach DynamoDB. Settings that are absent come from the SDK's own environment variables and files. */
export type AwsSettings = {
  readonly profile?: string;
  readonly region?: string;
  /** The region in a given ARN or URL. It counts unless `region` is given, or the endpoint is on this machine. */
  readonly namedRegion?: string;
  /** Of DynamoDB *and* its streams. */
  readonly endpointUrl?: string;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The endpoint of a service by `--endpoint-url` or the SDK's variables; `undefined` for AWS's own.
 *
 * @param service As the SDK's variables spell it: `S3` of `AWS_ENDPOINT_URL_S3`.
 * @throws {TailraceError} `config-invalid` for a text that is no URL.
 */
export function endpointOf(settings: AwsSettings, service: string, env: Environment): string | undefined {
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

/** Whether an endpoint is a server on this machine. */
export function isLoopback(endpoint: string): boolean {
  const { hostname } = new URL(endpoint);
  return hostname === 'localhost' || hostname === '[::1]' || /(?:^127\.[\d.]+|\.localhost)$/.test(hostname);
}

/** Whether an endpoint isn't AWS's: those of AWS, and of a VPC, have its domains and speak TLS. */
export function isNoneOfAws(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return (
    protocol === 'http:' || isLoopback(endpoint) || !/\.(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws)$/.test(hostname)
  );
}

/** The error for an environment that sets one of two endpoints and would leave the other to AWS. */
export function halfConfigured(missing: string, other: string, endpoint: string): TailraceError {
  const name = `AWS_ENDPOINT_URL_${missing}`;
  const what = missing === 'DYNAMODB' ? 'tables' : 'streams';
  return new TailraceError(
    'config-invalid',
    `${name} is not set, though AWS_ENDPOINT_URL_${other} is ${endpoint}: ${what} would be asked of AWS`,
    { remedy: `Set ${name} too, such as to ${endpoint}, or give --endpoint-url in place of both.` },
  );
}
