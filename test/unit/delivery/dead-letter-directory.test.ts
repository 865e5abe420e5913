import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeadLetter } from '../../../src/delivery/dead-letter.ts';
import { DeadLetterDirectory } from '../../../src/delivery/dead-letter-directory.ts';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { MemoryChangelog } from '../../support/memory/changelog.ts';
import { ORDERS, streamRecord } from '../../support/stream/record.ts';
import { deadLetter } from '../../support/values/dead-letter.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-'));
});
afterEach(() => rm(directory, { recursive: true }));

const letter = (parts: Partial<DeadLetter> = {}) =>
  deadLetter({
    kind: 'record-invalid',
    reason: 'eventName is none of INSERT, MODIFY, REMOVE',
    record: streamRecord({ sequenceNumber: '42', operation: 'FOOBAR' }),
    ...parts,
  });

test('a letter is a file that reads back as it was', async () => {
  const letters = new DeadLetterDirectory(join(directory, 'made', 'when needed'));

  await letters.put(letter());

  const [name = ''] = await readdir(join(directory, 'made', 'when needed'));
  expect(name).toMatch(/^42-[0-9a-f]{16}\.json$/);
  expect(JSON.parse(await readFile(join(directory, 'made', 'when needed', name), 'utf8'))).toEqual(letter());
});

test('the same record set aside twice has one letter, and another record of its number has another', async () => {
  const letters = new DeadLetterDirectory(directory);

  await letters.put(letter());
  await letters.put(letter({ at: '2026-01-02T03:04:06.000Z' }));
  await letters.put(
    letter({ record: streamRecord({ sequenceNumber: '42', keys: { id: { S: 'b' } }, operation: 'FOOBAR' }) }),
  );
  await letters.put(letter({ sequence_number: null, record: undefined }));

  expect(await letters.count()).toBe(3);
});

test('one record set aside many times at once, through two stores, is one whole letter and leaves nothing else', async () => {
  const large = letter({
    record: streamRecord({ sequenceNumber: '42', newImage: { id: { S: 'x'.repeat(400_000) } } }),
  });
  const stores = [new DeadLetterDirectory(directory), new DeadLetterDirectory(directory)];

  await Promise.all(Array.from({ length: 8 }, () => stores.map((store) => store.put(large))).flat());

  const [name = '', ...others] = await readdir(directory);
  expect(others).toEqual([]);
  expect(JSON.parse(await readFile(join(directory, name), 'utf8'))).toEqual(large);
});

test('an event with one record twice that can never be written is acknowledged, with one letter', async () => {
  const deadLetters = new DeadLetterDirectory(directory);
  const handle = createStreamHandler({ source: ORDERS, destination: new MemoryChangelog(), deadLetters });
  const { record } = letter();

  expect(await handle({ Records: Array.from({ length: 8 }, () => record) })).toEqual({ batchItemFailures: [] });
  expect(await deadLetters.count()).toBe(1);
});

test('a letter that is being written, or that a kill left half written, is not listed', async () => {
  const letters = new DeadLetterDirectory(directory);
  await writeFile(join(directory, `42-0123456789abcdef.json.${process.pid}-0.new`), '{');
  await writeFile(join(directory, '42-0123456789abcdef.json.new'), '{');

  expect(await letters.list()).toEqual([]);
});

test('no directory holds no letters', async () => {
  expect(await new DeadLetterDirectory(join(directory, 'none')).count()).toBe(0);
});

test('a failed write is an error by name, without a value', async () => {
  await writeFile(join(directory, 'file'), '');
  const letters = new DeadLetterDirectory(join(directory, 'file'));

  await expect(letters.put(letter())).rejects.toMatchObject({
    kind: 'dead-letter-failed',
    context: { table: 'Orders', sequence_number: '42' },
  });
});
