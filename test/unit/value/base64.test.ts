import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalBase64 } from '../../../src/value/base64.ts';
import { MANY_RUNS } from '../../support/vitest/budget.ts';

const GRAMMAR = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What base64 is made of, mostly, and what it isn't. */
const character = fc.constantFrom(...'AAQQgwEIz09+/IY==', '-', '_', ' ', 'é', 'ŁA', '\u0000');

test('base64 text of any bytes becomes the one text of these bytes, and any other text is refused', () => {
  const group = fc.tuple(character, character, fc.constantFrom('==', 'A=', 'B=', 'AA')).map((parts) => parts.join(''));
  const text = fc
    .oneof(fc.array(character, { maxLength: 9 }), fc.array(group, { maxLength: 2 }))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (value) => {
      const canonical = Buffer.from(value, 'base64').toString('base64');

      expect(canonicalBase64(value)).toBe(GRAMMAR.test(value) ? canonical : undefined);
    }),
    MANY_RUNS,
  );
});

test('bytes and their base64 text are one', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = Buffer.from(bytes).toString('base64');

      expect([canonicalBase64(bytes), canonicalBase64(text)]).toEqual([text, text]);
    }),
    MANY_RUNS,
  );
});

test.each([[undefined], [null], [7], [[65]], [{}]])('%j is neither', (value) => {
  expect(canonicalBase64(value)).toBeUndefined();
});
