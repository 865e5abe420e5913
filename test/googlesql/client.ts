import { createRequire } from 'node:module';
import path from 'node:path';

/** A connection to the server, by the names of its gRPC methods. */
export interface ZetaSqlClient extends Disposable {
  call(method: string, request: object): Promise<unknown>;
}

/** The parts of gRPC's packages that are used here. They are this folder's dependencies, and may not be installed. */
type Grpc = {
  readonly credentials: { createInsecure(): unknown };
  loadPackageDefinition(definition: unknown): {
    readonly zetasql: { readonly local_service: { readonly ZetaSqlLocalService: new (...args: unknown[]) => Service } };
  };
};
type ProtoLoader = { loadSync(file: string, options: object): unknown };
type Service = { close(): void } & Record<string, Method>;
type Method = (request: object, done: (error: Error | null, answer: unknown) => void) => void;

/** Connects to a server at `host:port`. */
export function connect(address: string): ZetaSqlClient {
  const require = createRequire(import.meta.url);
  const grpc: Grpc = require('@grpc/grpc-js');
  const loader: ProtoLoader = require('@grpc/proto-loader');
  const protos = path.join(
    path.dirname(require.resolve('@fivetrandevelopers/zetasql/package.json')),
    'lib/zetasql/protos',
  );
  const definition = loader.loadSync(path.join(protos, 'local_service.proto'), {
    includeDirs: [protos],
    longs: String,
    enums: String,
    oneofs: true,
    defaults: false,
  });
  const { ZetaSqlLocalService } = grpc.loadPackageDefinition(definition).zetasql.local_service;
  const service = new ZetaSqlLocalService(address, grpc.credentials.createInsecure(), {
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
  return {
    call: (method, request) =>
      new Promise((resolve, reject) => {
        const send = service[method];
        if (send === undefined) throw new Error(`ZetaSQL has no method ${method}`);
        send.call(service, request, (error, answer) => (error ? reject(error) : resolve(answer)));
      }),
    [Symbol.dispose]: () => service.close(),
  };
}
