import { describe, expect, test } from 'vitest';
import { columnFile, EACH, kindsFile, problemsOf, viewForm } from '../../support/values/schema-files.ts';

/** Pairs of conditions that no item meets, in any order. */
const CONTRADICTIONS = [
  [
    { path: 'k', prefix: 'o' },
    { path: 'k', equals: 'u' },
  ],
  [
    { path: 'k', prefix: 'ab' },
    { path: 'k', prefix: 'ac' },
  ],
  [
    { path: 'k', equals: 'true' },
    { path: 'k', equals: true },
  ],
  [
    { path: 'k', equals: 1 },
    { path: 'k', equals: 2 },
  ],
  [
    { path: 'k', equals: 1 },
    { path: 'k', prefix: 'a' },
  ],
  [
    { path: 'k', exists: false },
    { path: 'k', equals: 'u' },
  ],
  [
    { path: 'k', exists: false },
    { path: 'k', exists: true },
  ],
  [
    { path: 'x', exists: false },
    { path: ['x', { json: true }, 'y'], exists: true },
  ],
  [
    { path: 'x', equals: 1 },
    { path: ['x', 'y'], prefix: 'a' },
  ],
].flatMap(([one, other]) => [[one, other] as const, [other, one] as const]);

describe('a view of a schema file', () => {
  test.for<[string, object, readonly RegExp[]]>([
    ['a label that is none', { labels: { Team: 'shop' } }, [/^labels\.Team: expected a label: a lower-case/]],
    ['a label in upper case', { labels: { team: 'Shop' } }, [/^labels\.team: expected lower-case letters/]],
    [
      "Tailrace's own label",
      { labels: { tailrace_query: 'x' } },
      [/^labels: labels that begin with tailrace are Tailrace's own$/],
    ],
    [
      "another table's name",
      { table: 'Customers' },
      [/^table: the file is named for the table Orders, and says another$/],
    ],
    ['a view without a name', { views: [{ columns: [{ name: 'a', type: 'STRING' }] }] }, [/^views\[0\]\.name: /]],
    ...[
      'a-b',
      'é',
      'x'.repeat(301),
      'tailrace_x',
      'Orders_latest',
      'ORDERS_STATE',
      'o_changelog',
      'o_snapshot_x',
      '',
    ].map((name): [string, object, readonly RegExp[]] => [
      `the view ${name.slice(0, 20)}`,
      { views: [viewForm(name)] },
      [/^views\[0\]\.name: "/],
    ]),
    [
      'a name of the view of all items that is none',
      { name: 'a b', ...columnFile({}) },
      [/^name: "a b" isn't a view's name/],
    ],
    [
      'two views of one name',
      { views: [viewForm('v', { unnest: 'l' }), viewForm('V', { unnest: 'm' })] },
      [/^views\[1\]\.name: views\[0\] has this name, too: names are compared without case$/],
    ],
    [
      "a view of the table's own name",
      { ...columnFile({}), views: [viewForm('orders', { unnest: 'l' })] },
      [/^views\[0\]\.name: the view of all items has this name, too/],
    ],
    [
      'a view without columns',
      { views: [{ name: 'v', columns: [] }] },
      [/^views\[0\]\.columns: expected at least one column$/],
    ],
    [
      'a condition without a test',
      kindsFile({ path: 'PK' }),
      [/^views\[0\]\.where.*: expected exactly one of equals, prefix and exists$/],
    ],
    [
      'a condition of two tests',
      kindsFile({ path: 'PK', prefix: 'A', exists: true }),
      [/^views\[0\]\.where.*expected exactly one of/],
    ],
    ['an empty prefix', kindsFile({ path: 'PK', prefix: '' }), [/^views\[0\]\.where.*expected text that is not empty/]],
    [
      'a null',
      kindsFile({ path: 'PK', equals: null }),
      [/^views\[0\]\.where.*expected text, true, false, or a number/],
    ],
    [
      'a number of 17 digits',
      kindsFile({ path: 'n', equals: 0.30000000000000004 }),
      [/^views\[0\]\.where.*at most 15 digits/],
    ],
    ['a number of 16 digits', kindsFile({ path: 'n', equals: 2 ** 53 }), [/^views\[0\]\.where.*at most 15 digits/]],
    ['a number as a condition', kindsFile(5), [/^views\[0\]\.where: expected a condition, or a list of conditions$/]],
    ['a condition without a path', kindsFile({ exists: true }), [/^views\[0\]\.where\.path: expected text/]],
    [
      'a misspelt test',
      kindsFile([{ path: 'a', begins: 'x' }]),
      [/^views\[0\]\.where\[0\]: unrecognized key: "begins"$/, /^views\[0\]\.where\[0\]: expected exactly one of/],
    ],
    ['no condition', kindsFile([]), [/^views\[0\]\.where: expected a condition, or a list of conditions$/]],
    [
      'a condition of each',
      kindsFile({ path: ['a', EACH], equals: 1 }),
      [
        /^views\[0\]\.where\.path: expected the path of one value: it begins with the name of an attribute, and has no \{"each": true\}$/,
      ],
    ],
    [
      'the second condition wrong',
      kindsFile([
        { path: 'a', equals: 1 },
        { path: [0], equals: 1 },
      ]),
      [/^views\[0\]\.where\[1\]\.path: expected the path of one value/],
    ],
    [
      'a list of each',
      { views: [viewForm('v', { unnest: ['a', EACH] })] },
      [/^views\[0\]\.unnest: expected the path of one list/],
    ],
    [
      'a list that begins with an index',
      { views: [viewForm('v', { unnest: [0] })] },
      [/^views\[0\]\.unnest: expected the name of an attribute/],
    ],
    [
      'two views of one condition',
      kindsFile({ path: 'PK', prefix: 'A#' }, { path: 'PK', prefix: 'A#' }),
      [/^views\[1\]\.where: overlaps that of views\[0\]: an item would be in both$/],
    ],
    [
      'a prefix in a prefix',
      kindsFile({ path: 'PK', prefix: 'A#B' }, { path: 'PK', prefix: 'A#' }),
      [/^views\[1\]\.where: overlaps/],
    ],
    [
      'a value in a prefix',
      kindsFile({ path: 'PK', equals: 'A#1' }, { path: 'PK', prefix: 'A#' }),
      [/^views\[1\]\.where: overlaps/],
    ],
    [
      'presence and a value',
      kindsFile({ path: 't', exists: true }, { path: 't', equals: 1 }),
      [/^views\[1\]\.where: overlaps/],
    ],
    [
      'one of two conditions',
      kindsFile({ path: 'PK', prefix: 'A#' }, [
        { path: 'PK', prefix: 'A#' },
        { path: 'x', exists: true },
      ]),
      [/^views\[1\]\.where: overlaps/],
    ],
    [
      'presence of what a value lies in',
      kindsFile({ path: ['x', 'y'], equals: 1 }, { path: 'x', exists: true }),
      [/^views\[1\]\.where: overlaps/],
    ],
    [
      'absence of what a value would lie in',
      kindsFile({ path: 'x', exists: false }, { path: ['x', 'y'], exists: false }),
      [/^views\[1\]\.where: overlaps/],
    ],
    [
      'a scalar, and absence of members of it',
      kindsFile({ path: 'x', prefix: 'A' }, { path: ['x', 'y'], exists: false }),
      [/^views\[1\]\.where: overlaps/],
    ],
    [
      'more conditions, each of which the other view has in a wider form',
      kindsFile(
        [
          { path: 'x', prefix: 'A' },
          { path: 'y', exists: true },
        ],
        [
          { path: ['y', { json: true }, 'z'], equals: true },
          { path: 'x', equals: 'A1' },
        ],
      ),
      [/^views\[1\]\.where: overlaps/],
    ],
    ...CONTRADICTIONS.map(([one, other]): [string, object, readonly RegExp[]] => [
      `the conditions ${JSON.stringify(one)} and ${JSON.stringify(other)} of one view`,
      { views: [viewForm('v', { where: [one, other] }), viewForm('w', { where: one })] },
      [/^views\[0\]\.where\[1\]: contradicts views\[0\]\.where\[0\]: no item meets both$/],
    ]),
    [
      'a view of all items beside one',
      { views: [viewForm('v', { where: { path: 'x', exists: true } }), viewForm('w')] },
      [/^views\[1\]: overlaps that of views\[0\]/],
    ],
  ])('with %s is refused by name', ([, schema, problems]) => {
    expect(problemsOf(schema)).toEqual(problems.map((problem) => expect.stringMatching(problem)));
  });

  test.for<[string, ...unknown[]]>([
    [
      'kinds, one of which has a condition more on another attribute',
      { path: 'x', equals: 'A1' },
      [
        { path: 'x', prefix: 'A' },
        { path: 'y', exists: true },
      ],
    ],
    ['different attributes', { path: 'x', equals: 1 }, { path: 'y', equals: 1 }],
    ['different values', { path: 'x', equals: 1 }, { path: 'x', equals: '1' }, { path: 'x', equals: 2 }],
    ['a value and what lies beside it', { path: ['x', 'y'], equals: 1 }, { path: ['x', 'yy'], exists: true }],
    ['presence, and absence of a member', { path: 'x', exists: true }, { path: ['x', 'y'], exists: false }],
    [
      'a text, and absence in the JSON that it is',
      { path: 'x', prefix: '{' },
      { path: ['x', { json: true }, 'y'], exists: false },
    ],
    ['presence and absence', { path: 'x', exists: true }, { path: 'x', exists: false }],
    [
      'conditions of one view that some item can meet',
      [
        { path: 'x', prefix: 'a' },
        { path: 'x', prefix: 'ab' },
        { path: 'x', equals: 'abc' },
        { path: ['x', { json: true }, 'n'], equals: 1.5 },
        { path: ['x', { json: true }, 'n'], equals: '1.50' },
        { path: 'y', equals: 67.174118 },
        { path: 'y', prefix: '67' },
        { path: ['y', 'z'], exists: false },
      ],
    ],
  ])('may have %s', ([, ...wheres]) => {
    expect(problemsOf(kindsFile(...wheres))).toEqual([]);
  });

  test('names what is wrong between the right parts, whatever else is wrong', () => {
    expect(
      problemsOf({
        table: 'Customers',
        typo: 1,
        columns: [
          { name: 'a', type: 'X' },
          { name: 'A', type: 'STRING', path: ['l', EACH] },
        ],
        views: [
          { ...viewForm('v', { where: { path: 'PK', prefix: 'A#' } }), typo: 1 },
          viewForm('V', { where: { path: 'PK', prefix: 'B#' } }),
          viewForm('w', {
            where: { path: 'PK', prefix: 'B#1' },
            columns: [
              { name: 'x', type: 'Y' },
              { name: 'X', type: 'DATE', zone: 'UTC' },
            ],
          }),
          { name: 5, columns: [5] },
        ],
      }),
    ).toEqual(
      [
        /^columns\[0\]\.type: /,
        /^views\[0\]: unrecognized key: "typo"$/,
        /^views\[2\]\.columns\[0\]\.type: /,
        /^views\[3\]\.name: /,
        /^views\[3\]\.columns\[0\]: /,
        /^the file: unrecognized key: "typo"$/,
        /^table: the file is named for the table Orders/,
        /^columns\[1\]\.name and columns\[0\]\.name name the same column/,
        /^columns\[1\]\.path: \{"each": true\} gives many values/,
        /^views\[2\]\.columns\[1\]\.name and views\[2\]\.columns\[0\]\.name name the same column/,
        /^views\[2\]\.columns\[1\]\.zone: zone has no meaning for DATE/,
        /^views\[1\]\.name: views\[0\] has this name, too/,
        /^views\[2\]\.where: overlaps that of views\[1\]/,
      ].map((problem) => expect.stringMatching(problem)),
    );
  });
});
