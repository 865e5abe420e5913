import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../src/value/canonical-json.ts';
import { canonicalText } from '../../../src/value/canonical-text.ts';
import { item, plainNumber, spellItem } from '../../support/values/arbitraries.ts';
import { RUNS } from '../../support/vitest/budget.ts';

test('an item’s canonical text is its own, whatever spaces a destination put in', () => {
  fc.assert(
    fc.property(item, fc.nat(4), (value, indent) => {
      const text = canonicalJson(
        spellItem(value, {
          number: plainNumber,
          binary: (bytes) => Buffer.from(bytes).toString('base64'),
          order: (members) => members,
        }),
        'Item',
      );

      expect(canonicalText(text)).toBe(text);
      expect(canonicalText(JSON.stringify(JSON.parse(text), null, indent))).toBe(text);
    }),
    RUNS,
  );
});

test('names come back in code-unit order, numbers and members of Object among them', () => {
  expect(canonicalText('{"b":1, "__proto__":{"z":[ ]}, "9":2, "10":3, "😀":4, "\\uffff":5}')).toBe(
    '{"10":3,"9":2,"__proto__":{"z":[]},"b":1,"😀":4,"\uffff":5}',
  );
});

test('text that is no JSON is no item’s', () => {
  expect(canonicalText('{"a":')).toBe('');
});
