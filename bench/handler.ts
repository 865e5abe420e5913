import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../src/clock.ts';
import { createStreamHandler, type StreamHandler } from '../src/delivery/stream-handler.ts';
import { BigQueryDestination } from '../src/destination/bigquery/bigquery-destination.ts';
import { parseStreamArn } from '../src/order/stream-arn.ts';
import { type LambdaEvent, lambdaEvent, seeded } from './events.ts';
import { median } from './measure.ts';
import { type Part, ratio, table, whole } from './part.ts';

/** The handler with one size of record. A second is one of a core's, user and system together. */
type HandlerThroughput = {
  readonly recordBytes: number;
  readonly recordsPerSecond: number;
  /** `JSON.stringify` of the event as it came: nothing is decoded, sorted, checked or digested. */
  readonly floorPerSecond: number;
};

/** 10,000 records of 4 KB in one event, far beyond what Lambda gives: the process's peak, and before the event came. */
type HandlerPeak = {
  readonly records: number;
  readonly recordBytes: number;
  readonly peakMb: number;
  readonly idleMb: number;
};

const BATCH = 1_000;
const ROUNDS = 7;
const ROUND_MS = 400;
const PEAK_RECORDS = 10_000;

/** Lines of an order that make its record about 1 KB with one image, and about 4 KB with both. */
const LINES = { small: 1, large: 11 };

/**
 * Measures the handler from the parsed event to the answer, with a BigQuery that acknowledges each request at once; and
 * its memory in a process of its own.
 */
export const handlerPart: Part = async () => {
  const small = inserts(lambdaEvent(BATCH, LINES.small).event);
  const { event: large } = lambdaEvent(BATCH, LINES.large);
  const throughput = [await throughputOf(small), await throughputOf(large)];
  const peak = await peakMemory();
  return {
    paragraphs: [
      'Handler, from parsed event to answer, with a BigQuery that acknowledges at once, records a second of one core:',
      table(
        ['bytes a record', 'Tailrace', '`JSON.stringify(event)`'],
        throughput.map(({ recordBytes, recordsPerSecond, floorPerSecond }) =>
          [recordBytes, recordsPerSecond, floorPerSecond].map(whole),
        ),
      ),
      `One event of ${whole(peak.records)} records of ${whole(peak.recordBytes)} bytes: the process peaks at ` +
        `${whole(peak.peakMb)} MB, from ${whole(peak.idleMb)} MB before it.`,
    ],
    ratios: {
      handler: throughput.map(({ recordBytes, recordsPerSecond, floorPerSecond }) => ({
        record_bytes: recordBytes,
        records_per_second: Math.round(recordsPerSecond),
        times_the_floor: ratio(floorPerSecond, recordsPerSecond),
      })),
    },
  };
};

/** A handler of the records of {@link lambdaEvent}, into a BigQuery that acknowledges all at once. */
export function acknowledgedHandler({ Records }: LambdaEvent): StreamHandler {
  const [record] = Records;
  const stream = parseStreamArn(record && 'eventSourceARN' in record ? record.eventSourceARN : undefined);
  const settings = { endpoint: null, location: null, labels: {}, kmsKey: null, maxBytesBilled: 2 ** 40 };
  // The answer to the one question how old the table is: unknown.
  const exchange = async () => ({ status: 200, json: {}, location: null, range: null, answeredAt: null });
  const api = { send: async () => ({}), exchange };
  return createStreamHandler({
    source: { name: stream?.tableName ?? '', arn: stream?.tableArn ?? '', tableId: null },
    destination: new BigQueryDestination({ project: 'my-project', dataset: 'shop' }, settings, {
      api,
      clock: systemClock,
      random: seeded(),
    }),
    deadLetters: { put: () => Promise.reject(new Error('No record was expected to be set aside')) },
  });
}

async function throughputOf(event: LambdaEvent): Promise<HandlerThroughput> {
  const handler = acknowledgedHandler(event);
  const ours: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const oursUs = await cpuOf(() => handler(event));
    const floorUs = await cpuOf(async () => JSON.stringify(event));
    // The first round warms up the compiler.
    if (round > 0) ours.push(oursUs);
    if (round > 0) floor.push(floorUs);
  }
  const perSecond = (us: number) => Math.round((event.Records.length * 1e6) / us);
  return {
    recordBytes: Math.round(JSON.stringify(event).length / event.Records.length),
    recordsPerSecond: perSecond(median(ours)),
    floorPerSecond: perSecond(median(floor)),
  };
}

/** CPU microseconds of one call, over as many as fit into a round. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const until = performance.now() + ROUND_MS;
  const before = process.cpuUsage();
  let calls = 0;
  do {
    await work();
    calls++;
  } while (performance.now() < until);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

/** The same changes as INSERTs, which have one image. */
function inserts({ Records }: LambdaEvent): LambdaEvent {
  return {
    Records: Records.map((record) => {
      const { OldImage: _old, ...dynamodb } = record.dynamodb;
      return { ...record, eventName: 'INSERT', dynamodb };
    }),
  };
}

async function peakMemory(): Promise<HandlerPeak> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-bench-'));
  try {
    const { event, recordBytes } = lambdaEvent(PEAK_RECORDS, LINES.large);
    const file = join(directory, 'event.json');
    await writeFile(file, JSON.stringify(event));
    const script = join(import.meta.dirname, 'handler-peak.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [script, file]);
    return { records: PEAK_RECORDS, recordBytes, ...(JSON.parse(stdout) as { peakMb: number; idleMb: number }) };
  } finally {
    await rm(directory, { recursive: true });
  }
}
