import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TailraceError } from '../../../../../src/errors.ts';
import { hurriedClock } from '../../../../support/clock/simple-clocks.ts';
import { MemoryChangelog } from '../../../../support/memory/changelog.ts';
import { commandStage } from '../../../../support/stages/command-stage.ts';
import { failureRecord } from '../../../../support/stream/failure-record.ts';
import { oneShardStream } from '../../../../support/stream/one-shard-stream.ts';
import { STREAM_ARN, streamRecord, TABLE_ARN } from '../../../../support/stream/record.ts';

const OTHER_REGION = STREAM_ARN.replace('eu-central-1', 'us-east-1');
const NOW = Date.parse('2026-01-02T04:00:00Z');

let state: string;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'tailrace-replay-'));
});
afterAll(() => rm(state, { recursive: true }));

const event = (streamArn: string) => JSON.stringify({ Records: [streamRecord({ streamArn })] });

/** Files, a stream of one closed shard whose table is gone, and a destination that knows some table or none. */
function stageOf(files: Readonly<Record<string, string>>, known: string | null = null) {
  const changelog = new MemoryChangelog();
  const pages = [['1', '2'].map((sequenceNumber) => streamRecord({ sequenceNumber }))];
  const stage = commandStage({
    clock: hurriedClock(NOW),
    files,
    tables: {
      serverTime: () => Promise.reject(new TailraceError('source-table-missing', 'There is no table Orders')),
    },
    streams: { ...oneShardStream(STREAM_ARN, pages, { closed: true }), iterator: async () => '0' },
    destination: {
      append: (table, rows) => changelog.append(table, rows),
      prepare: async () => ({ created: [] }),
      published: async () => undefined,
      sources: async () => (known === null ? [] : [{ name: 'Orders', arn: known, tableId: null }]),
    },
  });
  const run = async (file: string, ...args: readonly string[]) => {
    const where = ['--state', state, '--destination', 'duckdb:x.duckdb', '--json'];
    const code = await stage.tailrace('replay', 'Orders', '--file', file, ...args, ...where);
    const error = code === 2 ? JSON.parse(stage.stderr.lines.at(-1) ?? '') : undefined;
    return { code, error, rows: changelog.rows.length };
  };
  return { ...stage, run };
}

test('a range is read in the region that its ARN names, though its table is gone', async () => {
  const stage = stageOf({ 'range.json': JSON.stringify(failureRecord({ from: '1', to: '2', batchSize: 2 })) });

  expect(await stage.run('range.json')).toMatchObject({ code: 0, rows: 2 });

  expect(stage.doings).toContain('connect {"namedRegion":"eu-central-1"}');
});

test('a range is read in the region that is given, if one is', async () => {
  const stage = stageOf({ 'range.json': JSON.stringify(failureRecord({ from: '1', to: '2', batchSize: 2 })) });

  await stage.run('range.json', '--region', 'us-east-1');

  expect(stage.doings).toContain('connect {"region":"us-east-1"}');
});

const TWO = { 'd/a.json': event(STREAM_ARN), 'd/b.json': event(OTHER_REGION), 'd/c.json': event(OTHER_REGION) };

test('a directory of tables of one name in two regions is refused, with what says which is meant', async () => {
  const { code, error, rows } = await stageOf(TWO).run('d');

  expect([code, rows, error.error, error.remedy]).toEqual([
    2,
    0,
    'record-foreign',
    expect.stringContaining('--stream-arn'),
  ]);
});

test.each([
  ['--stream-arn', null, ['--stream-arn', OTHER_REGION]],
  ['the destination', TABLE_ARN.replace('eu-central-1', 'us-east-1'), []],
])(
  'of a directory of tables of one name the one that %s says is brought in, the other left',
  async (_, known, args) => {
    const stage = stageOf(TWO, known);

    expect(await stage.run('d', ...args)).toMatchObject({ code: 1, rows: 2 });

    expect(JSON.parse(stage.stdout.lines[0] ?? '')).toMatchObject({ refused: 'd/a.json', error: 'record-foreign' });
  },
);

test('a record that names its table and not its stream takes the stream that is given', async () => {
  expect(await stageOf({ 'a.json': event(TABLE_ARN) }).run('a.json', '--stream-arn', STREAM_ARN)).toMatchObject({
    code: 0,
    rows: 1,
  });
});

test.each([
  [
    'its table',
    event(TABLE_ARN),
    [],
    /is the ARN of table .*Orders, and not of one of its streams/,
    /Name the stream with --stream-arn/,
  ],
  [
    'no stream at all',
    event('a'),
    [],
    /no record has the ARN of a DynamoDB stream/,
    /^Take it out, and name the stream: `jq /,
  ],
  [
    'no stream at all, though one is given',
    event('a'),
    ['--stream-arn', STREAM_ARN],
    /no record has the ARN of a DynamoDB stream/,
    new RegExp(`^Take it out, and name the stream: \`jq .*--stream-arn ${STREAM_ARN} --destination .*\`\\.$`),
  ],
  [
    'another table, though a stream is given',
    event(TABLE_ARN.replace('Orders', 'Carts')),
    ['--stream-arn', STREAM_ARN],
    /is the ARN of table .*Carts/,
    /give it a stream of that table, or take the record out/,
  ],
])(
  'a record that names %s is refused, and the remedy asks for nothing that was given',
  async (_, text, args, message, remedy) => {
    const { code, rows, error } = await stageOf({ 'a.json': text }).run('a.json', ...args);

    expect([code, rows]).toEqual([2, 0]);
    expect(error.message).toMatch(message);
    expect(error.remedy).toMatch(remedy);
  },
);

test("another table's --stream-arn is refused as what it is", async () => {
  const other = STREAM_ARN.replace('/Orders/', '/Carts/');

  const { code, error } = await stageOf({ 'a.json': event(STREAM_ARN) }).run('a.json', '--stream-arn', other);

  expect([code, error.error, error.message]).toEqual([2, 'record-foreign', expect.stringContaining('Carts')]);
});

test('a place that is given twice is refused: one of them would be left out silently', async () => {
  const { code, error } = await stageOf({}).run('a.json', '--file', 'b.json');

  expect([code, error.message]).toEqual([2, 'One location can be replayed at a time, not a.json and b.json']);
});
