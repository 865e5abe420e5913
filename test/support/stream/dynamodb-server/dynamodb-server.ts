import type { Clock } from '../../../../src/clock.ts';
import { systemClock } from '../../../../src/clock.ts';
import type { Random } from '../../../../src/random.ts';
import { ModelDynamoDb } from '../../../model/dynamodb.ts';
import { ModelError } from '../../../model/model-error.ts';
import type { StreamManner } from '../../../model/stream.ts';
import { FaultScript } from '../../faults.ts';
import { type ProtocolFault, type ProtocolServer, startProtocolServer } from '../../http/json-protocol.ts';
import { seededRandom } from '../../values/seeded-random.ts';
import { itemOperations } from './items.ts';
import { scanOperation } from './scan.ts';
import { streamOperations } from './streams.ts';
import { tableOperations } from './tables.ts';

export type DynamoDbServerOptions = {
  /** @default the machine's own */
  readonly clock?: Clock;
  readonly random?: Random;
  readonly region?: string;
  readonly shardCount?: number;
  readonly streams?: StreamManner;
  // The default of each is AWS's, or near it.
  readonly pageShards?: number;
  readonly pageRecords?: number;
  readonly pageBytes?: number;
  readonly batchGets?: number;
  readonly grainMs?: number;
  readonly staleMs?: number;
  readonly enablingMs?: number;
  readonly lateMs?: number;
  /** How late an empty page is answered, unless a record comes. @default 0 */
  readonly idleAnswerMs?: number;
  /** Wraps each wait of a request for time, for a clock that stands still during requests. */
  readonly whileWaiting?: <T>(waiting: Promise<T>) => Promise<T>;
};

/** A server of DynamoDB's API on the model of it, for real clients. Disposing of it stops it. */
export interface DynamoDbServer extends ProtocolServer {
  /** The model of the tables, without the wire. */
  readonly dynamodb: ModelDynamoDb;
  /** Every request, by its operation, in order. */
  readonly requests: readonly string[];
  /** Plans the faults of the next requests of an operation, in this order. */
  failNext(operation: string, ...faults: readonly ProtocolFault[]): void;
  /** Drops the faults that are still planned. */
  heal(): void;
}

/** Starts a server on a free port. All times are its clock's, also the `Date` of its answers. */
export async function startDynamoDbServer(options: DynamoDbServerOptions = {}): Promise<DynamoDbServer> {
  const { clock = systemClock, random = seededRandom(1), idleAnswerMs = 0 } = options;
  const { whileWaiting = (waiting) => waiting } = options;
  const dynamodb = new ModelDynamoDb({ ...options, clock, random });
  const now = () => clock.now();
  const faults = new FaultScript<string, ProtocolFault>();
  const requests: string[] = [];
  const { enablingMs = 0, lateMs = 0, pageBytes = 1_048_576, staleMs = 0, batchGets = 100 } = options;
  const { pageShards = 100, pageRecords = 1_000, grainMs = 1_000 } = options;
  const protocol = await startProtocolServer({
    clock,
    operations: {
      ...tableOperations(dynamodb, { now, enablingMs, lateMs }),
      ...itemOperations(dynamodb, { batchGets }),
      Scan: scanOperation(dynamodb, { now, pageBytes, staleMs }),
      ...streamOperations(dynamodb, {
        clock,
        pageShards,
        pageRecords,
        grainMs,
        wait: (offset) => whileWaiting(dynamodb.reads.wait(offset, idleAnswerMs, undefined)),
      }),
    },
    errorOf: (error) => (error instanceof ModelError ? error : undefined),
    faultOf(operation) {
      requests.push(operation);
      return faults.take(operation);
    },
  });
  return {
    endpointUrl: protocol.endpointUrl,
    dynamodb,
    requests,
    failNext: (operation, ...next) => faults.failNext(operation, ...next),
    heal: () => faults.heal(),
    [Symbol.asyncDispose]: () => protocol[Symbol.asyncDispose](),
  };
}
