import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isKind } from '../../../src/errors.ts';
import { readSchema } from '../../../src/schema/read-schema.ts';
import { jsonSchema } from '../../../src/schema/schema-form.ts';
import { RUNS } from '../../support/vitest/budget.ts';
import { kind } from '../../support/vitest/kind.ts';

const PATH = 'schemas/Orders.json';

/** The problems of a schema file, one by one; none if it is right. */
function problemsOf(schema: unknown): readonly string[] {
  try {
    readSchema(JSON.stringify(schema), PATH);
    return [];
  } catch (error) {
    if (!isKind(error, 'config-invalid') || !error.message.startsWith(`${PATH}: `)) throw error;
    return error.message.slice(PATH.length + 2).split('; ');
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const column = (parts: object) => ({ columns: [{ name: 'a', type: 'STRING', ...parts }] });

describe('a schema file', () => {
  test.for([[{}], [{ columns: [] }], [{ $schema: '../src/schema/schema.json' }]])(
    '%j declares no views',
    ([schema]) => {
      expect(readSchema(JSON.stringify(schema), PATH)).toEqual({
        name: null,
        labels: {},
        columns: [],
        views: [],
        ignore: [],
      });
    },
  );

  test('declares columns, each over the attribute of its name unless it has a path', () => {
    const schema = readSchema(
      JSON.stringify({
        columns: [
          { name: 'id', type: 'STRING', mode: 'NULLABLE', description: 'The order.' },
          { name: 'a_b', type: 'NUMERIC', path: 'a.b', cluster: true },
          { name: 'first_sku', type: 'STRING', path: ['lines', 0, 'sku'], cluster: false },
        ],
      }),
      PATH,
    );

    expect(schema.columns).toEqual([
      { name: 'id', type: 'STRING', description: 'The order.', path: ['id'], cluster: false },
      { name: 'a_b', type: 'NUMERIC', description: null, path: ['a.b'], cluster: true },
      { name: 'first_sku', type: 'STRING', description: null, path: ['lines', 0, 'sku'], cluster: false },
    ]);
  });

  test.for<[string, unknown, readonly RegExp[]]>([
    ['a list', [], [/^the file: .*expected object/]],
    ['an unknown field', { colums: [] }, [/^the file: unrecognized key: "colums"$/]],
    ["a column's unknown field", column({ formt: 'base64' }), [/^columns\[0\]: unrecognized key: "formt"$/]],
    ['no name', { columns: [{ type: 'JSON' }] }, [/^columns\[0\]\.name: .*expected string/]],
    ['no type', { columns: [{ name: 'a' }] }, [/^columns\[0\]\.type: expected one of STRING, INT64, .*JSON$/]],
    ["another product's word for a type", column({ type: 'INTEGER' }), [/^columns\[0\]\.type: expected one of STRING/]],
    ['a type in lower case', column({ type: 'string' }), [/^columns\[0\]\.type: expected one of STRING/]],
    [
      'REQUIRED',
      column({ mode: 'REQUIRED' }),
      [/^columns\[0\]\.mode: expected NULLABLE or REPEATED: a view can never promise/],
    ],
    ['an empty path', column({ path: [] }), [/^columns\[0\]\.path: expected text/]],
    ['a negative index', column({ path: ['a', -1] }), [/^columns\[0\]\.path(\[1\])?: expected text/]],
    ['half an index', column({ path: ['a', 0.5] }), [/^columns\[0\]\.path(\[1\])?: expected text/]],
    ['a path that is a number', column({ path: 5 }), [/^columns\[0\]\.path: expected text/]],
    ['a lone surrogate', column({ path: '\ud800' }), [/^columns\[0\]\.path: .*surrogate/]],
    ['NUL', column({ path: ['a', 'b\0'] }), [/^columns\[0\]\.path\[1\]: .*NUL/]],
    [
      'a cluster column that is neither true nor false',
      column({ cluster: 1 }),
      [/^columns\[0\]\.cluster: expected true/],
    ],
    ...['FLOAT64', 'JSON'].map((type): [string, unknown, readonly RegExp[]] => [
      `a cluster column of type ${type}`,
      column({ type, cluster: true }),
      [new RegExp(`^columns\\[0\\]\\.cluster: a table can't be clustered by ${type}, only by STRING, INT64, NUMERIC`)],
    ]),
    [
      'four cluster columns, each beyond the third named',
      { columns: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, type: 'DATE', cluster: name !== 'a' })) },
      [/^columns\[4\]\.cluster: at most 3 columns/],
    ],
    ['an endless description', column({ description: 'x'.repeat(1025) }), [/^columns\[0\]\.description: /]],
    [
      'many problems, each named',
      { columns: [{ name: 'a b', type: 'X' }, 5], x: 1 },
      [/^columns\[0\]\.name: "a b" isn't/, /^columns\[0\]\.type: /, /^columns\[1\]: /, /^the file: .*"x"/],
    ],
  ])('with %s is refused by name', ([, schema, problems]) => {
    expect(problemsOf(schema)).toEqual(problems.map((problem) => expect.stringMatching(problem)));
  });

  test.for([
    ['a name with a dot', 'a.b', "isn't a column's name"],
    ['a name beyond ASCII', 'é', "isn't a column's name"],
    ['a digit first', '1st', "isn't a column's name"],
    ['the empty name', '', "isn't a column's name"],
    ['a line end', 'a\n', "isn't a column's name"],
    ['400 characters', 'x'.repeat(400), 'has 400 characters'],
    ...['_TABLE_', '_FILE_x', '_PARTITIONTIME', '_partition', '_ROW_TIMESTAMP', '__ROOT__', '_ColIdentifier_1'].map(
      (name) => [`the reserved prefix of ${name}`, name, 'which BigQuery reserves'] as const,
    ),
  ] as const)('refuses %s as a column, and says how to have it', ([, name, problem]) => {
    const [first = '', ...others] = problemsOf({ columns: [{ name, type: 'STRING' }] });

    expect(first).toContain(problem);
    expect(first).toContain('give the column another name, and the attribute as path');
    expect(first.length).toBeLessThan(200);
    expect(others).toEqual([]);
    expect(problemsOf({ columns: [{ name: 'renamed', type: 'STRING', path: name }] })).toEqual([]);
  });

  test.for(['select', 'from', 'key', 'item', '_x', 'x'.repeat(300), '__proto__', 'constructor', 'toString'])(
    'takes %s as a column',
    (name) => {
      expect(problemsOf({ columns: [{ name, type: 'STRING' }] })).toEqual([]);
    },
  );

  test('names both of two columns that differ only in case, whatever else is wrong', () => {
    const named = (name: string, type = 'STRING') => ({ name, type });

    expect(problemsOf({ columns: [named('Name'), named('b'), named('name'), named('NAME')] })).toEqual([
      `columns[2].name and columns[0].name name the same column ("name" and "Name"): names are compared without case`,
      `columns[3].name and columns[0].name name the same column ("NAME" and "Name"): names are compared without case`,
    ]);
    expect(problemsOf({ columns: [named('a', 'X'), {}, named('A')] }).at(-1)).toContain(
      'columns[2].name and columns[0]',
    );
  });

  test('names what stands twice in one object, and where, rather than taking the last', () => {
    const json = [
      '{ "columns": [{ "name": "a", "type": "STRING" },',
      '  { "name": "b", "type": "JSON",',
      '    "type": "STRING" }], "columns": [] }',
    ].join('\n');

    expect(() => readSchema(json, PATH)).toThrow(
      `${PATH}: line 3: "type" stands twice in its object; line 3: "columns" stands twice in its object`,
    );
  });

  const fileWith = (equals: string) =>
    `{"views": [{"name": "v", "columns": [{"name": "a", "type": "STRING"}],\n"where": {"path": "n", "equals": ${equals}}}]}`;

  test.for(['1.0000000000000001', '0.30000000000000001', '-0.30000000000000001', '1e-401', '99999999999999.99999'])(
    'refuses to compare with %s, which JavaScript takes for another number',
    (written) => {
      expect(() => readSchema(fileWith(written), PATH)).toThrow(
        /^schemas\/\w+\.json: line 2: views\[0\]\.where\.equals: expected text, true, false, or a number of at most 15 digits$/,
      );
    },
  );

  test.for([
    ['1.50', 1.5],
    ['1e3', 1000],
    ['-0.0', -0],
    ['123456789.012345', 123456789.012345],
  ] as const)('compares with %s as the number that it is', ([written, equals]) => {
    expect(readSchema(fileWith(written), PATH).views[0]?.where).toEqual([{ path: ['n'], equals }]);
  });

  test('refuses an index and a label that reading would lose', () => {
    const column = '{"name": "a", "type": "STRING", "path": ["l", 0.99999999999999999999]}';

    expect(() => readSchema(`{"labels": {"__proto__": "x"},\n"columns": [${column}]}`, PATH)).toThrow(
      `${PATH}: line 2: columns[0].path[1]: expected a whole number; line 1: labels.__proto__: expected a label: a lower-case`,
    );
  });

  test.for([
    ['', 'line 1, column 1: a value is missing'],
    ['{', 'line 1, column 2: a } is missing'],
    ['{\n  "columns": [],\n}\n', 'line 3, column 1: a name in double quotes is missing, or the comma before it'],
    ['{\r\n"columns": [\r\n\t{},\r\n]}', 'line 4, column 1: a value is missing, or the comma before it'],
    ['{\n  "columns": [{}\n  {}]\n}', 'line 3, column 3: a comma is missing'],
    ['{"$schema" "x"}', 'line 1, column 12: a colon is missing after the name'],
    ["{\n'columns': []}", 'line 2, column 1: this is not a value of JSON'],
    ['{\ncolumns: []}', 'line 2, column 1: this is not a value of JSON'],
    ['// comment\n{}', 'line 1, column 1: JSON has no comments'],
    ['{}\n/* comment */', 'line 2, column 1: JSON has no comments'],
    ['{"columns": undefined}', 'line 1, column 13: this is not a value of JSON'],
    ['{"columns": [\n]', 'line 2, column 2: a } is missing'],
    ['{} {}', 'line 1, column 4: the value ends before this'],
    ['{"$schema": "a\n"}', 'line 1, column 13: '],
    ['{"$schema": "\\x"}', 'line 1, column 13: the text has an escape that JSON does not know'],
  ] as const)('%j is not JSON, and where is told', ([text, where]) => {
    expect(() => readSchema(text, PATH)).toThrow(`${PATH}: is not JSON at ${where}`);
    expect(() => readSchema(text, PATH)).toThrow(expect.objectContaining(kind('config-invalid')));
  });

  test('whatever is no JSON is refused with a line and a column, and quotes nothing', () => {
    const json = JSON.stringify(
      { columns: [{ name: 'a', type: 'STRING', path: ['b', 0, 'é"\n'], cluster: false }] },
      null,
      2,
    );
    const damaged = fc
      .tuple(fc.nat(json.length), fc.nat(3), fc.string({ unit: 'binary', maxLength: 3 }))
      .map(([at, dropped, put]) => json.slice(0, at) + put + json.slice(at + dropped))
      .filter((text) => !isJson(text));

    fc.assert(
      fc.property(damaged, (text) => {
        expect(() => readSchema(text, PATH)).toThrow(
          expect.objectContaining({
            message: expect.stringMatching(/^schemas\/Orders\.json: is not JSON at line \d+, column \d+: [ -~]+$/),
          }),
        );
      }),
      RUNS,
    );
  });

  test('a problem of a file of several lines begins with its line', () => {
    const json = [
      '{',
      '  "columns": [',
      '    { "name": "a", "type": "STRING" },',
      '    {',
      '      "name": "b",',
      '      "type": "INTEGER",',
      '      "formt": "x"',
      '    },',
      '    { "name": "A",',
      '      "type": "JSON", "path": ["c",',
      '        -1] }',
      '  ],',
      '  "view": []',
      '}',
    ].join('\n');

    expect(() => readSchema(json, PATH)).toThrow(
      [
        `${PATH}: line 6: columns[1].type: expected one of STRING, INT64, FLOAT64, NUMERIC, BIGNUMERIC, BOOL, TIMESTAMP, DATE, DATETIME, TIME, BYTES, JSON`,
        'line 7: columns[1]: unrecognized key: "formt"',
        'line 11: columns[2].path[1]: expected text (one attribute of the item), or a list of names, indexes from 0, {"each": true} and {"json": true}',
        'line 13: the file: unrecognized key: "view"',
        'line 9: columns[2].name and columns[0].name name the same column ("A" and "a"): names are compared without case',
      ].join('; '),
    );
  });
});

test('schema.json, for editors, is what is checked', async () => {
  const published = await readFile(new URL('../../../src/schema/schema.json', import.meta.url), 'utf8');

  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(jsonSchema())));
});
