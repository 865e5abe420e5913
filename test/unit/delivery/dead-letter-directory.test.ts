import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeadLetter } from '../../../src/delivery/dead-letter.ts';
import { DeadLetterDirectory } from '../../../src/delivery/dead-letter-directory.ts';
import { deadLetter } from '../../support/dead-letter.ts';
import { streamRecord } from '../../support/stream-record.ts';

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

test('the same record set aside twice is kept once, and another record of its number beside it', async () => {
  const letters = new DeadLetterDirectory(directory);

  await letters.put(letter());
  await letters.put(letter({ at: '2026-01-02T03:04:06.000Z' }));
  await letters.put(
    letter({ record: streamRecord({ sequenceNumber: '42', keys: { id: { S: 'b' } }, operation: 'FOOBAR' }) }),
  );
  await letters.put(letter({ sequence_number: null, record: undefined }));

  expect(await letters.count()).toBe(3);
});

test('no directory holds no letters', async () => {
  expect(await new DeadLetterDirectory(join(directory, 'none')).count()).toBe(0);
});

test('what can not be written is said by name, without a value', async () => {
  await writeFile(join(directory, 'file'), '');
  const letters = new DeadLetterDirectory(join(directory, 'file'));

  await expect(letters.put(letter())).rejects.toMatchObject({
    kind: 'dead-letter-failed',
    context: { table: 'Orders', sequence_number: '42' },
  });
});
