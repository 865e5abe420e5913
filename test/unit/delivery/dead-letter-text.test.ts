import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDeadLetter } from '../../../src/delivery/dead-letter-text.ts';
import { STREAM_ARN } from '../../support/stream/record.ts';
import { deadLetter } from '../../support/values/dead-letter.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

test('a letter reads back as it was, half a surrogate pair in its record included', () => {
  const letter = deadLetter({ record: { name: 'Ærø 😀', broken: '\ud83d' }, shard_id: 'shardId-1', rules: 'v1' });

  expect(readDeadLetter(bytes(letter))).toEqual(letter);
});

test('a letter with the time that its batch gave its record reads back as it was, and so does one without', () => {
  const letter = deadLetter({ changed_at: '2026-01-02T03:04:05.000Z' });

  expect(readDeadLetter(bytes(letter))).toEqual(letter);
  expect(readDeadLetter(bytes(deadLetter()))).not.toHaveProperty('changed_at');
});

test('a letter that names no stream is of the one that its record names, which may have been mended', () => {
  expect(readDeadLetter(bytes(deadLetter({ stream_arn: null })))).toMatchObject({ stream_arn: STREAM_ARN });
});

test('a letter about nothing but coordinates is one too', () => {
  const letter = deadLetter({ stream_arn: null, sequence_number: null, record: null });

  expect(readDeadLetter(bytes(letter))).toEqual(letter);
});

describe('a file that is no letter is refused with the reason and none of its text', () => {
  test.each<[string, Uint8Array, string]>([
    ['no JSON', bytes('planted{'), 'is not JSON in UTF-8'],
    ['nothing', bytes(''), 'is not JSON in UTF-8'],
    ['bytes that are no text', Uint8Array.of(0x22, 0xff, 0x22), 'is not JSON in UTF-8'],
    ['a list', bytes([deadLetter()]), 'is no dead letter'],
    ['another object', bytes({ planted: 1 }), 'is no dead letter'],
    ['a newer version', bytes({ ...deadLetter(), version: 2 }), 'is a dead letter of an unknown version'],
    ['a version of text', bytes({ ...deadLetter(), version: '1' }), 'is a dead letter of an unknown version'],
    ...(
      [
        ['table', 7],
        ['stream_arn', 'arn:planted'],
        ['shard_id', 7],
        ['sequence_number', '4x2'],
        ['kind', 'toString'],
        ['reason', null],
        ['at', 'yesterday'],
        ['at', '2026-01-02'],
        ['at', 7],
        ['changed_at', '2026-01-02'],
        ['changed_at', null],
        ['rules', {}],
      ] as const
    ).map(([field, value]): [string, Uint8Array, string] => [
      `a ${field} of ${JSON.stringify(value)}`,
      bytes({ ...deadLetter(), [field]: value }),
      `is a dead letter with a wrong ${field}`,
    ]),
    ['no record', bytes({ ...deadLetter(), record: undefined }), 'is a dead letter with a wrong record'],
  ])('%s', (_, given, problem) => {
    expect(readDeadLetter(given)).toEqual({ problem });
  });
});

test('any bytes are a letter or named, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytes), fc.jsonValue().map(bytes)), (given) => {
      expect(readDeadLetter(given)).toHaveProperty('problem');
    }),
    RUNS,
  );
});
