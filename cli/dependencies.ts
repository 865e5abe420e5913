import type { Clock } from '../src/clock.ts';
import type { DeadLetterStore } from '../src/delivery/dead-letter.ts';
import type { Destination } from '../src/destination/destination.ts';
import type { Log } from '../src/log.ts';
import type { Random } from '../src/random.ts';
import type { FailedBatches } from '../src/replay/failed-batch.ts';
import type { FailureLocation } from '../src/replay/open-failed-batches.ts';
import type { AwsSettings } from '../src/source/aws-clients.ts';
import type { TableReader } from '../src/source/table-reader.ts';
import type { StreamClient } from '../src/stream/stream-client.ts';
import type { Files } from './files/files.ts';

/** A bucket, and what stands before everything in it: empty, or a path that ends in a slash. */
export type BucketLocation = { readonly bucket: string; readonly prefix: string };

/** DynamoDB and its streams, connected. */
export interface Connection extends Disposable {
  readonly tables: TableReader;
  readonly streams: StreamClient;
  /**
   * How many of Lambda's event source mappings read a stream; `null` where that can't be asked, as at a local server.
   * Rejects with the `source-…` kinds.
   */
  countMappings(streamArn: string): Promise<number | null>;
  /** Whether it is a server on this machine. */
  readonly isLocal: boolean;
}

/** All that a command reaches of the world outside. */
export type Dependencies = {
  readonly clock: Clock;
  readonly random: Random;
  /** Aborts when the user wants the command to stop. */
  readonly signal: AbortSignal;
  /** Who runs it: user and host. */
  readonly actor: string;
  /**
   * Sends nothing yet. Throws `config-invalid` or `source-denied` where region or credentials are missing.
   *
   * @param log Warned while a request for the table fails and is tried again.
   */
  connect(settings: AwsSettings, log?: Log): Promise<Connection>;
  /** As {@link connect}, to a server on this machine; `null` where the settings lead to another. */
  connectLocally(settings: AwsSettings): Promise<Connection | null>;
  /** Makes nothing: that is left to `prepare`. Throws `config-invalid` for what names no destination. */
  openDestination(name: string): Promise<Destination>;
  /** Dead letters in S3, below what stands before their folder. Throws as {@link connect} does. */
  openDeadLetterBucket(location: BucketLocation, settings: AwsSettings): Promise<DeadLetterStore & Disposable>;
  /** What failures left in a bucket or a queue. Sends nothing yet; throws as {@link connect} does. */
  openFailedBatches(place: FailureLocation, settings: AwsSettings): Promise<FailedBatches & Disposable>;
  /** Asks a person yes or no; `null` where nobody is there to ask. Throws `interrupted` if they stop it there. */
  confirm(question: string): Promise<boolean | null>;
  /** The text of a file; `-` is standard input. Throws `usage-invalid` if it can't be read. */
  readText(path: string): Promise<string>;
  /** What a replay reads from. */
  readonly files: Files;
  /** Names of the files in a directory. Throws `usage-invalid` if it can't be read. */
  listFiles(directory: string): Promise<readonly string[]>;
};
