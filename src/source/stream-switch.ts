import type { TableDescription as SdkTable } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock.ts';
import { TailraceError } from '../errors.ts';
import { noStreams } from './usable-stream.ts';

const POLL_MS = 500;
const ENABLE_TIMEOUT_MS = 5 * 60 * 1000;
/** A description may lag behind the request to switch a stream on; after this time the server has ignored the request. */
const IGNORED_MS = 10_000;
/** A description may lag behind a change; after this time it shows whether something is still being changed. */
const AT_REST_MS = 15_000;

export type StreamSwitch = {
  readonly table: string;
  /** Of the server, for messages. */
  readonly endpoint: string;
  readonly clock: Clock;
  readonly describe: () => Promise<SdkTable>;
  /** Requests the stream, once. */
  readonly switchOn: () => Promise<unknown>;
  /** Repeats an attempt while its failures may pass. */
  readonly retry: (attempt: () => Promise<void>) => Promise<void>;
};

/**
 * Switches on the stream of a table that isn't on, and waits until it is.
 *
 * @throws {TailraceError} `source-invalid` if the server ignores the request, or refuses it because of another change to the
 *   table though there is none; `source-unavailable` after five minutes; otherwise what the given functions throw.
 */
export async function switchStreamOn({ table: name, endpoint, clock, describe, ...how }: StreamSwitch): Promise<void> {
  if (isStreaming(await describe())) return;
  const beganAt = clock.now();
  await how.retry(async () => {
    try {
      await how.switchOn();
    } catch (error) {
      const isInUse = error instanceof Error && error.name === 'ResourceInUseException';
      if (isInUse && clock.now() - beganAt > AT_REST_MS && isAtRest(await describe()))
        throw refused(name, endpoint, error);
      throw error;
    }
  });
  const requestedAt = clock.now();
  for (;;) {
    const table = await describe();
    if (isStreaming(table)) return;
    if (isIgnored(table) && clock.now() - requestedAt > IGNORED_MS) throw noStreams(name, endpoint);
    if (clock.now() - requestedAt > ENABLE_TIMEOUT_MS) {
      throw new TailraceError('source-unavailable', `The stream of ${name} isn't enabled after five minutes`, {
        context: { table: name, status: table.TableStatus ?? null },
        remedy: 'Run it again: DynamoDB is still enabling it.',
      });
    }
    await clock.sleep(POLL_MS);
  }
}

function refused(table: string, endpoint: string, cause: unknown): TailraceError {
  const what = `${endpoint} refuses to switch the stream of table ${table} on, though no change to the table is under way`;
  return new TailraceError('source-invalid', `${what} (ResourceInUseException)`, {
    context: { table },
    remedy:
      'Run it again in a few minutes. Some development servers never switch a stream on again: restart such a server, and ' +
      'create the table with its stream on.',
    cause,
  });
}

/** Whether no change to the table or an index of it is under way. */
function isAtRest({ TableStatus, GlobalSecondaryIndexes = [] }: SdkTable): boolean {
  return (
    TableStatus === 'ACTIVE' && GlobalSecondaryIndexes.every(({ IndexStatus = 'ACTIVE' }) => IndexStatus === 'ACTIVE')
  );
}

/** Whether a table's description shows no stream that is on or being switched on. */
function isIgnored({ TableStatus, StreamSpecification }: SdkTable): boolean {
  return TableStatus === 'ACTIVE' && StreamSpecification?.StreamEnabled !== true;
}

function isStreaming({ TableStatus, StreamSpecification, LatestStreamArn }: SdkTable): boolean {
  return TableStatus === 'ACTIVE' && StreamSpecification?.StreamEnabled === true && LatestStreamArn !== undefined;
}
