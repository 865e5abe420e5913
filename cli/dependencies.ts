import type { Clock } from '../src/clock.ts';
import type { DeadLetterStore } from '../src/delivery/dead-letter.ts';
import type { Destination } from '../src/destination/destination.ts';
import type { DestinationOptions } from '../src/destinations.ts';
import type { Log } from '../src/log.ts';
import type { Random } from '../src/random.ts';
import type { FailedBatches } from '../src/replay/failed-batch.ts';
import type { BucketLocation } from '../src/replay/failure-bucket.ts';
import type { FailureLocation } from '../src/replay/open-failed-batches.ts';
import type { AwsSettings } from '../src/source/aws-endpoints.ts';
import type { TableReader } from '../src/source/table-reader.ts';
import type { StreamClient } from '../src/stream/stream-client.ts';
import type { Files } from './files/files.ts';

/** DynamoDB and its streams, connected. */
export interface Connection extends Disposable {
  readonly tables: TableReader;
  readonly streams: StreamClient;
  /**
   * How many of Lambda's event source mappings read a stream; `null` where that can't be found out, as at a local server.
   * Rejects with the `source-…` kinds.
   */
  countMappings(streamArn: string): Promise<number | null>;
  /** Whether the endpoint is a server on this machine. */
  readonly isLocal: boolean;
}

/** Everything outside the process that a command can reach. */
export type Dependencies = {
  readonly clock: Clock;
  readonly random: Random;
  /** Aborts when the user wants the command to stop. */
  readonly signal: AbortSignal;
  /** Who runs the command: user and host. */
  readonly actor: string;
  /**
   * Sends no request yet. Throws `config-invalid` or `source-denied` if region or credentials are missing.
   *
   * @param log Gets a warning while a request for the table is retried.
   */
  connect(settings: AwsSettings, log?: Log): Promise<Connection>;
  /** As {@link connect}, but only to a server on this machine; `null` if the settings name another endpoint. */
  connectLocally(settings: AwsSettings): Promise<Connection | null>;
  /** Creates nothing: `prepare` does. Throws `config-invalid` if `name` names no destination. */
  openDestination(name: string, options?: DestinationOptions): Promise<Destination>;
  /** The dead letters of a bucket, below a prefix. Throws as {@link connect} does. */
  openDeadLetterBucket(location: BucketLocation, settings: AwsSettings): Promise<DeadLetterStore & Disposable>;
  /** The failed batches in a bucket or a queue. Sends no request yet; throws as {@link connect} does. */
  openFailedBatches(location: FailureLocation, settings: AwsSettings): Promise<FailedBatches & Disposable>;
  /** Asks the user yes or no; `null` away from a terminal. Throws `interrupted` if the user stops it. */
  confirm(question: string): Promise<boolean | null>;
  /** The text of a file; `-` is standard input. Throws `usage-invalid` if it can't be read. */
  readText(path: string): Promise<string>;
  /**
   * Writes a text file, whole or not at all, and the folders that it needs. Throws `usage-invalid` if it can't be written.
   */
  writeText(path: string, text: string): Promise<void>;
  /** The folder with the state of all tables, as {@link findStateHome} finds it from the current directory. */
  findStateHome(): string;
  /** The files that a replay reads. */
  readonly files: Files;
  /** Names of the files in a directory. Throws `usage-invalid` if it can't be read. */
  listFiles(directory: string): Promise<readonly string[]>;
};
