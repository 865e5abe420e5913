import { expect, test } from 'vitest';
import { shardTree } from '../../../src/stream/shard-tree.ts';
import type { Shard } from '../../../src/stream/stream-client.ts';

const shard = (
  id: string,
  parentId: string | null = null,
  from: string | null = null,
  to: string | null = null,
): Shard => ({
  id,
  parentId,
  startingSequenceNumber: from,
  endingSequenceNumber: to,
});

const ids = (shards: readonly Shard[]) => shards.map(({ id }) => id);

test('parents come before their children, however they are listed', () => {
  const tree = shardTree([shard('d', 'c'), shard('b', 'a'), shard('a'), shard('c', 'b'), shard('e', 'b')]);
  expect(ids(tree.shards)).toEqual(['a', 'b', 'c', 'e', 'd']);
});

test('shards whose parents are not listed are roots', () => {
  const tree = shardTree([shard('b', 'trimmed'), shard('c', 'trimmed'), shard('d', 'b')]);
  expect(ids(tree.readable(() => false))).toEqual(['b', 'c']);
});

test.each([
  { done: [], readable: ['a', 'x'] },
  { done: ['x'], readable: ['a'] },
  { done: ['a'], readable: ['x', 'b', 'c'] },
  { done: ['a', 'b'], readable: ['x', 'c', 'd'] },
  { done: ['a', 'b', 'c', 'd', 'x'], readable: [] },
])('when $done are done, $readable may be read', ({ done, readable }) => {
  const tree = shardTree([shard('d', 'b'), shard('a'), shard('x'), shard('b', 'a'), shard('c', 'a')]);
  expect(ids(tree.readable((id) => (done as string[]).includes(id)))).toEqual(readable);
});

test('a shard has children when a listed one names it', () => {
  const tree = shardTree([shard('a'), shard('b', 'a')]);
  expect([tree.hasChildren('a'), tree.hasChildren('b'), tree.hasChildren('elsewhere')]).toEqual([true, false, false]);
});

test.each([
  ['an open parent', '1', null, '5', null],
  ['a child that does not say where it starts', '1', '9', null, null],
  ['numbers of more digits', '8', '99', '100', null],
  ['a parent of one record', '5', '5', '6', '6'],
])('lineage is right with %s', (_case, parentFrom, parentTo, childFrom, childTo) => {
  const shards = [shard('a', null, parentFrom, parentTo), shard('b', 'a', childFrom, childTo)];
  expect(ids(shardTree(shards).shards)).toEqual(['a', 'b']);
});

test.each([
  ['a parent that ends above the start of its child', [shard('a', null, '1', '100'), shard('b', 'a', '99')]],
  ['a parent that ends where its child starts', [shard('a', null, '1', '0009'), shard('b', 'a', '9')]],
  ['a shard listed twice', [shard('b'), shard('b')]],
  ['a shard that is its own parent', [shard('a'), shard('b', 'b')]],
  ['shards that descend from each other', [shard('b', 'c'), shard('c', 'b')]],
  ['a start that is no number', [shard('b', null, 'x1')]],
  ['an end that is no number', [shard('b', null, '1', '')]],
])('%s is refused by name', (_case, shards) => {
  expect(() => shardTree(shards)).toThrow(
    expect.objectContaining({
      kind: 'stream-lineage',
      context: { shard_id: 'b' },
      message: expect.stringContaining('b'),
    }),
  );
});

test('ten thousand shards in a row are a tree without a stack to overflow', () => {
  const shards = Array.from({ length: 10_000 }, (_, index) => shard(`s${index}`, index === 0 ? null : `s${index - 1}`));
  expect(shardTree(shards.reverse()).shards.at(-1)?.id).toBe('s9999');
});
