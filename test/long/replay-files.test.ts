import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CommandOptions, createWorkplace, type Workplace } from '../support/process/tailrace-process.ts';
import { failureRecord, snsEnvelope } from '../support/stream/failure-record.ts';
import { STREAM_ARN, streamRecord } from '../support/stream/record.ts';

/** Stands in every item, and must stand in no diagnostic. */
const PLANTED = 'planted-value';
const OTHER = STREAM_ARN.replace('/Orders/', '/Customers/');

let workplace: Workplace;
beforeEach(async () => {
  workplace = await createWorkplace({ inProcess: true });
});
afterEach(() => workplace[Symbol.asyncDispose]());
vi.setConfig({ testTimeout: 90_000 });

let next = 0;
function record(streamArn = STREAM_ARN) {
  const newImage = { id: { S: `item-${++next}` }, note: { S: PLANTED } };
  return streamRecord({ streamArn, sequenceNumber: String(1_000 + next), keys: { id: newImage.id }, newImage });
}
const event = (count = 1, streamArn = STREAM_ARN) => ({
  Records: Array.from({ length: count }, () => record(streamArn)),
});

function* parts(begin: string, text: string, between: string, end: string, count: number): Generator<string> {
  yield begin;
  for (let index = 0; index < count; index++) yield index === 0 ? text : between + text;
  yield end;
}

async function put(path: string, content: string | Uint8Array | object): Promise<void> {
  const whole = join(workplace.directory, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(
    whole,
    typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content),
  );
}

async function replay(file: string, args: readonly string[] = [], options?: CommandOptions) {
  const to = ['--destination', 'duckdb:shop.duckdb', '--json', '--region', 'eu-central-1'];
  const ended = await workplace.tailrace(['replay', 'Orders', '--file', file, ...args, ...to], options);
  expect(ended.stdout + ended.stderr).not.toContain(PLANTED);
  const objects = ended.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line));
  const left = objects.flatMap(({ refused }) => (typeof refused === 'string' ? [refused] : []));
  return { ...ended, left, objects, summary: objects.at(-1) };
}

describe('a directory', () => {
  test('is gone into with all of its folders, and every shape in it comes in, packed or not', async () => {
    const before = next;
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    await put('d/event.json', event());
    await put('d/aws/lambda/0b1f/shard-1/2026/01/02/object', failureRecord({ payload: event(2) }));
    await put('d/a/b/c/e.ndjson', `${JSON.stringify(record())}\r\n\r\n${JSON.stringify(event())}\n`);
    await put('d/list.json', [record(), record()]);
    await put('d/.hidden/one.json', record());
    await put('d/bus.json', { version: '0', 'detail-type': 'Event from a pipe', source: 'Pipe x', detail: record() });
    await put('d/async.json', { version: '1.0', requestContext: {}, requestPayload: event(2), responseContext: {} });
    await put('d/firehose.json', { records: [{ recordId: '1', data: base64(JSON.stringify(record())) }] });
    await put('d/delivered', JSON.stringify(record()) + JSON.stringify(record()));
    await put('d/what.txt', gzipSync(gzipSync(JSON.stringify(event()))));
    await put('d/powershell.json', Buffer.from(`\ufeff${JSON.stringify(event())}`, 'utf16le'));
    await put('d/bom.json', `\ufeff${JSON.stringify(event())}`);
    await put('d/deep.gz', gzipSync(`${JSON.stringify(snsEnvelope(failureRecord({ payload: event() })))}\n`));
    await put('d/messages.json', { Messages: [{ MessageId: 'a', Body: JSON.stringify(snsEnvelope(event())) }] });

    const { code, summary } = await replay('d');

    expect(summary).toMatchObject({ records: next - before, refused: 0 });
    expect(code).toBe(0);
  });

  test("leaves by name what can't be read, is nothing of the sort, or another table's, and brings in the rest", async () => {
    await put('d/a/good.json', event());
    await put('d/b/good.json.gz', gzipSync(JSON.stringify(event())));
    await put('d/b/cut.json.gz', gzipSync(JSON.stringify(event())).subarray(0, -9));
    await put('d/.DS_Store', Buffer.from([0, 0, 0, 1, 0x42, 0x75, 0x64, 0x31]));
    await put('d/Thumbs.db', Buffer.from([0xd0, 0xcf, 0x11, 0xe0]));
    await put('d/_SUCCESS', '');
    await put('d/notes.txt', `a note about ${PLANTED}`);
    await put('d/half.ndjson', `${JSON.stringify(record())}\n{"Records":[`);
    await put('d/mixed.ndjson', `${JSON.stringify(event())}\n${JSON.stringify(event(1, OTHER))}\n`);
    await put('d/other.json', event(1, OTHER));
    await put('d/utf8.json', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]));
    await put('d/\u001b[31mred\nline.json', PLANTED);
    await symlink('gone', join(workplace.directory, 'd/dead.json'));
    await symlink('..', join(workplace.directory, 'd/b/up'));
    await promisify(execFile)('mkfifo', [join(workplace.directory, 'd/pipe')]);

    const { code, summary, left, objects } = await replay('d');

    expect(summary).toMatchObject({ records: 2, delivered: 2, refused: 13 });
    expect(code).toBe(1);
    expect(left).toEqual([
      'd/\u001b[31mred\nline.json',
      'd/.DS_Store',
      'd/Thumbs.db',
      'd/_SUCCESS',
      'd/b/cut.json.gz',
      'd/b/up',
      'd/dead.json',
      'd/half.ndjson',
      'd/mixed.ndjson',
      'd/notes.txt',
      'd/other.json',
      'd/pipe',
      'd/utf8.json',
    ]);
    const reasons = Object.fromEntries(objects.map(({ refused, reason }) => [refused, reason]));
    expect(reasons['d/b/cut.json.gz']).toMatch(/is a gzip file that is cut off$/);
    expect(reasons['d/b/up']).toMatch(/links lead in a circle$/);
    expect(reasons['d/half.ndjson']).toMatch(/ends within a JSON value \(line 2\)$/);
    expect(reasons['d/mixed.ndjson']).toMatch(
      /mixed.ndjson \(line 2\) has a record of .*table\/Customers, not of .*table\/Orders$/,
    );
    expect(reasons['d/pipe']).toMatch(/is a pipe, a socket or a device$/);
  });

  test('prints the names of what is left on one line each, whatever they are', async () => {
    await put('d/\u001b[31mred\nline.json', PLANTED);
    await put('d/good.json', event());

    const ended = await workplace.tailrace(['replay', 'Orders', '--file', 'd', '--destination', 'duckdb:shop.duckdb']);

    expect(ended.code).toBe(1);
    expect(ended.stdout).not.toContain('\u001b');
    expect(ended.stdout.split('\n').filter((line) => line.startsWith('Left as it was: d/'))).toHaveLength(1);
  });

  test.each([
    ['nothing', []],
    ['folders alone', ['d/a/b', 'd/c']],
  ])('of %s brings in nothing, and makes nothing', async (_, folders) => {
    await mkdir(join(workplace.directory, 'd'));
    for (const folder of folders) await mkdir(join(workplace.directory, folder), { recursive: true });

    expect(await replay('d')).toMatchObject({ code: 0, summary: { records: 0, refused: 0 } });
    expect(await workplace.files()).toEqual(['d']);
  });

  test('of ten thousand files comes in within a few pages', async () => {
    await mkdir(join(workplace.directory, 'd'));
    for (let index = 0; index < 10_000; index++) await put(`d/${index}.json`, event());

    const { code, summary } = await replay('d', [], { after: 'ulimit -n 64' });

    expect(summary).toMatchObject({ records: 10_000, refused: 0 });
    expect(code).toBe(0);
  });
});

