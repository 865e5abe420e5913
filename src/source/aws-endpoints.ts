import { TailraceError } from '../errors.ts';

/** How to reach DynamoDB. What isn't given comes from the SDK's own environment variables and files. */
export type AwsSettings = {
  readonly profile?: string;
  readonly region?: string;
  /** What an ARN or a URL that was given says: taken unless `region` is given, or the endpoint is on this machine. */
  readonly namedRegion?: string;
  /** Of DynamoDB *and* its streams. */
  readonly endpointUrl?: string;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where a service is reached, unless AWS's own endpoint: `--endpoint-url`, or the SDK's variables.
 *
 * @param service As the SDK's variables spell it: `S3` of `AWS_ENDPOINT_URL_S3`.
 * @throws {TailraceError} `config-invalid` for what is no URL.
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

/** Whether an endpoint is a server of somebody else's: AWS's own, a VPC's endpoints among them, speak TLS there. */
export function isNoneOfAws(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return (
    protocol === 'http:' || isLoopback(endpoint) || !/\.(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws)$/.test(hostname)
  );
}

/** That one of two endpoints is set, and not by `--endpoint-url`, and the other would be AWS's own. */
export function halfConfigured(missing: string, other: string, endpoint: string): TailraceError {
  const name = `AWS_ENDPOINT_URL_${missing}`;
  const what = missing === 'DYNAMODB' ? 'tables' : 'streams';
  return new TailraceError(
    'config-invalid',
    `${name} is not set, though AWS_ENDPOINT_URL_${other} is ${endpoint}: ${what} would be asked of AWS`,
    { remedy: `Set ${name} too, such as to ${endpoint}, or give --endpoint-url in place of both.` },
  );
}
