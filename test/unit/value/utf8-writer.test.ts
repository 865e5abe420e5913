import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Utf8Writer } from '../../../src/value/utf8-writer.ts';
import { MANY_RUNS } from '../../support/vitest/budget.ts';

/** Texts of every length around those at which the writer goes another way, with what JSON escapes at any place of them. */
const text = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('a', ' ', '~', '\u007f', '0123456789') },
      { weight: 1, arbitrary: fc.constantFrom('"', '\\', '\n', '\b', '\u0000', '\u001f', '\u2028') },
      { weight: 1, arbitrary: fc.constantFrom('é', '“', '\ud7ff', '\ue000', '\uffff', '😀') },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
    ),
    { maxLength: 70 },
  )
  .map((parts) => parts.join(''));

/** Texts without a character that JSON escapes, which go by the block. */
const plain = fc
  .array(fc.constantFrom('a', ' ', 'é', '“', '😀', '0123456789'), { maxLength: 40 })
  .map((s) => s.join(''));

/** Small enough to grow in the middle of most texts, or large enough not to. */
const capacity = fc.constantFrom(1, 16, 4096);

function written(size: number, write: (out: Utf8Writer) => void): string {
  const out = new Utf8Writer(size);
  out.text('before é,');
  write(out);
  out.byte(0x3b);
  expect(String(out.copy())).toBe(out.toString());
  return out.toString();
}

test('a JSON string is what JSON.stringify writes, wherever the text has what is escaped, however much room there is', () => {
  fc.assert(
    fc.property(capacity, fc.oneof(text, plain), (size, value) => {
      const json = written(size, (out) => expect(out.jsonString(value)).toBe(true));

      expect(json).toBe(`before é,${JSON.stringify(value)};`);
    }),
    MANY_RUNS,
  );
});

test.each(['\ud800', '\udc00', '\udc00\ud800', '\ud83d'])(
  'a text with %j, half of a pair, is refused at any length, and nothing of it is written',
  (half) => {
    fc.assert(
      fc.property(capacity, text, fc.constantFrom('a', '"', 'é'), (size, before, after) => {
        const json = written(size, (out) => expect(out.jsonString(`${before}${half}${after}`)).toBe(false));

        expect(json).toBe('before é,;');
      }),
      MANY_RUNS,
    );
  },
);

test('JSON in a string is what JSON.stringify makes of its text', () => {
  fc.assert(
    fc.property(capacity, fc.array(fc.oneof(text, fc.double())), (size, value) => {
      const json = JSON.stringify(value);

      expect(written(size, (out) => out.jsonInString(json))).toBe(`before é,${JSON.stringify(json)};`);
    }),
    MANY_RUNS,
  );
});

test('texts and bytes are written as they are', () => {
  fc.assert(
    fc.property(capacity, text, fc.stringMatching(/^[ -~]{0,80}$/), (size, any, ascii) => {
      const all = written(size, (out) => {
        out.text(any);
        out.ascii(ascii);
        out.bytes(Buffer.from(any));
      });

      expect(all).toBe(`before é,${any}${ascii}${any};`);
    }),
    MANY_RUNS,
  );
});

test('what is cut off is gone, and a copy stays as it was', () => {
  const out = new Utf8Writer(8);
  out.text('one,two');

  const copy = out.copy(4);
  out.cut(4);
  out.text('three');

  expect([out.toString(), out.length, String(copy)]).toEqual(['one,three', 9, 'two']);
});
