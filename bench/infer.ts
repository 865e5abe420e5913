import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newOrder } from '../demo/orders.ts';
import { seeded } from './events.ts';
import { type Measurement, measureNode, middle } from './measured-process.ts';
import { startPageServer } from './orders-server.ts';
import { type Part, ratio, table, whole } from './part.ts';

/** Cost of inferring a schema from items, and of only reading them, each as a whole process. */
type InferBench = { readonly of: string; readonly infer: Measurement; readonly bare: Measurement };

const ITEMS = 100_000;
/** A tenth of them, to show what memory does. */
const FEW_ITEMS = ITEMS / 10;
const ROUNDS = 5;
const TABLE = 'Orders';
const KEYS = 'customer_id,order_number';
/** One page is read at a time, here and there. */
const SEGMENTS = '1';

const LAUNCHER = join(import.meta.dirname, '../bin/tailrace.js');
const BARE_LINES = join(import.meta.dirname, 'bare-lines.js');
const BARE_SCAN = join(import.meta.dirname, 'bare-scan.js');

/** Measures `tailrace schema infer`, as a user runs it, against programs that read the same items and do nothing with them. */
export const inferPart: Part = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-bench-'));
  try {
    const found = [await ofFile(directory, FEW_ITEMS), await ofFile(directory, ITEMS), await ofTable(directory, ITEMS)];
    return {
      paragraphs: [
        `A schema inferred from orders, from the start of a process to its end: \`tailrace schema infer\`; and a bare read: ` +
          "Node's lines of a file, each parsed, or a scan by the SDK, that throw the items away.",
        table(['items', 'way', 'runs', 'time, s', 'CPU, s', 'peak memory, MB'], found.flatMap(rowsOf)),
      ],
      ratios: {
        infer: found.map(({ of, infer, bare }) => ({
          of,
          time: ratio(infer.wallMs, bare.wallMs),
          cpu: ratio(infer.cpuMs, bare.cpuMs),
          peak_memory_mb: Math.round(infer.peakMb),
        })),
      },
    };
  } finally {
    await rm(directory, { recursive: true });
  }
};

async function ofFile(directory: string, items: number): Promise<InferBench> {
  const path = join(directory, `${items}.jsonl`);
  await writeItems(path, items);
  return compared(
    `${items} in a file`,
    () => measureNode([LAUNCHER, 'schema', 'infer', TABLE, '--file', path, '--keys', KEYS], directory),
    () => measureNode([BARE_LINES, path], directory),
  );
}

async function ofTable(directory: string, items: number): Promise<InferBench> {
  await using server = await startPageServer(TABLE, items, join(directory, 'pages'));
  const caps = ['--max-items', String(items), '--max-read-units', '1000000'];
  const where = ['--endpoint-url', server.endpointUrl];
  return await compared(
    `${items} in a table`,
    () => measureNode([LAUNCHER, 'schema', 'infer', TABLE, ...caps, ...where], directory),
    () => measureNode([BARE_SCAN, server.endpointUrl, TABLE, SEGMENTS], directory),
  );
}

async function compared(
  of: string,
  infer: () => Promise<Measurement>,
  bare: () => Promise<Measurement>,
): Promise<InferBench> {
  const readings: { readonly infer: Measurement; readonly bare: Measurement }[] = [];
  for (let round = 0; round < ROUNDS; round++) readings.push({ bare: await bare(), infer: await infer() });
  return {
    of,
    infer: middle(readings.map((reading) => reading.infer)),
    bare: middle(readings.map((reading) => reading.bare)),
  };
}

/** Writes items as an export has them, one a line. */
async function writeItems(path: string, items: number): Promise<void> {
  const out = createWriteStream(path);
  const random = seeded();
  for (let serial = 1; serial <= items; serial++) {
    const { receipt, ...order } = newOrder(serial, random);
    const item = { ...order, receipt: { B: Buffer.from(receipt?.B ?? []).toString('base64') } };
    if (!out.write(`${JSON.stringify({ Item: item })}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

function rowsOf({ of, infer, bare }: InferBench): readonly string[][] {
  return [
    { way: 'schema infer', reading: infer },
    { way: 'bare read', reading: bare },
  ].map(({ way, reading: { wallMs, cpuMs, peakMb } }) => [
    of,
    way,
    String(ROUNDS),
    (wallMs / 1_000).toFixed(2),
    (cpuMs / 1_000).toFixed(2),
    whole(peakMb),
  ]);
}
