import type { Clock } from '../src/clock.ts';
import type { Destination } from '../src/destination/destination.ts';
import type { Random } from '../src/random.ts';
import type { TableReader } from '../src/source/table-reader.ts';
import type { StreamClient } from '../src/stream/stream-client.ts';

/** How to reach DynamoDB, where the SDK's own environment doesn't say it. */
export type AwsOptions = {
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
};

/** DynamoDB and its streams, connected. */
export interface Source extends Disposable {
  readonly tables: TableReader;
  readonly streams: StreamClient;
}

/** All that a command reaches of the world outside. */
export type Dependencies = {
  readonly clock: Clock;
  readonly random: Random;
  /** Aborts when the user wants the command to stop. */
  readonly signal: AbortSignal;
  /** Who runs it: user and host. */
  readonly actor: string;
  /** Sends nothing yet. Throws `config-invalid` for a region or profile that isn't there. */
  connect(options: AwsOptions): Promise<Source>;
  /** Makes nothing: that is left to `prepare`. Throws `config-invalid` for what names no destination. */
  openDestination(name: string): Promise<Destination>;
  /** The text of a file; `-` is standard input. Throws `usage-invalid` if it can't be read. */
  readText(path: string): Promise<string>;
};
