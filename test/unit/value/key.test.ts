import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalKey } from '../../../src/value/key.ts';
import { decimal, plainNumber, spellings, text } from '../../support/values/arbitraries.ts';
import { MANY_RUNS } from '../../support/vitest/budget.ts';

describe('canonicalKey', () => {
  test.each([
    [{ id: { S: 'a' } }, '["a"]'],
    [{ sk: { N: '1.0' }, pk: { S: 'a' } }, '["a",1]'],
    [{ b: { S: 'second' }, B: { S: 'first' } }, '["first","second"]'],
    [{ id: { N: '12345678901234567890123456789012345678' } }, '[12345678901234567890123456789012345678]'],
    [{ id: { N: '1E-7' } }, '[0.0000001]'],
    [{ id: { B: 'AAEqQQ==' } }, '[{"B":"AAEqQQ=="}]'],
    [{ id: { B: new Uint8Array([0, 1, 42, 65]) } }, '[{"B":"AAEqQQ=="}]'],
    [{ ['__proto__']: { S: 'a' } }, '["a"]'],
  ])('%j is %s', (keys, key) => {
    expect(canonicalKey(keys)).toBe(key);
  });

  test.each([[{}], [null], [[]], ['a'], [{ a: { S: '1' }, b: { S: '2' }, c: { S: '3' } }]])('%j is no key', (keys) => {
    expect(() => canonicalKey(keys)).toThrow('Keys is not one or two key attributes');
  });

  test.each([[{ S: 'a', N: '1' }], [{ BOOL: true }], [{ S: 1 }], [{ N: 'x' }], [{ SS: ['a'] }], [null], [{}]])(
    '%j is no key attribute',
    (value) => {
      expect(() => canonicalKey({ id: value })).toThrow(/^Keys\.id is not/);
    },
  );

  const part = fc.oneof(
    text.map((value) => ({ id: `S${value}`, forms: fc.constant<unknown>({ S: value }) })),
    decimal.map((number) => ({
      id: `N${plainNumber(number)}`,
      forms: spellings(number).map((spelling): unknown => ({ N: spelling })),
    })),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => ({
      id: `B${Buffer.from(bytes).toString('hex')}`,
      forms: fc.constantFrom<unknown>({ B: bytes }, { B: Buffer.from(bytes).toString('base64') }),
    })),
  );
  const key = fc.array(part, { minLength: 1, maxLength: 2 });

  test('two keys have one text exactly if they are one key, in every spelling of their numbers', () => {
    const pair = fc
      .tuple(key, key, fc.boolean())
      .map(([a, b, same]) => [a, same ? a : b] as const)
      .chain(([a, b]) => fc.tuple(fc.constant(a), fc.constant(b), formsOf(a), formsOf(b)));
    fc.assert(
      fc.property(pair, ([a, b, formA, formB]) => {
        const one = a.length === b.length && a.every(({ id }, index) => id === b[index]?.id);
        expect(canonicalKey(formA) === canonicalKey(formB)).toBe(one);
      }),
      MANY_RUNS,
    );
  });

  function formsOf(parts: readonly { readonly forms: fc.Arbitrary<unknown> }[]): fc.Arbitrary<Record<string, unknown>> {
    return fc
      .tuple(...parts.map(({ forms }) => forms))
      .map((forms) => Object.fromEntries(forms.map((form, index) => [`k${index}`, form])));
  }
});
