import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseKey } from '../../../src/source/key-parse.ts';
import { canonicalKey } from '../../../src/value/key.ts';
import type { KeyAttribute } from '../../../src/value/key-attribute.ts';
import { attributeName, decimal, plainNumber, text } from '../../support/values/arbitraries.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const keyValue = fc.oneof(
  text.map((value) => ({ type: 'S' as const, value })),
  decimal.map((number) => ({ type: 'N' as const, value: plainNumber(number) })),
  text.map((bytes) => ({ type: 'B' as const, value: Buffer.from(bytes).toString('base64') })),
);

const key = fc
  .uniqueArray(fc.tuple(attributeName, keyValue), { selector: ([name]) => name, minLength: 1, maxLength: 2 })
  .map((parts) => ({
    attributes: parts.map(([name, { type }]): KeyAttribute => ({ name, type })),
    values: Object.fromEntries(parts.map(([name, { type, value }]) => [name, { [type]: value }])),
  }));

test('every key is read back from its text as it was, numbers of 38 digits included', () => {
  fc.assert(
    fc.property(key, ({ attributes, values }) => {
      const parsed = parseKey(canonicalKey(values), attributes);

      expect(canonicalKey(parsed)).toBe(canonicalKey(values));
      expect(Object.keys(parsed).toSorted()).toEqual(Object.keys(values).toSorted());
      for (const { name, type } of attributes) expect(Object.keys(parsed[name] ?? {})).toEqual([type]);
    }),
    { numRuns: RUNS.numRuns * 5 },
  );
});

test('any other text is refused by name, whatever it is', () => {
  fc.assert(
    fc.property(
      key,
      fc.oneof(fc.string(), fc.json(), fc.constantFrom('[', '[]', '["a"', '["a"]x', '[,"a"]', '["\\q"]', '[1.]')),
      ({ attributes }, other) => {
        let parsed: ReturnType<typeof parseKey> | undefined;
        try {
          parsed = parseKey(other, attributes);
        } catch (error) {
          expect(error).toMatchObject({ kind: 'destination-invalid' });
        }
        if (parsed) expect(() => canonicalKey(parsed)).not.toThrow();
      },
    ),
    { numRuns: RUNS.numRuns * 5 },
  );
});
