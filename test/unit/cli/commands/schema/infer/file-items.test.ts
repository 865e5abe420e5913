import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readFileItems } from '../../../../../../cli/commands/schema/infer/file-items.ts';
import { ItemFacts } from '../../../../../../src/schema/infer/item-facts.ts';
import { proposeSchema } from '../../../../../../src/schema/infer/propose.ts';
import { memoryFiles } from '../../../../../support/memory/files.ts';
import { PLANTED, showsPlanted } from '../../../../../support/values/planted-values.ts';

const ITEMS = [
  { id: { S: 'a' }, n: { N: '1' } },
  { id: { S: 'b' }, n: { N: '12345678901234567890' } },
];
const PROPOSED = [
  { name: 'id', type: 'STRING', description: 'In all 2 items.' },
  { name: 'n', type: 'NUMERIC', description: 'In all 2 items.' },
];

/** What is proposed for the items of a file with this content. */
async function read(content: string | Uint8Array, maxItems = Number.POSITIVE_INFINITY, chunkSize = 1_000_000) {
  const facts = new ItemFacts([]);
  const whole = Buffer.from(content);
  const files = {
    ...memoryFiles(new Map()),
    async *read() {
      for (let at = 0; at < whole.length; at += chunkSize) yield whole.subarray(at, at + chunkSize);
    },
  };
  const { signal } = new AbortController();
  await readFileItems('items.json', { files, facts, maxItems, signal, onProgress: () => {} });
  return { items: facts.items, columns: proposeSchema('T', facts).columns };
}

const lines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');
const record = (NewImage: object) => ({
  eventID: '1',
  eventName: 'INSERT',
  dynamodb: { Keys: { id: { S: 'a' } }, NewImage },
});
const DELETED = { eventID: '2', eventName: 'REMOVE', dynamodb: { Keys: { id: { S: 'c' } } } };
const PLAIN = '{"id":"a","n":1}\n{"id":"b","n":12345678901234567890}\n';

describe('items are read', () => {
  test.each<[string, string | Uint8Array]>([
    ['of an export', lines(ITEMS.map((Item) => ({ Item })))],
    ['of an export that is gzip', gzipSync(lines(ITEMS.map((Item) => ({ Item }))))],
    ['one a line', `${lines(ITEMS)}\r\n\n`],
    ['as a scan prints them', JSON.stringify({ Items: ITEMS, Count: 2, ScannedCount: 2 }, null, 4)],
    ['as a scan prints them on one line', JSON.stringify({ Items: ITEMS, Count: 2 })],
    ['of several scans', ITEMS.map((item) => JSON.stringify({ Items: [item], Count: 1 }, null, 2)).join('\n')],
    [
      'of requests that put them',
      JSON.stringify(
        ITEMS.map((Item) => ({ PutRequest: { Item } })),
        null,
        2,
      ),
    ],
    ['of requests for a table', JSON.stringify({ T: ITEMS.map((Item) => ({ PutRequest: { Item } })) }, null, 2)],
    [
      'of an incremental export, but for deletions',
      lines([
        ...ITEMS.map((NewImage) => ({ Metadata: {}, Keys: { id: NewImage.id }, NewImage })),
        { Metadata: {}, Keys: { id: { S: 'c' } }, OldImage: ITEMS[0] },
      ]),
    ],
    ['of records of a stream, but for deletions', lines([...ITEMS.map(record), DELETED])],
    ['of what a Lambda gets', JSON.stringify({ Records: [...ITEMS.map(record), DELETED] })],
    [
      'of what a Lambda gets, over several lines',
      JSON.stringify({ Records: [DELETED, ...ITEMS.map(record)] }, null, 2),
    ],
    ['of plain JSON, one a line, with numbers of any length', PLAIN],
  ])('%s', async (_, content) => {
    expect(await read(content)).toEqual({ items: 2, columns: PROPOSED });
    for (const size of [1, 7, 100])
      expect(await read(content, undefined, size)).toEqual({ items: 2, columns: PROPOSED });
  });

  test('up to a number', async () => {
    expect((await read(lines(ITEMS), 1)).items).toBe(1);
    expect((await read(JSON.stringify({ Items: ITEMS }, null, 2), 1)).items).toBe(1);
  });

  test('of an empty file: none', async () => {
    expect((await read('')).items).toBe(0);
  });
});

describe('a file is refused', () => {
  test.each<[string, string, unknown]>([
    ['a line that is not JSON', `${lines(ITEMS)}\n{"id":\n`, 'items.json: line 3 is not JSON'],
    [
      'a record of a stream that has keys alone',
      `${lines(ITEMS.map(record))}\n${JSON.stringify({ ...DELETED, eventName: 'MODIFY' })}\n`,
      'items.json: line 3 has no item',
    ],
    ['a line without an item', `${lines(ITEMS)}\n17\n`, 'items.json: line 3 has no item'],
    [
      'an item of the other form',
      `${lines(ITEMS)}\n{"id":"c"}\n`,
      'items.json: line 3 is plain JSON, unlike the first item',
    ],
    [
      'a number that is none',
      `${lines(ITEMS)}\n{"n":{"N":"x"}}\n`,
      'items.json: line 3 has an item that is none of DynamoDB',
    ],
    [
      'many bad lines',
      `${lines(ITEMS)}\n${'x\n'.repeat(7)}`,
      'items.json: line 3 is not JSON; line 4 is not JSON; line 5 is not JSON; line 6 is not JSON; line 7 is not JSON; and 2 more',
    ],
    [
      'plain JSON over several lines',
      JSON.stringify([{ id: 'a' }], null, 2),
      'items.json has plain JSON over several lines',
    ],
    [
      'a text that is cut off',
      JSON.stringify({ Items: ITEMS }, null, 2).slice(0, -9),
      expect.stringContaining('items.json ends within a JSON value'),
    ],
  ])('with %s, by its number', async (_, content, message) => {
    await expect(read(content)).rejects.toMatchObject({ kind: 'usage-invalid', message });
  });

  test('with a line that is not UTF-8, wherever chunks end', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${lines(ITEMS)}\n{"id":{"S":"`),
      Buffer.from([0xff]),
      Buffer.from('"}}\n'),
    ]);

    await expect(read(bytes)).rejects.toMatchObject({ message: 'items.json is not UTF-8 text (line 3)' });
    for (const size of [1, 7, 40]) await expect(read(bytes, undefined, size)).rejects.toThrow('(line 3)');
  });

  test('in words that hold no value of it', async () => {
    const bad = [`{"id":"${PLANTED.text}"`, `{"n":{"N":"${PLANTED.text}"}}`, `{"id":{"S":{"x":"${PLANTED.text}"}}}`];
    for (const line of bad) {
      const error = await read(`${lines(ITEMS)}\n${line}\n`).catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(Error);
      expect(showsPlanted(String(error))).toBe(false);
    }
  });
});
