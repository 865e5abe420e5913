import { expect, test } from 'vitest';
import { TailraceError } from '../../../src/errors.ts';
import { sequenceNumberOf } from '../../../src/record/decode.ts';
import { type Poll, ShardReader, type ShardReaderOptions } from '../../../src/stream/shard-reader.ts';
import { VirtualClock } from '../../support/clock/virtual-clock.ts';
import { RecordingLog } from '../../support/memory/recording-log.ts';
import { ScriptedStreams } from '../../support/stream/scripted-streams.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';

const MINUTE = 60_000;
const numbered = (...numbers: readonly string[]) => numbers.map((number) => [number, 'k'] as const);

function reader(options: Partial<ShardReaderOptions> = {}) {
  const clock = new VirtualClock();
  const streams = new ScriptedStreams(clock);
  const log = new RecordingLog();
  const shardReader = new ShardReader({
    client: streams,
    streamArn: streams.arn,
    shardId: 'a',
    start: { at: 'TRIM_HORIZON' },
    clock,
    random: seededRandom(1),
    log,
    ...options,
  });
  const poll = () => shardReader.poll(new AbortController().signal);
  return { clock, streams, log, poll, reader: shardReader };
}

const numbersOf = ({ records }: Poll) => records.map(sequenceNumberOf);

test('a shard is read page by page, and its end is a page without a next iterator', async () => {
  const { streams, poll } = reader();
  streams.shard('a', { records: numbered('8', '9', '10', '11', '12') });
  const [first, second] = [await poll(), await poll()];
  expect([numbersOf(first), first.end]).toEqual([['8', '9', '10'], null]);
  expect([numbersOf(second), second.end]).toEqual([['11', '12'], 'closed']);
});

test('empty pages are no end, and the waits behind them grow up to a second', async () => {
  const { streams, poll } = reader();
  streams.shard('a', { records: numbered('1') });
  streams.failNext('records', ...Array.from({ length: 8 }, () => 'empty-page' as const));
  const waits: number[] = [];
  for (let page = 0; page < 8; page++) {
    const { records, end, waitMs } = await poll();
    expect([records, end]).toEqual([[], null]);
    waits.push(waitMs);
  }
  expect(waits).toEqual([250, 375, 562.5, 843.75, 1_000, 1_000, 1_000, 1_000]);
  expect(numbersOf(await poll())).toEqual(['1']);
});

test('empty pages of a shard that is known to be closed are passed as fast as a shard may be asked', async () => {
  const { streams, poll } = reader({ isClosed: () => true });
  streams.shard('a', { open: true });
  for (let page = 0; page < 5; page++) expect((await poll()).waitMs).toBe(200);
});

test('after an expired iterator reading resumes AFTER the last number read, and never at LATEST', async () => {
  const { clock, streams, poll } = reader();
  streams.shard('a', { records: numbered('8', '9', '10', '11', '12') });
  await poll();
  clock.jump(16 * MINUTE);
  expect(await poll()).toMatchObject({ records: [], end: null });
  expect(numbersOf(await poll())).toEqual(['11', '12']);
  expect(streams.calls.filter((call) => call.startsWith('iterator'))).toEqual([
    'iterator a TRIM_HORIZON',
    'iterator a AFTER_SEQUENCE_NUMBER 10',
  ]);
});

test.each([
  { at: 'TRIM_HORIZON' },
  { at: 'AT_SEQUENCE_NUMBER', sequenceNumber: '9' },
  { at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: '8' },
] as const)('an iterator that expires before anything was read begins again at $at', async (start) => {
  const { clock, streams, poll } = reader({ start });
  streams.shard('a', { records: numbered('8', '9'), open: true });
  streams.failNext('records', 'empty-page');
  await poll();
  clock.jump(16 * MINUTE);
  await poll();
  expect(numbersOf(await poll())).toContain('9');
  const iterators = streams.calls.filter((call) => call.startsWith('iterator'));
  expect(iterators).toHaveLength(2);
  expect(iterators[1]).toBe(iterators[0]);
});

