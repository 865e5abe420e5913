import { declaredViews } from '../../../src/schema/declared-views.ts';
import { readSchema } from '../../../src/schema/read-schema.ts';
import { type ShownColumn, shownColumns, type TypedView } from '../../../src/schema/typed-view.ts';
import { HOSTILE_ATTRIBUTE_NAMES } from './hostile-names.ts';

/** Items, and which of them are in a view with a condition. */
export type WhereCase = {
  readonly of: string;
  readonly view: TypedView;
  /** JSON of items, and whether each is in the view. */
  readonly items: readonly (readonly [item: string, isIn: boolean])[];
};

/** Items, and the rows of a view of a list's elements. */
export type ElementCase = {
  readonly of: string;
  readonly view: TypedView;
  readonly items: readonly string[];
  /** Texts of the view's columns, in the order of the items and of the elements. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** Keys of the items with values that don't fit, a list for each declared column. */
  readonly misfits: readonly (readonly string[])[];
};

/** The items of a case, with their places as the attribute `id`. */
export function numbered({ items }: WhereCase): readonly string[] {
  return items.map(([item], id) => `{"id":"${id}"${item === '{}' ? '}' : `,${item.slice(1)}`}`);
}

/** The columns of a view, without the last change, with which it ends. */
export function columnsOf(view: TypedView): readonly ShownColumn[] {
  return shownColumns(view).filter(({ name }) => name !== 'changed_at' && name !== 'position');
}

