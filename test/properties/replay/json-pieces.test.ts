import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonPieces } from '../../../src/replay/text/json-pieces.ts';
import type { Piece } from '../../../src/replay/text/piece.ts';
import { UnreadableText } from '../../../src/replay/text/piece.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const LIST = 'Records';

/** Everything that text gives, read in chunks that end wherever `cuts` say. */
function piecesOf(text: string | Uint8Array, cuts: readonly number[] = []): readonly Piece[] {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const reader = new JsonPieces(new Set([LIST]));
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const found: Piece[] = [];
  let from = 0;
  for (const end of ends) {
    // A copy: the reader may reuse its memory.
    found.push(...reader.push(Uint8Array.from(bytes.subarray(from, end))));
    from = end;
  }
  return [...found, ...reader.end()];
}

/** What pieces come to once their lists are put together again. */
function joined(pieces: readonly Piece[]): unknown[] {
  const outer: unknown[] = [];
  let list: unknown[] = [];
  for (const { value, list: name, lists } of pieces) {
    if (name === LIST) list.push(value);
    else if (lists.length > 0) {
      outer.push({ ...(value as object), [LIST]: list });
      list = [];
    } else outer.push(value);
  }
  return outer;
}

const cuts = fc.array(fc.nat(), { maxLength: 12 });
const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\\"', '{"Records":[', '\u2028', '😀', '\ud83d', 'é', '\ufeff', ']}', ','),
);
/**
 * Names that JSON writes as they stand: of others Node's own JSON.parse mistakes some, so that a comparison with it fails.
 * Source: <https://github.com/nodejs/node/issues/63785>
 */
const name = text.filter((name) => name !== LIST && JSON.stringify(name) === `"${name}"`);
/** Objects and lists that hold no list of the name on the outside. */
const inner = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;
const object = fc.dictionary(name, inner, { maxKeys: 4, noNullPrototype: true });
const withList = fc
  .tuple(
    object,
    fc.array(
      inner.filter((value) => !Array.isArray(value)),
      { maxLength: 4 },
    ),
  )
  .map(([rest, list]) => ({ ...rest, [LIST]: list }));
const spaced = (value: unknown, indent: number) => JSON.stringify(value, null, indent);

test('values that follow each other are what JSON.parse makes of each, wherever chunks end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.oneof(object, withList, text), fc.nat(2), blank), { maxLength: 5 }),
      cuts,
      (values, cuts) => {
        const texts = values.map(([value, indent]) => spaced(value, indent));
        const whole = texts.map((one, index) => `${one}${values[index]?.[2]}`).join('');

        expect(joined(piecesOf(whole, cuts))).toEqual(texts.map((one) => JSON.parse(one)));
      },
    ),
    RUNS,
  );
});

test.each(['"', '\\', '{"Records":[', '\ud83d', '\n'])(
  'a name that JSON writes as an escape ends where it ends: %j',
  (name) => {
    const whole = JSON.stringify({ [name]: 1, [LIST]: [{ [name]: 2 }] });
    expect(joined(piecesOf(whole, [3, 9]))).toEqual([{ [name]: 1, [LIST]: [{ [name]: 2 }] }]);
  },
);

test('the elements of a list on the outside are given one by one, with their places', () => {
  fc.assert(
    fc.property(fc.array(object, { minLength: 1 }), fc.nat(2), cuts, (list, indent, cuts) => {
      const whole = spaced(list, indent);
      const pieces = piecesOf(whole, cuts);

      expect(pieces.map(({ value }) => value)).toEqual(JSON.parse(whole));
      expect(pieces.map(({ list, index }) => [list, index])).toEqual(list.map((_, index) => ['', index]));
      expect(new Set(pieces.map(({ group: batch }) => batch)).size).toBe(1);
    }),
    RUNS,
  );
});

test('text that JSON.parse refuses is refused, cut off or damaged, and nothing of it is quoted', () => {
  fc.assert(
    fc.property(
      fc.oneof(object, withList),
      fc.nat(),
      fc.constantFrom('', ',', '}', ']', '"', 'planted'),
      cuts,
      (value, at, put, cuts) => {
        const whole = JSON.stringify(value);
        const place = at % whole.length;
        const damaged = put === '' ? whole.slice(0, place) : whole.slice(0, place) + put + whole.slice(place);
        fc.pre(damaged !== '' && !isJson(damaged) && !isSequence(damaged));

        const failure = errorOf(() => piecesOf(damaged, cuts));

        expect(failure).toBeInstanceOf(UnreadableText);
        expect(String(failure)).not.toContain('planted');
      },
    ),
    RUNS,
  );
});

test('bytes that are no UTF-8 are refused within any value', () => {
  fc.assert(
    fc.property(fc.oneof(object, withList), fc.nat(), cuts, (value, at, cuts) => {
      const bytes = Buffer.from(JSON.stringify({ ...value, text: 'text' }));
      const place = bytes.lastIndexOf('text') + (at % 4);

      expect(() =>
        piecesOf(Buffer.concat([bytes.subarray(0, place), Buffer.from([0xff]), bytes.subarray(place)]), cuts),
      ).toThrow('is not UTF-8 text');
    }),
    RUNS,
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether it is values of JSON, one after the other: from each place that some end at, each further one is tried. */
function isSequence(text: string): boolean {
  const ends = new Set([0]);
  // A set gives what is added to it on the way, too.
  for (const from of ends) {
    for (let to = from + 1; to <= text.length; to++) if (isJson(text.slice(from, to))) ends.add(to);
  }
  return ends.has(text.length);
}

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
