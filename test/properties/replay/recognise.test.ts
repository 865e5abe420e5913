import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recognise, recogniseText } from '../../../src/replay/recognise.ts';
import { type FailureParts, failureRecord, pipesRecord, snsEnvelope } from '../../support/stream/failure-record.ts';
import { streamRecord } from '../../support/stream/record.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const number = fc.oneof(
  fc.bigInt({ min: 0n, max: 10n ** 40n - 1n }).map(String),
  fc.constantFrom('', '-1', '1e3', ' 1'),
  fc.jsonValue(),
);

/** Failure records of which any part may be anything. */
const failure: fc.Arbitrary<unknown> = fc
  .record<FailureParts>(
    {
      from: number,
      to: number,
      batchSize: fc.jsonValue(),
      firstArrival: fc.oneof(fc.constant('2026-01-02T03:04:05Z'), fc.jsonValue()),
      payload: fc.oneof(fc.json(), fc.constant({ Records: [streamRecord()] }), fc.jsonValue()),
    },
    { requiredKeys: [] },
  )
  .chain((parts) => fc.constantFrom(failureRecord(parts), pipesRecord(parts)));

const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.jsonValue(),
    failure,
    fc.dictionary(
      fc.constantFrom(
        'Records',
        'Messages',
        'Type',
        'Message',
        'DDBStreamBatchInfo',
        'payload',
        '__proto__',
        'version',
        'record',
        'kind',
        'window',
      ),
      fc.oneof(fc.jsonValue(), tie('value')),
      { noNullPrototype: false },
    ),
    tie('value').map(snsEnvelope),
    fc
      .array(tie('value'), { maxLength: 3 })
      .map((list) => ({ Messages: list.map((body) => ({ Body: JSON.stringify(body) })) })),
  ),
})).value;

test('whatever it is, it is recognised or refused in one short phrase, and nothing is thrown', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const found = recognise(value);
      if ('problem' in found) expect(found.problem).toMatch(/^(is|has|holds|ends) [^\n]{3,300}$/);
      else for (const item of found.items) expect(['records', 'range']).toContain(item.of);
    }),
    RUNS,
  );
});

test('a range is one only if it starts at or before its end', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 40n - 1n), fc.bigInt(0n, 10n ** 40n - 1n), (from, to) => {
      const found = recognise(failureRecord({ from: String(from), to: String(to) }));
      expect('items' in found).toBe(from <= to);
    }),
    RUNS,
  );
});

test('text cut off anywhere is refused or is whole', () => {
  const text = JSON.stringify(snsEnvelope(failureRecord({ payload: { Records: [streamRecord()] } })));
  fc.assert(
    fc.property(fc.nat(text.length - 1), (length) => {
      expect(recogniseText(text.slice(0, length))).toHaveProperty('problem');
    }),
    RUNS,
  );
});
