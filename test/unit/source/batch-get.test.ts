import { expect, test } from 'vitest';
import { batchGet } from '../../../src/source/batch-get.ts';
import type { AttributeMap } from '../../../src/value/attribute-value.ts';

function key(id: string): AttributeMap {
  return { id: { S: id } };
}

const same = (item: AttributeMap) => item;

test('keys that a request left are asked for again, until all are read', async () => {
  const requests: (readonly AttributeMap[])[] = [];
  const keys = Array.from({ length: 7 }, (_, id) => key(`${id}`));

  const items = await batchGet(
    keys,
    async (wanted) => {
      requests.push(wanted);
      return {
        items: wanted.slice(0, 3).map((item) => ({ ...item, more: { BOOL: true } })),
        unprocessed: wanted.slice(3),
      };
    },
    same,
  );

  expect(requests.map(({ length }) => length)).toEqual([7, 4, 1]);
  expect(items).toEqual(keys.map((item) => ({ ...item, more: { BOOL: true } })));
});

test('a key that stands twice is asked for once', async () => {
  const sizes: number[] = [];
  const keys = [key('0'), key('1'), key('0')];

  const items = await batchGet(
    keys,
    async (wanted) => {
      sizes.push(wanted.length);
      return { items: wanted.toReversed(), unprocessed: [] };
    },
    same,
  );

  expect(sizes).toEqual([2]);
  expect(items).toEqual(keys);
});

test('a key is found though the server spells its number otherwise', async () => {
  const found = await batchGet(
    [{ id: { N: '1' } }, { id: { N: '2' } }],
    async () => ({
      items: [{ id: { N: '1.0' }, more: { S: 'x' } }],
      unprocessed: [],
    }),
    same,
  );

  expect(found).toEqual([{ id: { N: '1.0' }, more: { S: 'x' } }, null]);
});

test('only the converted items of an answer stay in memory when the next one is asked for', async () => {
  let held = 0;
  let most = 0;
  const keys = Array.from({ length: 9 }, (_, id) => key(`${id}`));

  const found = await batchGet(
    keys,
    async (wanted) => {
      most = Math.max(most, held);
      held = 3;
      return { items: wanted.slice(0, 3), unprocessed: wanted.slice(3) };
    },
    () => {
      held--;
      return 'read';
    },
  );

  expect(found).toEqual(keys.map(() => 'read'));
  expect(most).toBe(0);
});
