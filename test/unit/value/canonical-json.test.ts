import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TailraceError } from '../../../src/errors.ts';
import { canonicalJson } from '../../../src/value/canonical-json.ts';
import { digestOf } from '../../../src/value/digest.ts';
import { item, plainNumber, type Spelling, spellItem, spellings } from '../../support/arbitraries.ts';
import { RUNS } from '../../support/budget.ts';

const encode = (value: unknown) => canonicalJson({ v: value }, 'NewImage');

describe('every type of attribute value', () => {
  test.each([
    [{ S: '' }, '""'],
    [{ S: 'c:\\Home "x"\n\u0000' }, '"c:\\\\Home \\"x\\"\\n\\u0000"'],
    [{ N: '1.50' }, '1.5'],
    [{ N: `${'9'.repeat(38)}${'0'.repeat(88)}` }, `"${'9'.repeat(38)}${'0'.repeat(88)}"`],
    [{ BOOL: true }, 'true'],
    [{ BOOL: false }, 'false'],
    [{ NULL: true }, 'null'],
    [{ NULL: false }, 'null'],
    [{ B: '' }, '""'],
    [{ B: 'AAEqQQ==' }, '"AAEqQQ=="'],
    [{ B: 'AAEqQR==' }, '"AAEqQQ=="'],
    [{ B: new Uint8Array([0, 1, 42, 65]) }, '"AAEqQQ=="'],
    [{ L: [] }, '[]'],
    [{ M: {} }, '{}'],
    [{ L: [{ S: 'x' }, { N: '1' }, { L: [{ NULL: true }] }] }, '["x",1,[null]]'],
    [{ M: { b: { N: '1' }, a: { S: 'x' } } }, '{"a":"x","b":1}'],
    [{ SS: ['b', 'a', 'B', '\\', '"', '\n', '#'] }, String.raw`["\n","\"","#","B","\\","a","b"]`],
    [{ SS: [''] }, '[""]'],
    [{ SS: [] }, '[]'],
    [{ NS: ['10', '9', '-1', '1E-130', '2.50'] }, `[-1,1e-130,2.5,9,10]`],
    [{ BS: ['QSoBAA==', new Uint8Array([0, 1, 42, 65])] }, '["AAEqQQ==","QSoBAA=="]'],
  ])('%j is %s', (value, json) => {
    expect(encode(value)).toBe(`{"v":${json}}`);
  });

  test('names are kept as they are, in code-unit order, whatever they mean to JavaScript', () => {
    const names = [
      'z',
      'a.b',
      '__proto__',
      'constructor',
      '10',
      '9',
      'toString',
      'é',
      '😀',
      '\uffee',
      'a"b',
      'a`b',
      '',
      'A',
      'a',
    ];
    const image = Object.fromEntries(names.map((name) => [name, { S: name }]));

    const text = canonicalJson(image, 'NewImage');

    expect(text).toBe(`{${names.toSorted().map((name) => `${JSON.stringify(name)}:${JSON.stringify(name)}`)}}`);
  });

  test('an item nested 32 deep is kept', () => {
    let value: unknown = { S: 'deep' };
    for (let level = 0; level < 31; level++) value = { M: { a: value } };

    expect(encode(value)).toBe(`{"v":${'{"a":'.repeat(31)}"deep"${'}'.repeat(31)}}`);
  });
});

describe('whatever is no attribute value is refused by its path', () => {
  test.each([
    [{ X: 1 }, 'NewImage.v'],
    [{}, 'NewImage.v'],
    [null, 'NewImage.v'],
    ['secret', 'NewImage.v'],
    [[], 'NewImage.v'],
    [{ S: 'secret', N: '1' }, 'NewImage.v'],
    [{ S: 7 }, 'NewImage.v'],
    [{ S: 'secret\ud800' }, 'NewImage.v'],
    [{ N: 7 }, 'NewImage.v'],
    [{ N: 'secret' }, 'NewImage.v'],
    [{ BOOL: 'secret' }, 'NewImage.v'],
    [{ NULL: 'secret' }, 'NewImage.v'],
    [{ B: 'secret!' }, 'NewImage.v'],
    [{ B: 7 }, 'NewImage.v'],
    [{ SS: 'secret' }, 'NewImage.v'],
    [{ SS: ['a', 7] }, 'NewImage.v[1]'],
    [{ NS: [1, 2] }, 'NewImage.v[0]'],
    [{ BS: ['AAAA', '='] }, 'NewImage.v[1]'],
    [{ L: { 0: { S: 'secret' } } }, 'NewImage.v'],
    [{ L: [{ S: 'a' }, { M: { b: { N: 'secret' } } }] }, 'NewImage.v[1].b'],
    [{ M: [] }, 'NewImage.v'],
    [{ M: { 'a.b': { S: null } } }, 'NewImage.v.a.b'],
    [{ M: { '\ud800': { S: 'secret' } } }, 'NewImage.v.\ufffd'],
  ])('%j at %s', (value, path) => {
    const error = thrownBy(() => encode(value));

    expect(error).toMatchObject({ kind: 'record-invalid', context: { path } });
    expect(error.message).toContain(path);
    expect(error.message).not.toContain('secret');
  });

  test('nesting without end, before the stack ends', () => {
    let value: unknown = { S: 'deep' };
    for (let level = 0; level < 100_000; level++) value = { L: [value] };

    expect(thrownBy(() => encode(value))).toMatchObject({ kind: 'record-invalid' });
  });

  test('total over garbage: anything at all is text or a named refusal', () => {
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom('S', 'N', 'M', 'L', 'SS', 'x', '__proto__'), maxDepth: 4 }),
        (garbage) => {
          try {
            JSON.parse(canonicalJson(garbage, 'NewImage'));
          } catch (error) {
            expect(error).toMatchObject({ kind: 'record-invalid' });
          }
        },
      ),
      RUNS,
    );
  });
});

test('equal items have equal texts and digests, whatever the server: number spelling, order of names and members, binary', () => {
  fc.assert(
    fc.property(item, fc.infiniteStream(fc.nat()), fc.gen(), (value, numbers, gen) => {
      const plain: Spelling = { number: plainNumber, binary: (bytes) => bytes, order: (members) => members };
      const other: Spelling = {
        number: (number) => gen(spellings, number),
        binary: (bytes) => Buffer.from(bytes).toString('base64'),
        order: (members) => shuffled(members, numbers),
      };

      const text = canonicalJson(spellItem(value, plain), 'Item');

      expect(canonicalJson(spellItem(value, other), 'Item')).toBe(text);
      expect(digestOf(text)).toMatch(/^[0-9a-f]{32}$/);
      // What a JSON engine takes and gives back is the same item.
      expect(() => JSON.parse(text)).not.toThrow();
    }),
    RUNS,
  );
});

function shuffled<T>(members: readonly T[], numbers: Iterator<number>): readonly T[] {
  return members
    .map((member) => ({ member, at: Number(numbers.next().value) }))
    .sort((a, b) => a.at - b.at)
    .map(({ member }) => member);
}

function thrownBy(act: () => unknown): TailraceError {
  try {
    act();
  } catch (error) {
    if (error instanceof TailraceError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
