import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startScriptedBigQuery } from '../support/bigquery/scripted-bigquery.ts';
import { streamRecord } from '../support/stream/record.ts';

const WORKER = fileURLToPath(new URL('../support/process/lambda-worker.ts', import.meta.url));
const INSERT = 'POST datasets/shop/tables/Orders_changelog/insertAll';

/** What Lambda gives Node in a function of 256 MB. */
const HEAP = ['--max-old-space-size=230', '--max-semi-space-size=16'];
const MEMORY_MB = 256;

/** No event of Lambda's is larger. Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html> */
const EVENT_BYTES = 6 * 1024 * 1024;
const MOST_RECORDS = 10_000;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-load-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** As many records as an event holds. */
function fullEvent(make: (index: number) => unknown): readonly unknown[] {
  const records: unknown[] = [];
  let left = EVENT_BYTES - '{"Records":[]}'.length;
  for (let index = 0; index < MOST_RECORDS; index++) {
    const record = make(index);
    left -= Buffer.byteLength(JSON.stringify(record)) + 1;
    if (left < 0) break;
    records.push(record);
  }
  return records;
}

/** A record whose images are both the same, with a key of its own. */
function change(index: number, attributes: Readonly<Record<string, unknown>>) {
  const image = { id: { S: `id-${index}` }, ...attributes };
  return streamRecord({ keys: { id: { S: `id-${index}` } }, newImage: image, oldImage: image });
}

const KB = 1_000;
const text = (characters: string) => (index: number) => change(index, { text: { S: characters } });

/**
 * 399 KB as DynamoDB counts: a number of 19 digits takes 11 bytes and one of one digit 2, with another for the element;
 * without an exponent they are 146 and 132 characters.
 */
const longNumbers = { list: { L: Array.from({ length: 33_000 }, () => ({ N: '1.234567890123456789E-126' })) } };
const smallNumbers = { list: { L: Array.from({ length: 133_000 }, () => ({ N: '1E-130' })) } };

const manyAttributes = Object.fromEntries(
  Array.from({ length: 200 }, (_, index) => [`attribute_${index}`, { N: String(index * 7.25) }]),
);

function names(count: number, of: number): Record<string, unknown> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${(of * count + index).toString(36)}`, { NULL: true }]),
  );
}

function mapsOf(count: number, of: number) {
  return Object.entries(names(count, of)).map(([name, value]) => ({ M: { [name]: value } }));
}

function controlNames(of: number) {
  return Object.fromEntries(
    Array.from({ length: 6 }, (_, index) => [`${'\u0001'.repeat(60_000)}${of}-${index}`, { NULL: true }]),
  );
}

function nested(levels: number): unknown {
  return levels === 0 ? { S: 'x' } : { M: { m: { L: [nested(levels - 1)] } } };
}

async function handle(records: readonly unknown[]) {
  await using server = await startScriptedBigQuery({ [INSERT]: { json: {} } });
  const file = join(directory, 'event.json');
  await writeFile(file, JSON.stringify({ Records: records }));
  const { stdout } = await promisify(execFile)(process.execPath, [...HEAP, WORKER, file, server.endpoint]);
  const bodies = server.requests.map(({ body }) => body);
  const rows = bodies.flatMap((body) => (JSON.parse(body) as { rows: unknown[] }).rows);
  const { answer, letters, peakMb } = JSON.parse(stdout) as { answer: unknown; letters: number; peakMb: number };
  return { answer, letters, peakMb, rows: rows.length, bytes: Math.max(0, ...bodies.map((body) => body.length)) };
}

describe('a function of 256 MB takes the largest event there is', () => {
  test.each<[string, (index: number) => unknown]>([
    ['10,000 of the smallest records', (index) => change(index, {})],
    ['of 4 KB', text('x'.repeat(2 * KB))],
    ['of 400 KB in both images', text('x'.repeat(399 * KB))],
    ['of what JSON writes as six characters, and a string of JSON as seven', text('\u0001'.repeat(399 * KB))],
    ['of what is two bytes in memory and four on the way', text('😀'.repeat(KB))],
    ['of many attributes', (index) => change(index, manyAttributes)],
    ['of as many names as an item can have', (index) => change(index, names(90_000, index))],
    ['of names that no two records share', (index) => change(index, names(40, index))],
    ['of maps of one name each', (index) => change(index, { list: { L: mapsOf(25_000, index) } })],
    ['of long names of what JSON writes as six characters', (index) => change(index, controlNames(index))],
    [
      'of nothing but empty lists',
      (index) => change(index, { list: { L: Array.from({ length: 99_000 }, () => ({ L: [] })) } }),
    ],
    ['of a set of many members', (index) => change(index, { set: { SS: Object.keys(names(60_000, index)) } })],
    [
      'of the smallest numbers, each ten times as long in full',
      (index) => change(index, { list: { L: smallNumbers.list.L.slice(0, 10_000) } }),
    ],
    ['of lists and maps as deep as they go', (index) => change(index, { deep: nested(15) })],
  ])('%s', async (_, make) => {
    const records = fullEvent(make);

    const { answer, letters, peakMb, rows } = await handle(records);

    expect([answer, letters, rows]).toEqual([{ batchItemFailures: [] }, 0, records.length]);
    expect(peakMb).toBeLessThan(MEMORY_MB);
  });

  test('of nothing but poison', async () => {
    const records = fullEvent(() => streamRecord({ operation: 'FOOBAR' }));

    const { answer, letters, peakMb, rows } = await handle(records);

    expect([answer, letters, rows]).toEqual([{ batchItemFailures: [] }, records.length, 0]);
    expect(peakMb).toBeLessThan(MEMORY_MB);
  });

  test.each([
    ['numbers of 19 digits', longNumbers, 2],
    ['the smallest numbers', smallNumbers, 1],
  ])(
    'of items that no request could take: each is set aside, and its neighbours are in: %s',
    async (_, list, count) => {
      const huge = Array.from({ length: count }, (_, index) => change(index, list));
      const records = [change(11, {}), ...huge.flatMap((record, index) => [record, change(12 + index, {})])];

      const { answer, letters, peakMb, rows, bytes } = await handle(records);

      expect([answer, letters, rows]).toEqual([{ batchItemFailures: [] }, count, count + 1]);
      expect(bytes).toBeLessThan(10 * KB);
      expect(peakMb).toBeLessThan(MEMORY_MB);
    },
  );
});
