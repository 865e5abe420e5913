import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { streamArn } from '../../../src/order/stream-arn.ts';
import { type Checkpoint, newCheckpoint } from '../../../src/stream/checkpoint.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../src/stream/checkpoint-file.ts';
import { STREAM_ARN, TABLE_ARN } from '../../support/stream/record.ts';

const STREAM = streamArn(STREAM_ARN);
const DESTINATION = 'duckdb:shop.duckdb';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-'));
  path = join(folder, 'orders', 'tail.json');
});
afterEach(() => rm(folder, { recursive: true }));

function someCheckpoint(): Checkpoint {
  const checkpoint = newCheckpoint(STREAM_ARN, DESTINATION);
  checkpoint.describedAt = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  checkpoint.shards.set('a', {
    parentId: null,
    resume: { at: 'TRIM_HORIZON' },
    done: false,
    absentAt: null,
    presentAt: null,
  });
  checkpoint.shards.set('__proto__', {
    parentId: 'a',
    resume: { at: 'AT_SEQUENCE_NUMBER', sequenceNumber: '9' },
    done: true,
    absentAt: Date.UTC(2026, 0, 2),
    presentAt: null,
  });
  const start = { at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: '111000000000000000000001' } as const;
  checkpoint.lost.push({
    shardId: 'a',
    start,
    before: '111000000000000000000009',
    to: null,
    records: null,
    noticedAt: Date.UTC(2026, 0, 2),
  });
  return checkpoint;
}

test('a tail that never ran begins with nothing, and writes nothing by that', async () => {
  expect(await loadCheckpoint(path, STREAM, DESTINATION)).toEqual({
    checkpoint: newCheckpoint(STREAM_ARN, DESTINATION),
    replaced: null,
  });
  expect(await readdir(folder)).toEqual([]);
});

test('a saved checkpoint is loaded again, whole', async () => {
  const checkpoint = someCheckpoint();
  await saveCheckpoint(path, checkpoint);
  await saveCheckpoint(path, checkpoint);
  expect(await loadCheckpoint(path, STREAM, DESTINATION)).toEqual({ checkpoint, replaced: null });
  expect(await readdir(join(folder, 'orders'))).toEqual(['tail.json']);
});

test('the state at the moment of the call is saved, not later changes while the file is written', async () => {
  const checkpoint = someCheckpoint();
  const saving = saveCheckpoint(path, checkpoint);
  checkpoint.shards.delete('a');
  await saving;
  expect((await loadCheckpoint(path, STREAM, DESTINATION)).checkpoint.shards.has('a')).toBe(true);
});

test('a checkpoint of an earlier stream of the table is copied aside, and a new one begins', async () => {
  await saveCheckpoint(path, someCheckpoint());
  const before = await readFile(path, 'utf8');
  const next = streamArn(`${TABLE_ARN}/stream/2026-02-02T00:00:00.000`);

  const loaded = await loadCheckpoint(path, next, DESTINATION);

  expect(loaded.checkpoint).toEqual(newCheckpoint(next.text, DESTINATION, { replaces: STREAM_ARN }));
  const copiedTo = `${path}.2026-01-02T03_04_05.678`;
  expect(loaded.replaced).toEqual({ streamArn: STREAM_ARN, copiedTo, by: 'another stream' });
  expect(await readFile(`${path}.2026-01-02T03_04_05.678`, 'utf8')).toBe(before);

  // Killed before the new one was saved, the next run finds the same; afterwards nothing is replaced.
  expect(await loadCheckpoint(path, next, DESTINATION)).toEqual(loaded);
  await saveCheckpoint(path, loaded.checkpoint);
  expect(await loadCheckpoint(path, next, DESTINATION)).toEqual({ checkpoint: loaded.checkpoint, replaced: null });
});

test('a checkpoint of an earlier table of the name is copied aside, even if their streams have the same name', async () => {
  await saveCheckpoint(path, { ...someCheckpoint(), tableId: 'one' });

  const loaded = await loadCheckpoint(path, STREAM, DESTINATION, 'two');

  expect(loaded.checkpoint).toEqual(newCheckpoint(STREAM_ARN, DESTINATION, { replaces: STREAM_ARN, tableId: 'two' }));
  const copiedTo = `${path}.2026-01-02T03_04_05.678.one`;
  expect(loaded.replaced).toEqual({ streamArn: STREAM_ARN, copiedTo, by: 'another table' });
  expect((await readdir(join(folder, 'orders'))).toSorted()).toEqual([
    'tail.json',
    'tail.json.2026-01-02T03_04_05.678.one',
  ]);
});

