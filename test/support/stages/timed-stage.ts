import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { onTestFinished } from 'vitest';
import type { Connection, Dependencies } from '../../../cli/dependencies.ts';
import { localFiles } from '../../../cli/files/local-files.ts';
import { writeText } from '../../../cli/files/write-text.ts';
import { main } from '../../../cli/main.ts';
import * as outside from '../../../cli/production-dependencies.ts';
import { createAwsClients } from '../../../src/source/aws-clients.ts';
import { AwsTableReader } from '../../../src/source/aws-table-reader.ts';
import type { Middleware } from '../../../src/source/middleware.ts';
import { AwsStreamClient } from '../../../src/stream/aws-stream-client.ts';
import type { StreamClient } from '../../../src/stream/stream-client.ts';
import { IoClock } from '../clock/io-clock.ts';
import { RecordingStream } from '../memory/recording-stream.ts';
import {
  type DynamoDbServer,
  type DynamoDbServerOptions,
  startDynamoDbServer,
} from '../stream/dynamodb-server/dynamodb-server.ts';
import { seededRandom } from '../values/seeded-random.ts';
import { diagnostic } from '../vitest/diagnostics.ts';
import { temporaryFolder } from '../vitest/temporary-folder.ts';

/** How a command ended. */
export type TimedEnd = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** A command that runs until it is stopped. */
export interface TimedRun {
  readonly stdout: string;
  stop(): Promise<TimedEnd>;
  readonly ended: Promise<TimedEnd>;
}

/**
 * The real commands with the SDK's real clients, a DynamoDB server in the test and DuckDB files, on one shared clock: a
 * day takes seconds. The clock has to be run: see {@link IoClock}.
 */
export type TimedStage = {
  readonly clock: IoClock;
  readonly server: DynamoDbServer;
  /** For the test's own writes to the tables. */
  readonly client: DynamoDBClient;
  readonly streams: StreamClient;
  readonly folder: string;
  /** Starts `tailrace`. Each name `into` has its own DuckDB file and state directory. */
  start(into: string, ...args: readonly string[]): TimedRun;
  /** Runs `tailrace` to its end. */
  tailrace(into: string, ...args: readonly string[]): Promise<TimedEnd>;
};

const SETTINGS = { region: 'eu-central-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Creates a stage for one test; it is removed when the test ends. */
export async function timedStage(options: Omit<DynamoDbServerOptions, 'clock' | 'whileWaiting'>): Promise<TimedStage> {
  const clock = new IoClock();
  const server = await startDynamoDbServer({
    ...options,
    clock,
    whileWaiting: (waiting) => clock.whileWaiting(waiting),
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  onTestFinished(() => clock[Symbol.dispose]());
  const client = standingStill(new DynamoDBClient({ endpoint: server.endpointUrl, ...SETTINGS }), clock);
  onTestFinished(() => client.destroy());
  const source = await connect(server.endpointUrl, clock);
  onTestFinished(() => source[Symbol.dispose]());
  const { streams } = source;
  const folder = temporaryFolder();

  const start = (into: string, ...args: readonly string[]): TimedRun => {
    const stopping = new AbortController();
    const stdout = new RecordingStream();
    const stderr = new RecordingStream({ onWrite: diagnostic });
    const dependencies: Dependencies = {
      ...outside,
      clock,
      random: seededRandom(1),
      signal: stopping.signal,
      actor: 'someone@somewhere',
      connect: () => clock.work(() => connect(server.endpointUrl, clock)),
      openDestination: (name, options) =>
        clock.work(async () => clock.watch(await outside.openDestination(name, options))),
      readText: (path) => outside.readText(path, process.stdin),
      files: localFiles(process.stdin),
      writeText,
      confirm: async () => null,
      findStateHome: () => '.tailrace',
    };
    const where = ['--destination', `duckdb:${join(folder, `${into}.duckdb`)}`, '--state', join(folder, into)];
    const ended = main(
      [...args, ...where],
      { stdout, stderr, env: {}, clock, isForeground: () => true, launcher: 'tailrace', platform: 'linux' },
      async () => dependencies,
    ).then((code) => ({
      code,
      stdout: stdout.text,
      stderr: stderr.text,
    }));
    return {
      ended,
      get stdout() {
        return stdout.text;
      },
      stop() {
        stopping.abort();
        return ended;
      },
    };
  };
  return { clock, server, client, streams, folder, start, tailrace: (...args) => start(...args).ended };
}

async function connect(endpointUrl: string, clock: IoClock): Promise<Connection> {
  const clients = await createAwsClients({ endpointUrl }, {});
  return {
    tables: new AwsTableReader(standingStill(clients.dynamodb, clock), clients.endpoint, { clock }),
    streams: new AwsStreamClient(standingStill(clients.streams, clock), clients.endpoint),
    countMappings: async () => null,
    isLocal: clients.isLocal,
    [Symbol.dispose]: () => clients[Symbol.dispose](),
  };
}

/** Lets time stand still during a client's requests, with all their retries. */
function standingStill<Client extends DynamoDBClient | DynamoDBStreamsClient>(client: Client, clock: IoClock): Client {
  const waiting: Middleware<object, object> = (next) => (args) => clock.work(() => next(args));
  const stack: { add(middleware: Middleware<object, object>, options: object): void } = client.middlewareStack;
  stack.add(waiting, { step: 'initialize', name: 'tailraceTestClock' });
  return client;
}
