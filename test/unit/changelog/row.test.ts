import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toRow } from '../../../src/changelog/row.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { decode } from '../../../src/record/decode.ts';
import { toSnapshotRow } from '../../../src/snapshot/row.ts';
import { streamRecord } from '../../support/stream/record.ts';
import { item, plainNumber, type Spelling, spellItem, spellings } from '../../support/values/arbitraries.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const CONTEXT = { transform: identity, origin: 'stream' } as const;

const rowOf = (record: unknown) => toRow(decode(record, { changedAt: null }), CONTEXT);

test('a row carries its change whole', () => {
  const row = rowOf(
    streamRecord({
      sequenceNumber: '900000000013256687845',
      keys: { sk: { N: '1.0' }, pk: { S: 'a' } },
      newImage: { sk: { N: '1.0' }, pk: { S: 'a' }, total: { N: '12.50' } },
      oldImage: { sk: { N: '1.0' }, pk: { S: 'a' } },
    }),
  );

  expect(row).toEqual({
    key: '["a",1]',
    operation: 'MODIFY',
    position: '2026-01-02T03:04:05.678/0000000000000000000900000000013256687845',
    sequenceNumber: '900000000013256687845',
    eventId: 'event-900000000013256687845',
    changedAt: 1_767_323_045_000,
    newImage: '{"pk":"a","sk":1,"total":12.5}',
    oldImage: '{"pk":"a","sk":1}',
    digest: 'fc5f4434176d72b61111a7d17d98263e',
    expired: false,
    origin: 'stream',
    generation: 1,
  });
});

test('a key is one key, however its number is written in Keys, in the images and in a scan', () => {
  const spelled = ['1', '1.0', '1.00', '1E0', '10e-1', '+1'];
  const rows = spelled.map((n, index) =>
    rowOf(
      streamRecord({
        keys: { id: { N: n } },
        newImage: { id: { N: spelled[index - 1] ?? '1' } },
        oldImage: { id: { N: spelled[index - 2] ?? '1' } },
      }),
    ),
  );
  const scanned = spelled.map((n) => toSnapshotRow({ id: { N: n } }, ['id'], identity));

  expect(new Set([...rows, ...scanned].map(({ key }) => key))).toEqual(new Set(['[1]']));
  // What stands in the images is what a scan would give: a digest that differed would be a finding of verify.
  expect(new Set([...rows, ...scanned].map(({ digest }) => digest)).size).toBe(1);
});

test('a REMOVE has neither new image nor digest', () => {
  expect(rowOf(streamRecord({ operation: 'REMOVE', oldImage: { id: { S: 'a' } } }))).toMatchObject({
    newImage: null,
    digest: null,
    oldImage: '{"id":"a"}',
  });
});

test('a value that can not be carried is refused with sequence number and path', () => {
  expect(() => rowOf(streamRecord({ sequenceNumber: '42', newImage: { a: { L: [{ N: 'secret' }] } } }))).toThrow(
    expect.objectContaining({
      kind: 'record-invalid',
      message: 'dynamodb.NewImage.a[0] is not a number as decimal text',
      context: { sequence_number: '42', path: 'dynamodb.NewImage.a[0]' },
    }),
  );
});

test('a scanned item is known by its key attributes, whatever they are called, and refused without them', () => {
  const item = JSON.parse('{"__proto__":{"S":"x"},"toString":{"N":"1.0"},"other":{"NULL":true}}');

  expect(toSnapshotRow(item, ['toString', '__proto__'], identity).key).toBe('["x",1]');
  expect(() => toSnapshotRow({ id: { S: 'x' } }, ['toString', '__proto__'], identity)).toThrow(
    expect.objectContaining({ kind: 'record-invalid' }),
  );
});

const LAMBDA: Omit<Spelling, 'number'> = {
  binary: (bytes) => Buffer.from(bytes).toString('base64'),
  order: (members) => members,
};

const SDK: Omit<Spelling, 'number'> = { binary: (bytes) => bytes, order: (members) => members.toReversed() };

test('both record shapes give one row, byte for byte, and a scan of the item gives its digest', () => {
  fc.assert(
    fc.property(item, fc.boolean(), fc.gen(), (value, expired, gen) => {
      const shape = (spelling: Omit<Spelling, 'number'>, number: Spelling['number']) => ({
        keys: { id: { N: number({ negative: false, digits: '17', power: -1 }) } },
        newImage: spellItem(value, { ...spelling, number }),
      });
      const number: Spelling['number'] = (decimal) => gen(spellings, decimal);
      const parts = { operation: expired ? 'REMOVE' : 'INSERT', sequenceNumber: '42' };
      const image = (images: ReturnType<typeof shape>) =>
        expired ? { keys: images.keys, oldImage: images.newImage } : images;

      const lambda = streamRecord({
        ...parts,
        ...image(shape(LAMBDA, plainNumber)),
        time: 1_700_000_000,
        envelope: { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } },
      });
      const sdk = streamRecord({
        ...parts,
        ...image(shape(SDK, number)),
        time: new Date(1_700_000_000_000),
        envelope: { userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } },
      });

      const row = rowOf(lambda);
      expect(rowOf(sdk)).toEqual(row);
      expect(row.expired).toBe(expired);
      const scanned = { ...spellItem(value, { ...SDK, number }), ['k:id']: { N: '1.7' } };
      const withKey = { ...spellItem(value, { ...LAMBDA, number: plainNumber }), ['k:id']: { N: '1.70' } };
      const direct = rowOf(streamRecord({ keys: { 'k:id': { N: '17E-1' } }, newImage: withKey }));
      expect(toSnapshotRow(scanned, ['k:id'], identity)).toMatchObject({
        key: direct.key,
        item: direct.newImage,
        digest: direct.digest,
      });
    }),
    RUNS,
  );
});