test('a table whose id was never noted is taken for the same, and its id is noted', async () => {
  await saveCheckpoint(path, someCheckpoint());

  const { checkpoint, replaced } = await loadCheckpoint(path, STREAM, DESTINATION, 'one');

  expect(replaced).toBeNull();
  expect(checkpoint).toEqual({ ...someCheckpoint(), tableId: 'one' });
  // And where it can't be asked for, nothing is compared.
  await saveCheckpoint(path, checkpoint);
  expect((await loadCheckpoint(path, STREAM, DESTINATION)).checkpoint).toEqual(checkpoint);
});

test('a file of an earlier version, which has fewer fields, is resumed', async () => {
  await saveCheckpoint(path, someCheckpoint());
  const file = JSON.parse(await readFile(path, 'utf8'));
  for (const name of ['created_at', 'table_id', 'ended']) delete file[name];
  for (const shard of file.shards) delete shard.present_at;
  for (const loss of file.lost) {
    delete loss.to;
    delete loss.records;
  }
  await writeFile(path, JSON.stringify(file));

  const expected = someCheckpoint();
  // Each of its shards was in the last description, and in the stream.
  for (const [id, shard] of expected.shards) expected.shards.set(id, { ...shard, presentAt: expected.describedAt });
  expect(await loadCheckpoint(path, STREAM, DESTINATION)).toEqual({ checkpoint: expected, replaced: null });
});

test('a checkpoint of another table or for another destination is refused by name', async () => {
  await saveCheckpoint(path, someCheckpoint());
  const other = streamArn(STREAM_ARN.replace('Orders', 'Customers'));
  await expect(loadCheckpoint(path, other, DESTINATION)).rejects.toMatchObject({
    kind: 'state-invalid',
    message: expect.stringContaining('table/Orders, not of arn:aws:dynamodb:eu-central-1:123456789012:table/Customers'),
  });
  await expect(loadCheckpoint(path, STREAM, 'duckdb:b')).rejects.toMatchObject({
    kind: 'state-invalid',
    message: `Checkpoint ${path} is for duckdb:shop.duckdb, not for duckdb:b`,
  });
});

test.each([
  ['cut off', (text: string) => text.slice(0, text.length / 2), 'is not JSON'],
  ['empty', () => '', 'is not JSON'],
  ['something else', () => '{"name":"x"}', 'is not a checkpoint'],
  ['a list', () => '[]', 'is not a checkpoint'],
  ['of a later version', (text: string) => text.replace('checkpoint/1', 'checkpoint/2'), 'has another format'],
  ['without shards', (text: string) => text.replace('"shards"', '"sherds"'), 'has a wrong shards'],
  [
    'with a start that readers may not use',
    (text: string) => text.replace('TRIM_HORIZON', 'LATEST'),
    'a wrong shards.0.at',
  ],
  ['with a number that is none', (text: string) => text.replace('"9"', '"9x"'), 'a wrong shards.1.sequence_number'],
  ['with a number as a number', (text: string) => text.replace('"9"', '9'), 'a wrong shards.1.sequence_number'],
  [
    'with a time that is none',
    (text: string) => text.replace('2026-01-02T03:04:05.006Z', 'soon'),
    'a wrong described_at',
  ],
  ['with a shard twice', (text: string) => text.replace('"__proto__"', '"a"'), 'a wrong shards.1.id'],
  [
    'with a shard that is neither done nor not',
    (text: string) => text.replace('"done": false', '"done": 0'),
    'a wrong shards.0.done',
  ],
  ['of no stream', (text: string) => text.replaceAll(STREAM_ARN, 'arn:aws:s3:::x'), 'names no stream'],
])('a file that is %s is refused, and left as it is', async (_case, spoil, problem) => {
  await saveCheckpoint(path, someCheckpoint());
  const spoiled = spoil(await readFile(path, 'utf8'));
  await writeFile(path, spoiled);
  await expect(loadCheckpoint(path, STREAM, DESTINATION)).rejects.toMatchObject({
    kind: 'state-invalid',
    message: expect.stringContaining(problem),
  });
  expect(await readFile(path, 'utf8')).toBe(spoiled);
});

test('a file that can not be read or written is an error by name', async () => {
  await mkdir(path, { recursive: true });
  await expect(loadCheckpoint(path, STREAM, DESTINATION)).rejects.toMatchObject({
    kind: 'state-invalid',
    message: `Checkpoint ${path} can not be read: it is a directory`,
  });
  await expect(saveCheckpoint(path, someCheckpoint())).rejects.toMatchObject({
    kind: 'state-invalid',
    message: `Checkpoint ${path} can not be written: it is a directory`,
  });
});