/** Rows in an order that no warehouse decides. */
export function sorted<T>(rows: readonly T[]): readonly T[] {
  return rows.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

/** The only view of kinds or elements that a schema declares. */
function viewOf(view: object): TypedView {
  const columns = [{ name: 'id', type: 'STRING' }];
  const schema = readSchema(JSON.stringify({ views: [{ name: 'kind', columns, ...view }] }), 'schemas/Orders.json');
  const [declared] = declaredViews(schema, 'Orders', []);
  if (declared === undefined) throw new Error('There is no view');
  return declared;
}

const whereCase = (of: string, where: unknown, items: WhereCase['items']): WhereCase => ({
  of,
  view: viewOf({ where }),
  items,
});

const IN_PAYLOAD = ['p', { json: true }, 'n'];
const payload = (json: string) => JSON.stringify({ p: json });

/** Texts that mean something to a pattern, a quoting rule or LIKE. */
const HOSTILE = [
  "it's",
  '"',
  '\\',
  '%',
  '_',
  '.*',
  '\n',
  '$',
  '`',
  'é',
  '😀',
  '\u0001',
  '--',
  '[a]',
  '\\1',
  'null',
  'true',
];

export const WHERE_CASES: readonly WhereCase[] = [
  whereCase('a prefix', { path: 'PK', prefix: 'A#' }, [
    ['{"PK":"A#1"}', true],
    ['{"PK":"A#"}', true],
    ['{"PK":"a#1"}', false],
    ['{"PK":"A"}', false],
    ['{"PK":"xA#"}', false],
    ['{"PK":5}', false],
    ['{"PK":null}', false],
    ['{"PK":["A#"]}', false],
    ['{"PK":{"A#":1}}', false],
    ['{}', false],
  ]),
  whereCase('a text', { path: ['a', 'type'], equals: 'invoice' }, [
    ['{"a":{"type":"invoice"}}', true],
    ['{"a":{"type":"invoices"}}', false],
    ['{"a":{"type":"Invoice"}}', false],
    ['{"a":["invoice"]}', false],
    ['{"a.type":"invoice"}', false],
    ['{"a":null}', false],
    ['{}', false],
  ]),
  whereCase('the empty text', { path: 'a', equals: '' }, [
    ['{"a":""}', true],
    ['{"a":" "}', false],
    ['{"a":null}', false],
    ['{}', false],
  ]),
  whereCase('a whole number', { path: 'n', equals: 1 }, [
    ['{"n":1}', true],
    ['{"n":"1"}', false],
    ['{"n":true}', false],
    ['{"n":-1}', false],
    ['{"n":[1]}', false],
    ['{}', false],
  ]),
  whereCase('a fraction', { path: 'n', equals: -0.25 }, [
    ['{"n":-0.25}', true],
    ['{"n":0.25}', false],
  ]),
  // DynamoDB's number, and its text, are one text in the JSON.
  whereCase('a number that is text', { path: 'n', equals: 0.00001 }, [
    ['{"n":"0.00001"}', true],
    ['{"n":0}', false],
  ]),
  whereCase('truth', { path: 'b', equals: true }, [
    ['{"b":true}', true],
    ['{"b":false}', false],
    ['{"b":"true"}', false],
    ['{"b":1}', false],
    ['{}', false],
  ]),
  whereCase('falsehood', { path: 'b', equals: false }, [
    ['{"b":false}', true],
    ['{"b":null}', false],
    ['{}', false],
  ]),
  whereCase('presence', { path: 'cart', exists: true }, [
    ['{"cart":{}}', true],
    ['{"cart":null}', true],
    ['{"cart":false}', true],
    ['{"Cart":1}', false],
    ['{}', false],
  ]),
  whereCase('absence', { path: ['cart', 0], exists: false }, [
    ['{"cart":[]}', true],
    ['{"cart":{"0":1}}', true],
    ['{"cart":[null]}', false],
    ['{}', true],
  ]),
  whereCase(
    'several',
    [
      { path: 'PK', prefix: 'A#' },
      { path: 'SK', prefix: 'B#' },
      { path: 'x', exists: false },
    ],
    [
      ['{"PK":"A#","SK":"B#"}', true],
      ['{"PK":"A#","SK":"B#","x":null}', false],
      ['{"PK":"A#","SK":"C#"}', false],
      ['{"PK":"B#","SK":"B#"}', false],
    ],
  ),
  whereCase('a whole number in JSON', { path: IN_PAYLOAD, equals: 12 }, [
    [payload('{"n":12}'), true],
    [payload('{"n":12.00}'), true],
    [payload('{"n":"12"}'), false],
    [payload('{"n":12.5}'), false],
    [payload('{"n":120}'), false],
    [payload('nope'), false],
    ['{"p":{"n":12}}', false],
  ]),
  whereCase('a fraction in JSON', { path: IN_PAYLOAD, equals: 1.5 }, [
    [payload('{"n":1.5}'), true],
    [payload('{"n":1.500}'), true],
    [payload('{"n":1.55}'), false],
    [payload('{"n":15}'), false],
  ]),
  whereCase('presence in JSON', { path: IN_PAYLOAD, exists: true }, [
    [payload('{"n":null}'), true],
    [payload('{}'), false],
    [payload('nope'), false],
    ['{}', false],
  ]),
  whereCase('absence in JSON', { path: IN_PAYLOAD, exists: false }, [
    [payload('{"n":null}'), false],
    [payload('nope'), true],
    ['{}', true],
  ]),
  ...HOSTILE.flatMap((text) => [
    whereCase(`the text ${JSON.stringify(text)}`, { path: text, equals: text }, [
      [JSON.stringify({ [text]: text }), true],
      [JSON.stringify({ [text]: `${text}x` }), false],
      [JSON.stringify({ [`${text}x`]: text }), false],
    ]),
    whereCase(`the prefix ${JSON.stringify(text)}`, { path: text, prefix: text }, [
      [JSON.stringify({ [text]: `${text}x` }), true],
      [JSON.stringify({ [text]: `x${text}` }), false],
    ]),
  ]),
];

const EACH = { each: true };

export const ELEMENT_CASES: readonly ElementCase[] = [
  {
    of: 'a list',
    view: viewOf({
      unnest: 'lines',
      columns: [
        { name: 'order_id', type: 'STRING', path: 'id' },
        { name: 'sku', type: 'STRING', path: ['lines', EACH, 'sku'] },
        { name: 'quantity', type: 'INT64', path: ['lines', EACH, 'n'] },
        { name: 'tags', type: 'STRING', mode: 'REPEATED', path: ['lines', EACH, 'tags', EACH] },
        { name: 'all', type: 'INT64', mode: 'REPEATED', path: 'all' },
      ],
    }),
    items: [
      '{"id":"a","lines":[{"sku":"x","n":1,"tags":["u","v"]},{"sku":"y","n":"no"},{"tags":["u",null]}],"all":[1,2]}',
      '{"id":"b","lines":[]}',
      '{"id":"c","lines":{"0":{"sku":"x"}}}',
      '{"id":"d","lines":null}',
      '{"id":"e"}',
      '{"id":"f","lines":["text",null,5,[{"sku":"x"}]],"all":["x"]}',
      '{"id":{},"lines":[{"sku":"z","n":"2"}]}',
    ],
    rows: [
      ['a', 'x', '1', '["u","v"]', '["1","2"]', '0'],
      ['a', 'y', null, '[]', '["1","2"]', '1'],
      ['a', null, null, '[]', '["1","2"]', '2'],
      ['f', null, null, '[]', '[]', '0'],
      ['f', null, null, '[]', '[]', '1'],
      ['f', null, null, '[]', '[]', '2'],
      ['f', null, null, '[]', '[]', '3'],
      [null, 'z', '2', '[]', '[]', '0'],
    ],
    misfits: [['6'], [], ['0'], ['0'], ['5', '5', '5', '5']],
  },
  {
    of: 'a list of scalars',
    view: viewOf({
      unnest: ['tags'],
      columns: [
        { name: 'tag', type: 'STRING', path: ['tags', EACH] },
        { name: 'element', type: 'JSON', path: ['tags', EACH] },
        { name: 'place', type: 'STRING', path: 'id' },
      ],
    }),
    items: ['{"id":"a","tags":["x",1.5,null,{}]}'],
    rows: [
      ['x', '"x"', 'a', '0'],
      ['1.5', '1.5', 'a', '1'],
      [null, 'null', 'a', '2'],
      [null, '{}', 'a', '3'],
    ],
    misfits: [['0'], [], []],
  },
  {
    of: 'a list in JSON in text, of some items',
    view: viewOf({
      unnest: ['p', { json: true }, 'lines'],
      where: { path: 'kind', equals: 'order' },
      columns: [
        { name: 'price', type: 'NUMERIC', path: ['p', { json: true }, 'lines', EACH, 'price'] },
        { name: 'index', type: 'STRING', path: 'kind' },
      ],
    }),
    items: [
      JSON.stringify({ kind: 'order', p: '{"lines":[{"price":1.10},{"price":"x"}]}' }),
      JSON.stringify({ kind: 'other', p: '{"lines":[{"price":1.10}]}' }),
      JSON.stringify({ kind: 'order', p: 'nope' }),
      JSON.stringify({ kind: 'order', p: '{}' }),
    ],
    rows: [
      ['1.1', 'order'],
      [null, 'order'],
    ],
    misfits: [['0'], []],
  },
  {
    of: 'a list, and nothing of its elements',
    view: viewOf({ unnest: 'a\n"b\'', columns: [{ name: 'id', type: 'STRING' }] }),
    items: [JSON.stringify({ id: 'x', 'a\n"b\'': [1, 2] })],
    rows: [
      ['x', '0'],
      ['x', '1'],
    ],
    misfits: [[]],
  },
  ...HOSTILE_ATTRIBUTE_NAMES.map((name): ElementCase => {
    const element = { [name]: 'right', [`${name}x`]: 'wrong' };
    return {
      of: `the list ${JSON.stringify(name.slice(0, 20))}`,
      view: viewOf({
        unnest: [name],
        columns: [
          { name: 'value', type: 'STRING', path: [name, EACH, name] },
          { name: 'in_text', type: 'STRING', path: [name, EACH, 'p', { json: true }, name] },
        ],
      }),
      items: [JSON.stringify({ [name]: [{ ...element, p: JSON.stringify(element) }], [`${name}x`]: [1] })],
      rows: [['right', 'right', '0']],
      misfits: [[], []],
    };
  }),
];
