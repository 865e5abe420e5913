import { onTestFinished } from 'vitest';
import { type BackfillOptions, type BackfillResult, runBackfill } from '../../../backfill/backfill.ts';
import { type CollectedVerify, collectFindings } from '../../../backfill/verify/verify.ts';
import type { RunVerifyOptions } from '../../../backfill/verify/verify-options.ts';
import { systemClock } from '../../../src/clock.ts';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import type { Destination } from '../../../src/destination/destination.ts';
import { silentLog } from '../../../src/log.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { systemRandom } from '../../../src/random.ts';
import { createAwsClients } from '../../../src/source/aws-clients.ts';
import { AwsTableReader } from '../../../src/source/aws-table-reader.ts';
import { requireStream } from '../../../src/source/usable-stream.ts';
import { AwsStreamClient } from '../../../src/stream/aws-stream-client.ts';
import { newCheckpoint } from '../../../src/stream/checkpoint.ts';
import { followStream } from '../../../src/stream/follow.ts';
import type { StreamClient } from '../../../src/stream/stream-client.ts';
import { type TemporaryDatabase, temporaryDatabase } from '../duckdb/temporary-database.ts';
import { MemoryDeadLetters } from '../memory/dead-letters.ts';
import { type Dynoxide, startDynoxide, type TableOptions, type TestTable } from '../stream/dynoxide.ts';
import { temporaryFolder } from '../vitest/temporary-folder.ts';

/** A real table with its server, a DuckDB file, and what a command needs to copy one into the other. */
export type TableStage = {
  readonly server: Dynoxide;
  readonly table: TestTable;
  readonly place: TemporaryDatabase;
  readonly reader: AwsTableReader;
  readonly streams: StreamClient;
  readonly destination: Destination;
  readonly deadLetters: MemoryDeadLetters;
  backfill(options?: Partial<BackfillOptions>): Promise<BackfillResult>;
  verify(options?: Partial<RunVerifyOptions>): Promise<CollectedVerify>;
  /** Follows the stream until the test ends or the returned function is called. */
  follow(): Promise<() => Promise<void>>;
};

/** Creates a stage for one test; it is removed when the test ends. */
export async function tableStage(options?: TableOptions): Promise<TableStage> {
  const server = await startDynoxide();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const clients = await createAwsClients({ endpointUrl: server.endpointUrl }, {});
  onTestFinished(() => clients[Symbol.dispose]());
  const place = await temporaryDatabase();
  onTestFinished(() => place[Symbol.asyncDispose]());
  const destination = await place.open();
  onTestFinished(() => destination[Symbol.asyncDispose]());

  const table = await server.createTable(options);
  const reader = new AwsTableReader(clients.dynamodb, clients.endpoint);
  const streams = new AwsStreamClient(clients.streams);
  const deadLetters = new MemoryDeadLetters();
  const parts = {
    table: table.name,
    reader,
    streams,
    destination,
    deadLetters,
    transform: identity,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    segments: 4,
    signal: new AbortController().signal,
  };
  return {
    server,
    table,
    place,
    reader,
    streams,
    destination,
    deadLetters,
    backfill: (changed) =>
      runBackfill({ ...parts, minStreamAgeMs: 0, actor: 'test', spool: temporaryFolder(), ...changed }),
    verify: (changed) =>
      collectFindings({ ...parts, lagMs: 2_000, maxRecheckMs: 20_000, spool: temporaryFolder(), ...changed }),
    async follow() {
      const description = await reader.describe(table.name);
      const stopping = new AbortController();
      const following = followStream({
        client: streams,
        checkpoint: newCheckpoint(requireStream(description).arn, destination.name),
        save: async () => {},
        handler: createStreamHandler({ source: description.table, destination, deadLetters, origin: 'tail' }),
        clock: systemClock,
        random: systemRandom,
        log: silentLog,
        signal: stopping.signal,
      });
      const stop = async () => {
        stopping.abort();
        await following;
      };
      onTestFinished(stop);
      return stop;
    },
  };
}
