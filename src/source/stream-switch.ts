import type { TableDescription as SdkTable } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock.ts';
import { TailraceError } from '../errors.ts';
import { noStreams } from './usable-stream.ts';

const POLL_MS = 500;
const ENABLE_TIMEOUT_MS = 5 * 60 * 1000;
/** A description may lag behind the order to switch a stream on; so much later it was dropped. */
const IGNORED_MS = 10_000;
/** A description may lag behind a change, too; so much later nothing is being changed. */
const AT_REST_MS = 15_000;

export type StreamSwitch = {
  readonly table: string;
  /** Where the server is, for messages. */
  readonly endpoint: string;
  readonly clock: Clock;
  readonly describe: () => Promise<SdkTable>;
  /** Orders the stream, once. */
  readonly switchOn: () => Promise<unknown>;
  /** Does an attempt again while what it throws may pass. */
  readonly retry: (attempt: () => Promise<void>) => Promise<void>;
};

/**
 * Switches the stream of a table on, and waits until it is, unless it is.
 *
 * @throws {TailraceError} `source-invalid` where the server drops the order, or refuses it as if something else of the table
 *   were being changed and nothing is; `source-unavailable` after five minutes; else what is thrown by what it is given.
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
  const orderedAt = clock.now();
  for (;;) {
    const table = await describe();
    if (isStreaming(table)) return;
    if (isIgnored(table) && clock.now() - orderedAt > IGNORED_MS) throw noStreams(name, endpoint);
    if (clock.now() - orderedAt > ENABLE_TIMEOUT_MS) {
      throw new TailraceError('source-unavailable', `The stream of ${name} isn't enabled after five minutes`, {
        context: { table: name, status: table.TableStatus ?? null },
        remedy: 'Run it again: DynamoDB goes on enabling it.',
      });
    }
    await clock.sleep(POLL_MS);
  }
}

function refused(table: string, endpoint: string, cause: unknown): TailraceError {
  const what = `${endpoint} refuses to switch the stream of table ${table} on, though nothing of it is being changed`;
  return new TailraceError('source-invalid', `${what} (ResourceInUseException)`, {
    context: { table },
    remedy:
      'Run it again in a few minutes. Some servers for development never switch a stream on again: restart such a one, and ' +
      'create the table with its stream on.',
    cause,
  });
}

/** Whether neither the table nor an index of it is on its way to something else. */
function isAtRest({ TableStatus, GlobalSecondaryIndexes = [] }: SdkTable): boolean {
  return (
    TableStatus === 'ACTIVE' && GlobalSecondaryIndexes.every(({ IndexStatus = 'ACTIVE' }) => IndexStatus === 'ACTIVE')
  );
}

/** Whether nothing in a table's description says that a stream is on, or on its way. */
function isIgnored({ TableStatus, StreamSpecification }: SdkTable): boolean {
  return TableStatus === 'ACTIVE' && StreamSpecification?.StreamEnabled !== true;
}

function isStreaming({ TableStatus, StreamSpecification, LatestStreamArn }: SdkTable): boolean {
  return TableStatus === 'ACTIVE' && StreamSpecification?.StreamEnabled === true && LatestStreamArn !== undefined;
}
