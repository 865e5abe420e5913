import { describe, expect, test } from 'vitest';
import {
  amountField,
  countField,
  type FieldReader,
  fields,
  flagField,
  isoTimeField,
  list,
  nameField,
  nullable,
  oneOf,
  optional,
  parseJson,
  readCheckpointText,
  readFields,
  textField,
  timeField,
} from '../../src/state-file.ts';

const shard = fields({ id: nameField, at: timeField, note: optional(nullable(textField), 'none') });
const file = fields({ shards: list(shard), owner: fields({ pid: countField }) });

const TIME = '2026-01-02T03:04:05.006Z';
const shards = [
  { id: 'a', at: TIME, note: null },
  { id: 'b', at: TIME },
];

test('fields are read by name, absent ones have their default, and other fields are passed over', () => {
  const value = { shards, owner: { pid: 7, other: 1 }, other: 2 };

  expect(readFields(value, file)).toEqual({
    value: {
      shards: [
        { id: 'a', at: Date.parse(TIME), note: null },
        { id: 'b', at: Date.parse(TIME), note: 'none' },
      ],
      owner: { pid: 7 },
    },
  });
});

test.each<[string, unknown, string]>([
  ['no object', [], ''],
  ['an absent list', { owner: { pid: 7 } }, 'shards'],
  ['an object in place of a list', { shards: {}, owner: { pid: 7 } }, 'shards'],
  ['a wrong element', { shards: [shards[0], 7], owner: { pid: 7 } }, 'shards.1'],
  ['a wrong field of an element', { shards: [shards[0], { id: '', at: TIME }], owner: { pid: 7 } }, 'shards.1.id'],
  ['an absent field of an object', { shards, owner: {} }, 'owner.pid'],
])('%s is named by its path', (_, value, wrong) => {
  expect(readFields(value, file)).toEqual({ wrong });
});

describe('a field holds', () => {
  test.each<[string, FieldReader<unknown>, readonly unknown[], readonly unknown[]]>([
    ['text', textField, ['', 'a'], [7, null, undefined]],
    ['a name', nameField, ['a'], ['', 7, null]],
    ['a flag', flagField, [true, false], [0, 'true', null]],
    ['a count', countField, [0, 7], [-1, 0.5, 2 ** 53, '7', null]],
    ['an amount', amountField, [0, 0.5], [-0.5, Number.NaN, '7', null]],
    ['a time', isoTimeField, [TIME], ['2026-01-02', '2026-01-02T03:04:05Z', 'soon', 0, null]],
    ['one of a few texts', oneOf('a', 'b'), ['a', 'b'], ['c', null]],
    ['something or null', nullable(countField), [null, 7], [undefined, '7']],
  ])('%s', (_, read, right, wrong) => {
    for (const value of right) expect(readFields(value, read)).toEqual({ value });
    for (const value of wrong) expect(readFields(value, read)).toHaveProperty('wrong');
  });
});

test.each([
  ['{', 'is not JSON'],
  ['[]', 'is not a checkpoint'],
  ['{"pid":7}', 'is not a checkpoint'],
  ['{"format":"checkpoint/2","pid":7}', 'has another format than checkpoint/1'],
  ['{"format":"checkpoint/1","pid":"secret"}', 'has a wrong pid'],
])('text %s is no checkpoint: %s', (json, problem) => {
  expect(readCheckpointText(json, 'checkpoint/1', fields({ pid: countField }))).toEqual({ problem });
});

test('JSON that is broken is no value, and null is one', () => {
  expect(parseJson('{"a":')).toBeUndefined();
  expect(parseJson('null')).toBeNull();
});

test('an error that is no wrong field is thrown on', () => {
  expect(() => readFields(1, () => expect.unreachable())).toThrow();
});
