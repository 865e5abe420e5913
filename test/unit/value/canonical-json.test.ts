import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TailraceError } from '../../../src/errors.ts';
import { canonicalJson } from '../../../src/value/canonical-json.ts';
import { digestOf } from '../../../src/value/digest.ts';
import {
  item,
  plainNumber,
  type Spelling,
  spellItem,
  spellings,
  type Value,
} from '../../support/values/arbitraries.ts';
import { canonicalModel } from '../../support/values/canonical-model.ts';
import { MANY_RUNS, RUNS } from '../../support/vitest/budget.ts';

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
    [
      { SS: Array.from({ length: 30 }, (_, index) => String.fromCharCode(126 - index)) },
      JSON.stringify([...'abcdefghijklmnopqrstuvwxyz{|}~']),
    ],
    [{ NS: ['-0.5', '-10', '-9.75', '-9.5', '0.05', '10.25', '10.3', '0'] }, `[-10,-9.75,-9.5,-0.5,0,0.05,10.25,10.3]`],
    [{ NS: ['10', '9', '-1', '1E-4', '2.50', '1E-5'] }, `[-1,"0.00001",0.0001,2.5,9,10]`],
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
    [{ SS: ['b', 'secret\ud800', 'a'] }, 'NewImage.v[1]'],
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

describe('whatever was written before', () => {
  const plain: Spelling = { number: plainNumber, binary: (bytes) => bytes, order: (members) => members };

  /** Maps of few names in many sequences, in each other, so that one goes the way of another and then leaves it. */
  const alike = fc.letrec<{ map: Extract<Value, { kind: 'map' }> }>((tie) => ({
    map: fc
      .uniqueArray(
        fc.tuple(
          fc.constantFrom('b', 'a', '', '__proto__', '10', '9', 'é', '"', '\uffee', '😀'),
          fc.oneof(
            { maxDepth: 2 },
            fc.constantFrom<Value>({ kind: 'null' }, { kind: 'text', text: 'x' }, { kind: 'bool', value: true }),
            tie('map'),
          ),
        ),
        { selector: ([name]) => name, maxLength: 5 },
      )
      .map((entries) => ({ kind: 'map', entries })),
  })).map;

  test('an item has the text that its definition gives it', () => {
    const refused = fc.constantFrom({ S: 'x' }, { a: { M: { b: { M: { c: {} } } } } }, { '\ud800': { S: 'x' } });
    fc.assert(
      fc.property(fc.array(fc.oneof(item, alike, refused), { minLength: 1, maxLength: 6 }), (items) => {
        for (const one of items) {
          if (!isValue(one)) expect(() => canonicalJson(one, 'Item')).toThrow('Item.');
          else expect(canonicalJson(spellItem(one, plain), 'Item')).toBe(canonicalModel(one));
        }
      }),
      MANY_RUNS,
    );
  });

  test('so have items of more names than are kept', () => {
    for (let of = 0; of < 20; of++) {
      const names = Array.from({ length: 1_000 }, (_, index) => `${(index * 7919) % 1_000}-${of}-${'n'.repeat(50)}`);
      const image = Object.fromEntries(names.map((name) => [name, { M: { [name]: { N: '1' } } }]));

      const text = canonicalJson(image, 'Item');

      expect(text).toBe(`{${names.sort().map((name) => `"${name}":{"${name}":1}`)}}`);
    }
  });

  test('a name is a property of its own only, whatever objects inherit', () => {
    const text = canonicalJson(JSON.parse('{"b":{"S":"x"},"__proto__":{"M":{"constructor":{"N":"1"}}}}'), 'Item');

    expect(text).toBe('{"__proto__":{"constructor":1},"b":"x"}');
  });
});

function isValue(one: object): one is Extract<Value, { kind: 'map' }> {
  return 'kind' in one;
}

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
