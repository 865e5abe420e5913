import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request: the operation that `X-Amz-Target` names, and the body. */
export type ScriptedRequest = { readonly operation: string; readonly body: unknown };

export type ScriptedAnswer = { readonly status?: number; readonly body: unknown };

/** A server that answers by script, in order. A request beyond the script gets no answer, which fails the call. */
export interface ScriptedHttp extends AsyncDisposable {
  readonly endpointUrl: string;
  readonly requests: readonly ScriptedRequest[];
}

/** Starts a server on a free port. It sends a text `body` as it is, anything else as JSON. */
export async function startScriptedHttp(answers: readonly ScriptedAnswer[]): Promise<ScriptedHttp> {
  const requests: ScriptedRequest[] = [];
  const server = createServer(async (request, response) => {
    requests.push({
      operation: String(request.headers['x-amz-target']).replace(/^.*\./, ''),
      body: JSON.parse(await textOf(request)),
    });
    const answer = answers[requests.length - 1];
    if (!answer) return response.destroy();
    response.writeHead(answer.status ?? 200, { 'Content-Type': 'application/x-amz-json-1.0', Connection: 'close' });
    return response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
