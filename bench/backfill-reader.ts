import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { runBackfill } from '../backfill/backfill.ts';
import { systemClock } from '../src/clock.ts';
import { DeadLetterDirectory } from '../src/delivery/dead-letter-directory.ts';
import { openDestination } from '../src/destination/open.ts';
import { silentLog } from '../src/log.ts';
import { identity } from '../src/privacy/transform.ts';
import { systemRandom } from '../src/random.ts';
import { createAwsClients } from '../src/source/aws-clients.ts';
import { AwsTableReader } from '../src/source/aws-table-reader.ts';
import { AwsStreamClient } from '../src/stream/aws-stream-client.ts';

/** What reading a table took a process: from its first request to its last, and the most memory it ever had. */
export type Reading = { readonly wallMs: number; readonly cpuMs: number; readonly peakMb: number };

const SEGMENTS = 4;
const TABLE = 'Orders';

const [, , how, endpointUrl = '', file = ''] = process.argv;
const cpu = process.cpuUsage();
const began = performance.now();
await (how === 'ours' ? backfill() : bareScan());
const { user, system } = process.cpuUsage(cpu);
const reading: Reading = {
  wallMs: performance.now() - began,
  cpuMs: (user + system) / 1000,
  peakMb: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(`${JSON.stringify(reading)}\n`);

async function backfill(): Promise<void> {
  using clients = await createAwsClients({ endpointUrl });
  await using destination = await openDestination(`duckdb:${file}`);
  await runBackfill({
    table: TABLE,
    reader: new AwsTableReader(clients.dynamodb, clients.place),
    streams: new AwsStreamClient(clients.streams, clients.place),
    destination,
    deadLetters: new DeadLetterDirectory(`${file}-dead-letters`),
    spool: `${file}-rows`,
    transform: identity,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    segments: SEGMENTS,
    minStreamAgeMs: 0,
    actor: 'bench',
    signal: new AbortController().signal,
  });
}

/** What everybody writes first: the SDK's scan, segment by segment, and nothing done with the items. */
async function bareScan(): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: endpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const segment = async (Segment: number) => {
    let from = {};
    for (;;) {
      const page = await client.send(new ScanCommand({ TableName: TABLE, Segment, TotalSegments: SEGMENTS, ...from }));
      if (!page.LastEvaluatedKey) return;
      from = { ExclusiveStartKey: page.LastEvaluatedKey };
    }
  };
  await Promise.all(Array.from({ length: SEGMENTS }, (_, index) => segment(index)));
  client.destroy();
}
