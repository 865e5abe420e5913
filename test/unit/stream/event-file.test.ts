import { expect, test } from 'vitest';
import { eventFileSource } from '../../../src/stream/event-file.ts';
import type { RecordPage, RecordSource } from '../../../src/stream/record-source.ts';
import { STREAM_ARN, streamRecord } from '../../support/stream-record.ts';

async function pagesOf(source: RecordSource, signal = new AbortController().signal): Promise<readonly RecordPage[]> {
  const pages: RecordPage[] = [];
  for await (const page of source.pages(signal)) pages.push(page);
  return pages;
}

const withoutArn = () => {
  const { eventSourceARN: _dropped, ...record } = streamRecord();
  return record;
};

test('a Lambda event is one page of its records, and reading it leaves nothing to acknowledge', async () => {
  const event = { Records: [streamRecord(), streamRecord()] };
  const pages = await pagesOf(eventFileSource(JSON.stringify(event), { name: 'event.json' }));
  expect(pages).toMatchObject([{ records: event.Records, shardId: null, firstArrivalAt: null }]);
  await expect(pages[0]?.acknowledge()).resolves.toBeUndefined();
});

test('a large file comes in pages of a thousand, in order', async () => {
  const records = Array.from({ length: 2_500 }, () => streamRecord());
  const pages = await pagesOf(eventFileSource(JSON.stringify({ Records: records }), { name: 'event.json' }));
  expect(pages.map((page) => page.records.length)).toEqual([1_000, 1_000, 500]);
  expect(pages.flatMap((page) => page.records)).toEqual(records);
});

test('a signal ends it between two pages', async () => {
  const stop = new AbortController();
  const source = eventFileSource(JSON.stringify({ Records: Array(1_500).fill(streamRecord()) }), {
    name: 'event.json',
  });
  let pages = 0;
  for await (const _page of source.pages(stop.signal)) {
    pages++;
    stop.abort();
  }
  expect(pages).toBe(1);
});

test("the records of get-records get the stream's ARN that is given, and those that name one keep it", async () => {
  const text = JSON.stringify({
    NextShardIterator: 'x',
    Records: [withoutArn(), streamRecord({ streamArn: 'other' })],
  });
  const [page] = await pagesOf(eventFileSource(text, { name: 'page.json', streamArn: STREAM_ARN }));
  expect(page?.records).toMatchObject([{ eventSourceARN: STREAM_ARN }, { eventSourceARN: 'other' }]);
});

test('records that name no stream are refused as a whole if none is given', () => {
  expect(() => eventFileSource(JSON.stringify({ Records: [withoutArn()] }), { name: 'page.json' })).toThrow(
    expect.objectContaining({
      kind: 'event-invalid',
      message: expect.stringContaining('page.json: no record has an eventSourceARN'),
      remedy: 'Name the stream with --stream-arn.',
    }),
  );
});

test('a broken record among others is left to who takes them', async () => {
  const records = [null, 7, {}, withoutArn(), streamRecord()];
  const [page] = await pagesOf(eventFileSource(JSON.stringify({ Records: records }), { name: 'event.json' }));
  expect(page?.records).toEqual(records);
});

test('an event without records has no pages', async () => {
  expect(await pagesOf(eventFileSource('{"Records":[]}', { name: 'event.json' }))).toEqual([]);
});

test('a byte order mark does no harm', async () => {
  expect(await pagesOf(eventFileSource('\uFEFF{"Records":[]}', { name: 'event.json' }))).toEqual([]);
});

test.each([
  ['', 'is empty'],
  [' \n', 'is empty'],
  ['{"Records": [{"secret": "4111111111111111"', 'is not JSON'],
  ['secret', 'is not JSON'],
  ['[]', 'has no list of Records'],
  ['null', 'has no list of Records'],
  ['"secret"', 'has no list of Records'],
  ['{"records": []}', 'has no list of Records'],
  ['{"Records": {"secret": 1}}', 'has no list of Records'],
])('%j is refused by the name of the file, without a word of what is in it', (text, problem) => {
  const attempt = () => eventFileSource(text, { name: 'event.json' });
  expect(attempt).toThrow(expect.objectContaining({ kind: 'event-invalid' }));
  expect(attempt).toThrow(/^event\.json /);
  expect(attempt).toThrow(problem);
  expect(attempt).not.toThrow(/secret|4111/);
  expect(attempt).toThrow(expect.not.objectContaining({ cause: expect.anything() }));
});
