import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** The caller that the proxy names in its refusals. */
export const PRINCIPAL = 'arn:aws:sts::123456789012:assumed-role/reader/ann';

/** A proxy for real servers of AWS's APIs that refuses one action, as IAM does. */
export interface DenyingProxy extends AsyncDisposable {
  readonly endpointUrl: string;
  /** The environment by which a command reaches it instead of AWS. */
  readonly env: Readonly<Record<string, string>>;
  /** Refuses this action on this resource from now on; `undefined` refuses nothing. */
  deny(denied: { readonly action: string; readonly resource: string } | undefined): void;
}

/** @param upstream Where it forwards requests: DynamoDB's, and all others. */
export async function startDenyingProxy(upstream: {
  readonly dynamodb: string;
  readonly others: string;
}): Promise<DenyingProxy> {
  let denied: { readonly action: string; readonly resource: string } | undefined;
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const { service, action } = actionOf(request);
    if (denied?.action === action) {
      const { text, type } = refusal(service, action, denied.resource);
      response.writeHead(service === 'dynamodb' ? 400 : 403, { 'content-type': type, connection: 'close' });
      return response.end(text);
    }
    const { method, headers, url = '/' } = request;
    const to = new URL(url, service === 'dynamodb' ? upstream.dynamodb : upstream.others);
    const onward = send(to, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    return onward.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const services = ['DYNAMODB', 'DYNAMODB_STREAMS', 'S3', 'SQS', 'LAMBDA'];
  return {
    endpointUrl,
    env: {
      ...Object.fromEntries(services.map((service) => [`AWS_ENDPOINT_URL_${service}`, endpointUrl])),
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
    deny(next) {
      denied = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The IAM action that a request needs. */
function actionOf({ headers, method, url = '' }: IncomingMessage): { service: string; action: string } {
  const [, api = '', operation = ''] = /^(\w+?)(?:_\d+)?\.(\w+)$/.exec(String(headers['x-amz-target'])) ?? [];
  if (api.startsWith('DynamoDB')) return { service: 'dynamodb', action: `dynamodb:${operation}` };
  // As SQS itself writes its actions.
  if (api === 'AmazonSQS') return { service: 'sqs', action: `sqs:${operation.toLowerCase()}` };
  if (url.includes('/event-source-mappings')) return { service: 'lambda', action: 'lambda:ListEventSourceMappings' };
  const ofMethod = url.includes('list-type=2') ? 'ListBucket' : S3_ACTIONS[method ?? ''];
  return { service: 's3', action: `s3:${ofMethod ?? method}` };
}

const S3_ACTIONS: Readonly<Record<string, string>> = { GET: 'GetObject', PUT: 'PutObject', DELETE: 'DeleteObject' };

function refusal(service: string, action: string, resource: string): { text: string; type: string } {
  const on = service === 's3' ? `"${resource}"` : resource;
  const because = `because no identity-based policy allows the ${action} action`;
  const message = `User: ${PRINCIPAL} is not authorized to perform: ${action} on resource: ${on} ${because}`;
  if (service === 's3') {
    const quoted = message.replaceAll('"', '&quot;');
    return { text: `<Error><Code>AccessDenied</Code><Message>${quoted}</Message></Error>`, type: 'application/xml' };
  }
  const name = service === 'sqs' ? 'AccessDenied' : 'AccessDeniedException';
  const text = JSON.stringify({ __type: `com.amazon.coral.service#${name}`, Message: message, message });
  return { text, type: 'application/x-amz-json-1.0' };
}
