import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance } from '../../../src/schema/edit-distance.ts';
import { likeliestName, likeliestPath } from '../../../src/schema/likeliest-path.ts';
import type { Path } from '../../../src/schema/path.ts';
import { pathsOfShapes } from '../../../src/schema/shape-paths.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const ITEM = {
  id: 1,
  email: '',
  createdAt: '',
  total_amount: 1,
  'utm.source': '',
  address: { city: '', street: { name: '', number: 1 } },
  lines: [{ sku: '', quantity: 1 }],
  tags: ['a'],
  page: 1,
};

/** The paths of an item, as its shape gives them. */
function known(item: unknown) {
  const paths: Path[] = [];
  const visit = (value: unknown, path: Path) => {
    if (path.length > 0) paths.push(path);
    if (Array.isArray(value)) {
      if (typeof value[0] === 'object') visit(value[0], [...path, 0]);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) visit(inner, [...path, name]);
    }
  };
  visit(item, []);
  return paths.map((path) => ({ path, items: 1 }));
}

const near = (...path: Path) => ({ how: 'near', path });
const inside = (...path: Path) => ({ how: 'inside', path });

describe('the likeliest path', () => {
  test.for<[Path, ReturnType<typeof near> | ReturnType<typeof inside> | undefined]>([
    [['emial'], near('email')],
    [['Email'], near('email')],
    [['e-mail'], near('email')],
    [['mail'], near('email')],
    [['emails'], near('email')],
    [['created_at'], near('createdAt')],
    [['CREATEDAT'], near('createdAt')],
    [['totalAmount'], near('total_amount')],
    [['utm', 'source'], near('utm.source')],
    [['utm_source'], near('utm.source')],
    [['address.city'], inside('address', 'city')],
    [['Address.City'], inside('address', 'city')],
    [['address.street.name'], inside('address', 'street', 'name')],
    [['lines[0].sku'], inside('lines', 0, 'sku')],
    [['lines.0.sku'], inside('lines', 0, 'sku')],
    [['lines.sku'], near('lines', 0, 'sku')],
    [['lines', 'sku'], near('lines', 0, 'sku')],
    [['lines', 7, 'sku'], near('lines', 0, 'sku')],
    [['lines', 0, 'sqku'], near('lines', 0, 'sku')],
    [['adress.city'], near('address', 'city')],
    [['address', 'ctiy'], near('address', 'city')],
    [['city'], near('address', 'city')],
    [['addr', 'city'], near('address', 'city')],
    [['tag', 0], near('tags', 0)],
    [['nickname'], undefined],
    [['pk'], undefined],
    [[''], undefined],
    [['*'], undefined],
    [[0], undefined],
  ])('to %j is %j', ([wanted, expected]) => {
    expect(likeliestPath(wanted, known(ITEM))).toEqual(expected);
  });

  test('of two that are as near is the one that is written more alike, and then the one that more items have', () => {
    const two = (one: string, items: number, other: string) => [
      { path: [one], items },
      { path: [other], items: 5 },
    ];

    expect(likeliestPath(['createdAtt'], two('created_at', 9, 'createdAt'))?.path).toEqual(['createdAt']);
    expect(likeliestPath(['catx'], two('cat1', 9, 'cat2'))?.path).toEqual(['cat1']);
    expect(likeliestPath(['catx'], two('cat1', 1, 'cat2'))?.path).toEqual(['cat2']);
  });

  test('is never the path itself', () => {
    expect(likeliestPath(['email'], known({ email: 1 }))).toBe(undefined);
    expect(likeliestName('id', ['id'])).toBe(undefined);
  });

  test('is none where no item has any name', () => {
    expect(likeliestPath(['email'], [])).toBe(undefined);
  });
});

describe('the paths of shapes', () => {
  test('count the items that have them', () => {
    expect(
      pathsOfShapes([
        { shape: '{"a":"b":[{"c":}{"c":"d":}]}', items: 3 },
        { shape: '{"a":', items: 2 },
      ]),
    ).toEqual([
      { path: ['a'], items: 5 },
      { path: ['b'], items: 3 },
      { path: ['b', 0], items: 3 },
      { path: ['b', 0, 'c'], items: 3 },
      { path: ['b', 0, 'd'], items: 3 },
    ]);
  });

  test.for(['', '{}', '[', '{"', '{"a', ']}', '{"a":]}{"b":}'])('of the broken shape %j throw nothing', (shape) => {
    expect(() => pathsOfShapes([{ shape, items: 1 }])).not.toThrow();
  });
});

describe('the distance of two texts', () => {
  test.for<[string, string, number]>([
    ['', '', 0],
    ['', 'abc', 3],
    ['email', 'emial', 1],
    ['email', 'email', 0],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['😀a', 'a😀', 1],
  ])('%j and %j is %d', ([from, to, edits]) => {
    expect(editDistance(from, to)).toBe(edits);
  });

  test('is the same both ways, and 0 of equals alone', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (from, to) => {
        expect(editDistance(from, to)).toBe(editDistance(to, from));
        expect(editDistance(from, to) === 0).toBe(from === to);
      }),
      RUNS,
    );
  });
});