test('throttling and outages are waited out, longer and longer, with the same iterator', async () => {
  const { streams, poll, log } = reader();
  streams.shard('a', { records: numbered('1') });
  streams.failNext('records', ...Array.from({ length: 12 }, () => 'throttle' as const));
  const waits: number[] = [];
  for (let failure = 0; failure < 12; failure++) waits.push((await poll()).waitMs);
  waits.forEach((waitMs, index) => {
    const bound = Math.min(30_000, 200 * 2 ** index);
    expect(waitMs).toBeGreaterThanOrEqual(bound / 2);
    expect(waitMs).toBeLessThanOrEqual(bound);
  });
  expect(numbersOf(await poll())).toEqual(['1']);
  expect(streams.calls.filter((call) => call.startsWith('iterator'))).toHaveLength(1);
  expect(log.lines.map(({ fields }) => fields['attempt'])).toEqual([1, 10]);
});

test('a retry logs what came in place of records, in words of our own', async () => {
  const why = 'http://127.0.0.1:8000 answers dynamodb:GetRecords on a shard with HTTP 503 and an HTML page';
  const clock = new VirtualClock();
  const client = Object.assign(new ScriptedStreams(clock), {
    iterator: () => Promise.reject(new TailraceError('source-unavailable', why)),
  });
  const { poll, log } = reader({ client });

  await poll();

  expect(log.lines).toMatchObject([
    { message: 'shard not read, retrying', fields: { error: 'source-unavailable', why } },
  ]);
});

test('trimmed records are reported with the first records after them', async () => {
  const { streams, poll } = reader({ start: { at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: '8' } });
  streams.shard('a', { records: numbered('8', '9', '10', '11') });
  streams.trim('a', '11');
  streams.failNext('records', 'empty-page');
  expect(await poll()).toMatchObject({ records: [], trimmedFrom: null, waitMs: 0 });
  expect(await poll()).toMatchObject({ records: [], trimmedFrom: null });
  const page = await poll();
  expect(numbersOf(page)).toEqual(['11']);
  expect(page.trimmedFrom).toEqual({ at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: '8' });
});

test('records trimmed up to the end of the shard are reported with the end', async () => {
  const { streams, poll } = reader({ start: { at: 'AT_SEQUENCE_NUMBER', sequenceNumber: '8' } });
  streams.shard('a', { records: numbered('8', '9') });
  streams.trim('a', '10');
  await poll();
  const start = { at: 'AT_SEQUENCE_NUMBER', sequenceNumber: '8' };
  expect(await poll()).toMatchObject({ records: [], end: 'closed', trimmedFrom: start });
});

test('trimming ahead of a reader that has read nothing yet is no loss', async () => {
  const { streams, poll } = reader();
  streams.shard('a', { records: numbered('8', '9') });
  streams.failNext('records', 'stream-trimmed');
  expect((await poll()).waitMs).toBeGreaterThan(0);
  expect(await poll()).toMatchObject({ end: 'closed', trimmedFrom: null });
});

test('a shard that is gone is at an end of its own', async () => {
  const { streams, poll } = reader();
  streams.shard('a');
  streams.drop('a');
  expect(await poll()).toMatchObject({ records: [], end: 'gone' });
});

test('going back reads again from there', async () => {
  const { streams, poll, reader: shardReader } = reader();
  streams.shard('a', { records: numbered('8', '9', '10'), open: true });
  await poll();
  shardReader.rewind({ at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: '8' });
  expect(numbersOf(await poll())).toEqual(['9', '10']);
});

test.each(['source-denied', 'source-invalid'] as const)('%s is not waited for', async (kind) => {
  const { streams, poll } = reader();
  streams.shard('a');
  streams.failNext('iterator', kind);
  await expect(poll()).rejects.toMatchObject({ kind });
});

test('an error that the client did not name is no outage', async () => {
  const { poll } = reader();
  await expect(poll()).rejects.toThrow('There is no shard a');
});

test('a stop in the middle of a call is no failure', async () => {
  const { streams, reader: shardReader } = reader();
  streams.shard('a', { records: numbered('1') });
  expect(await shardReader.poll(AbortSignal.abort())).toMatchObject({ records: [], end: null });
});

test.each([
  { records: 3, age: 0, waitMs: 200, what: 'fresh records are followed at the pace that a shard allows' },
  { records: 3, age: 6_000, waitMs: 0, what: 'old records are caught up with without a pause' },
  { records: 1_000, age: 0, waitMs: 0, what: 'a full page is followed at once' },
])('$what', async ({ records, age, waitMs }) => {
  const { clock, streams, poll } = reader();
  streams.pageSize = 1_000;
  streams.shard('a', {
    records: numbered(...Array.from({ length: records }, (_, index) => String(index + 1))),
    open: true,
  });
  clock.jump(age);
  expect(await poll()).toMatchObject({ waitMs });
});
