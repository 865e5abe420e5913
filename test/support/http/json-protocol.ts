import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import type { Clock } from '../../../src/clock.ts';
import { isObject } from '../../../src/value/is-object.ts';
import type { OneOf } from '../faults.ts';

/** An operation of DynamoDB or its streams: input in, output out; it rejects with a {@link ProtocolError} or anything. */
export type Operation = (input: Readonly<Record<string, unknown>>) => object | Promise<object>;

/** The faults of a request; a connection is reset where its request or answer is lost. */
export type ProtocolFault = OneOf<'throttle' | 'fail' | 'refuse' | 'lose-request' | 'lose-response'>;

/** An error of AWS's, by its own name. */
export type ProtocolError = { readonly type: string; readonly message: string; readonly status?: number };

export type ProtocolOptions = {
  /** By their names, such as `DescribeTable`. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** The clock of the `Date` header. */
  readonly clock: Pick<Clock, 'now'>;
  /** AWS's error for what an operation threw; `undefined` for a test's own mistake. */
  readonly errorOf: (error: unknown) => ProtocolError | undefined;
  /** Called once for each request. */
  readonly faultOf?: (operation: string) => ProtocolFault | undefined;
};

/** A server on a free local port. Disposing of it ends its connections. */
export interface ProtocolServer extends AsyncDisposable {
  readonly endpointUrl: string;
}

/**
 * Starts a server of AWS's JSON protocol 1.0, which DynamoDB uses, for the SDK's clients.
 *
 * Source: <https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html>
 */
export async function startProtocolServer(options: ProtocolOptions): Promise<ProtocolServer> {
  const server = createServer((request, response) => void serve(request, response, options));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, options: ProtocolOptions): Promise<void> {
  const operation = /^DynamoDB(?:Streams)?_20120810\.(\w+)$/.exec(String(request.headers['x-amz-target']))?.[1] ?? '';
  const input: unknown = JSON.parse(await text(request));
  const fault = options.faultOf?.(operation);
  if (fault === 'lose-request') return void request.socket.resetAndDestroy();
  try {
    if (fault && fault !== 'lose-response') return answerError(response, REFUSALS[fault], options);
    const work = options.operations[operation];
    if (!work) throw new Error(`${operation || String(request.headers['x-amz-target'])} was not expected`);
    const output = await work(isObject(input) ? input : {});
    if (fault === 'lose-response') request.socket.resetAndDestroy();
    else answer(response, 200, output, options);
  } catch (error) {
    // A test's own mistake must not look like an answer that passes.
    answerError(response, options.errorOf(error) ?? { type: 'ValidationException', message: String(error) }, options);
  }
}

const REFUSALS: Readonly<Record<Exclude<ProtocolFault, 'lose-request' | 'lose-response'>, ProtocolError>> = {
  throttle: {
    type: 'ProvisionedThroughputExceededException',
    message: 'The level of configured throughput is exceeded',
  },
  fail: { type: 'InternalServerError', message: 'Internal server error', status: 500 },
  refuse: { type: 'ServiceUnavailableException', message: 'The service is unavailable', status: 503 },
};

function answerError(
  response: ServerResponse,
  { type, message, status = 400 }: ProtocolError,
  options: ProtocolOptions,
) {
  answer(response, status, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }, options);
}

function answer(response: ServerResponse, status: number, output: object, { clock }: ProtocolOptions): void {
  const body = Buffer.from(JSON.stringify(output));
  response.writeHead(status, {
    'Content-Type': 'application/x-amz-json-1.0',
    'Content-Length': body.length,
    Date: new Date(clock.now()).toUTCString(),
    'x-amzn-RequestId': randomUUID(),
    'x-amz-crc32': String(crc32(body)),
  });
  response.end(body);
}