describe('a single file', () => {
  test.each([
    ['NDJSON', '', '\n', ''],
    ['a list', '[', ',', ']'],
    ['an event', '{"Records":[', ',', ']}'],
  ])('of 64 MB, as %s, is read with a heap that could not hold it', async (_, begin, between, end) => {
    const one = JSON.stringify({ ...record(), padding: 'x'.repeat(6_000) });
    const text = Array.from({ length: 100 }, () => one).join(between);
    const lines = Readable.from(parts(begin, text, between, end, 100));
    await pipeline(lines, createGzip({ level: 1 }), createWriteStream(join(workplace.directory, 'large')));

    const { code, summary } = await replay('large', ['--dry-run'], { nodeOptions: ['--max-old-space-size=48'] });

    expect(summary).toMatchObject({ records: 10_000, dry_run: true });
    expect(code).toBe(0);
  });

  test.each([
    ['cut off', gzipSync(JSON.stringify(event())).subarray(0, -4), /one is a gzip file that is cut off/],
    ['partly another table’s', `${JSON.stringify(event())}${JSON.stringify(event(1, OTHER))}`, /table\/Customers/],
    ['no text', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), /one is not UTF-8 text/],
  ])('that is %s is refused before anything is written', async (_, content, message) => {
    await put('one', content);

    const ended = await replay('one');

    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(JSON.parse(ended.stderr)).toMatchObject({ message: expect.stringMatching(message) });
    expect(await workplace.files()).toEqual(['one']);
  });

  test('may be a pipe, and larger than what is held in memory', async () => {
    const text = `${Array.from({ length: 20_000 }, () => JSON.stringify(record())).join('\n')}\n`;
    expect(text.length).toBeGreaterThan(8 * 1024 * 1024);

    expect(await replay('-', [], { stdin: text })).toMatchObject({ code: 0, summary: { records: 20_000 } });

    expect(await workplace.files()).toEqual(['shop.duckdb']);
  });

  test('that is not there is named with what may be', async () => {
    const ended = await replay('nowhere.json');

    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/nowhere.json can't be read: there is no such file or directory/);
  });
});
