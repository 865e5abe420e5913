import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { systemClock } from '../src/clock.ts';
import type { DeadLetterStore } from '../src/delivery/dead-letter.ts';
import type { Destination } from '../src/destination/destination.ts';
import type { DestinationOptions } from '../src/destinations.ts';
import { TailraceError } from '../src/errors.ts';
import { fileFailure } from '../src/file-failure.ts';
import type { Log } from '../src/log.ts';
import { systemRandom } from '../src/random.ts';
import type { FailedBatches } from '../src/replay/failed-batch.ts';
import type { BucketLocation } from '../src/replay/failure-bucket.ts';
import type { FailureLocation } from '../src/replay/open-failed-batches.ts';
import type { AwsSettings } from '../src/source/aws-endpoints.ts';
import type { Connection, Dependencies } from './dependencies.ts';
import { localFiles } from './files/local-files.ts';
import { writeText } from './files/write-text.ts';
import { findStateHome } from './state/state-home.ts';
import { confirm } from './terminal/confirm.ts';

// The AWS SDK and the destinations' engines are loaded where they are first used: most commands need one of them.

/** Everything outside the process that a command of `process` can reach, until `signal` aborts. */
export function productionDependencies(process: NodeJS.Process, signal: AbortSignal): Dependencies {
  return {
    clock: systemClock,
    random: systemRandom,
    signal,
    actor: actor(),
    connect,
    connectLocally,
    openDestination,
    openFailedBatches,
    openDeadLetterBucket,
    readText: (path) => readText(path, process.stdin),
    listFiles,
    writeText,
    findStateHome: () => findStateHome(process.cwd(), existsSync),
    files: localFiles(process.stdin),
    confirm: (question) => confirm(question, process, signal),
  };
}

/** Connects to DynamoDB and its streams, as {@link Dependencies.connect} says. */
export async function connect(settings: AwsSettings, log?: Log): Promise<Connection> {
  const [{ createAwsClients }, { AwsTableReader }, { AwsStreamClient }, { confirmStream }] = await Promise.all([
    import('../src/source/aws-clients.ts'),
    import('../src/source/aws-table-reader.ts'),
    import('../src/stream/aws-stream-client.ts'),
    import('../src/stream/confirm-stream.ts'),
  ]);
  const clients = await createAwsClients(settings);
  const streams = new AwsStreamClient(clients.streams, clients.streamsEndpoint);
  const tables = new AwsTableReader(clients.dynamodb, clients.endpoint, {
    ...(log && { log }),
    askedWith: clients.askedWith,
    streamsRefused: clients.streamsRefused,
    // AWS has streams, and asking it may need a permission that was not granted.
    knowsStreams: clients.isAws ? undefined : (table) => streams.knowsStreams(table),
  });
  return {
    tables,
    streams: clients.isLocal ? confirmStream(streams) : streams,
    async countMappings(streamArn) {
      const readers = await import('../src/source/stream-readers.ts');
      return readers.countMappings(streamArn, { isLocal: clients.isLocal, settings });
    },
    isLocal: clients.isLocal,
    [Symbol.dispose]: () => clients[Symbol.dispose](),
  };
}

/** Connects to a server on this machine, as {@link Dependencies.connectLocally} says. */
export async function connectLocally(settings: AwsSettings): Promise<Connection | null> {
  const { endpointOf, isLoopback } = await import('../src/source/aws-endpoints.ts');
  const endpoint = endpointOf(settings, 'DYNAMODB', process.env);
  return endpoint !== undefined && isLoopback(endpoint) ? connect(settings) : null;
}

/** Opens a destination by its name, as {@link Dependencies.openDestination} says. */
export async function openDestination(name: string, options?: DestinationOptions): Promise<Destination> {
  const opener = await import('../src/destinations.ts');
  return opener.openDestination(name, options);
}

/** Opens the dead letters of a bucket, as {@link Dependencies.openDeadLetterBucket} says. */
export async function openDeadLetterBucket(
  location: BucketLocation,
  settings: AwsSettings,
): Promise<DeadLetterStore & Disposable> {
  const [{ createS3Client }, { DeadLetterBucket }] = await Promise.all([
    import('../src/source/s3-client.ts'),
    import('../src/delivery/dead-letter-bucket.ts'),
  ]);
  const client = await createS3Client(settings);
  return Object.assign(new DeadLetterBucket({ ...location, owner: null, client }), {
    [Symbol.dispose]: () => client.destroy(),
  });
}

/** Opens the failed batches in a bucket or a queue, as {@link Dependencies.openFailedBatches} says. */
export async function openFailedBatches(
  location: FailureLocation,
  settings: AwsSettings,
): Promise<FailedBatches & Disposable> {
  const opener = await import('../src/replay/open-failed-batches.ts');
  return opener.openFailedBatches(location, settings, process.env);
}

/**
 * The text of a file; `-` is `stdin`.
 *
 * @throws {TailraceError} `usage-invalid` if it can't be read.
 */
export async function readText(path: string, stdin: NodeJS.ReadableStream): Promise<string> {
  try {
    const bytes = path === '-' ? await buffer(stdin) : await readFile(path);
    // Fatal: a byte that isn't UTF-8 must not become another character silently.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TailraceError('usage-invalid', `${path} can't be read: ${fileFailure(cause).reason}`, {
      remedy: 'Name a file that exists, or - for standard input.',
      cause,
    });
  }
}

/**
 * Names of the files in a directory.
 *
 * @throws {TailraceError} `usage-invalid` if it can't be read.
 */
export async function listFiles(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (cause) {
    throw new TailraceError('usage-invalid', `${directory} can't be listed: ${fileFailure(cause).reason}`, {
      remedy: 'Name a directory that exists.',
      cause,
    });
  }
}

/** Who runs this: user and host. A container's user may have no name. */
export function actor(): string {
  return `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In many containers the user's id has no entry: the number identifies the user as well.
    return String(process.getuid?.() ?? 'unknown');
  }
}
