import { describe, expect, test } from 'vitest';
import { additionsTo } from '../../../../src/schema/infer/additions.ts';
import { inserted, insertionsOf } from '../../../../src/schema/infer/insert-json.ts';
import { printJson } from '../../../../src/schema/infer/print-json.ts';
import { readSchema } from '../../../../src/schema/read-schema.ts';
import { type PlainItem, proposalOf } from '../../../support/values/proposals.ts';

const CUSTOMER = { PK: 'CUSTOMER#1', SK: 'PROFILE', email: 'a@example.com', plan: 'x' };
const ORDER = { PK: 'CUSTOMER#1', SK: 'ORDER#1', total: 5, lines: [{ sku: 't' }] };

/** A schema file with what it lacks, and how much that was. */
function added(file: object | string, items: readonly PlainItem[], keys: readonly string[] = []) {
  const text = typeof file === 'string' ? file : JSON.stringify(file, null, 2);
  const proposal = proposalOf(items, keys);
  const lacking = (json: string) =>
    additionsTo(readSchema(json, 'Orders.json', 'Orders'), proposal, { keys, own: 'Orders' });
  const { columns, views } = lacking(text);
  const insertions = insertionsOf(text, [
    ...columns.map((list) => ({ at: list.at, values: list.added })),
    ...(views.length > 0 ? [{ at: ['views'], values: views }] : []),
  ]);
  const after = inserted(text, insertions);
  return { columns, views, after, again: lacking(after) };
}

const NOTHING = { columns: [], views: [] };

describe('what a file lacks', () => {
  test('is all of a proposal where there is nothing, and then nothing', () => {
    const { after, again } = added('{}', [CUSTOMER, ORDER]);

    expect(Object.keys(JSON.parse(after))).toEqual(['columns', 'views']);
    expect(again).toEqual(NOTHING);
  });

  test('is nothing of the proposal itself', () => {
    const items = [CUSTOMER, ORDER, { PK: 'x', legacy: 1 }];

    expect(added(printJson(proposalOf(items)), items).again).toEqual(NOTHING);
  });

  test('is no path that any column shows, by whatever name and type', () => {
    const file = { columns: [{ name: 'sum', type: 'STRING', path: 'total' }] };

    expect(added(file, [{ total: 5, paid: true }]).columns).toEqual([
      { at: ['columns'], added: [{ name: 'paid', type: 'BOOL', description: 'In the only item.' }] },
    ]);
  });

  test('is nothing inside of what a JSON column shows', () => {
    const file = { columns: [{ name: 'address', type: 'JSON' }] };

    expect(added(file, [{ address: { city: 'x', geo: { lat: 1 } } }])).toMatchObject(NOTHING);
    expect(added({ columns: [{ name: 'lines', type: 'JSON' }] }, [{ lines: [{ sku: 'x' }] }])).toMatchObject(NOTHING);
  });

  test('is no key, which every view shows by itself', () => {
    expect(added({ columns: [{ name: 'a', type: 'INT64' }] }, [{ id: 'x', a: 1 }], ['id'])).toMatchObject(NOTHING);
  });

  test('is a column of a view that has the kind, and a view of a kind that none has', () => {
    const file = {
      views: [
        {
          name: 'people',
          where: { path: 'SK', equals: 'PROFILE' },
          columns: [{ name: 'mail', type: 'STRING', path: 'email' }],
        },
      ],
    };

    const { columns, views, again } = added(file, [CUSTOMER, ORDER], ['PK', 'SK']);

    expect(columns).toMatchObject([{ at: ['views', 0, 'columns'], added: [{ name: 'plan' }] }]);
    expect(views.map(({ name }) => name)).toEqual(['Orders_order', 'Orders_order__lines']);
    expect(again).toEqual(NOTHING);
  });

  test('is no kind that a view of the file has a part of', () => {
    const file = {
      columns: [{ name: 'PK', type: 'STRING' }],
      views: [
        { name: 'all_orders', where: { path: 'total', exists: true }, columns: [{ name: 'total', type: 'INT64' }] },
      ],
    };

    const kinds = added(file, [CUSTOMER, ORDER], ['PK', 'SK']).views.filter(({ unnest }) => unnest === undefined);

    expect(kinds.flatMap(({ columns }) => columns.map(({ name }) => name))).toEqual(
      expect.not.arrayContaining(['total']),
    );
  });

  test('goes to the view that shows the kind already, where a person has cut the kinds by another attribute', () => {
    const items = [1, 2, 3].flatMap((n) => [
      { PK: `ORDER#${n}`, type: 'order', total: n, note: 'x' },
      { PK: `USER#${n}`, type: 'user', mail: `m${n}`, plan: 'p' },
    ]);
    const orders = {
      name: 'sales',
      where: { path: 'PK', prefix: 'ORDER#' },
      columns: [{ name: 'total', type: 'INT64' }],
    };
    const users = {
      name: 'users',
      where: { path: 'PK', prefix: 'USER#' },
      columns: [{ name: 'mail', type: 'STRING' }],
    };
    const namesOf = (columns: ReturnType<typeof added>['columns']) =>
      columns.map(({ at, added }) => [at.join('.'), ...added.map(({ name }) => name)]);

    const both = added({ columns: [{ name: 'type', type: 'STRING' }], views: [orders, users] }, items, ['PK']);
    expect(
      namesOf(both.columns)
        .filter(([at]) => at === 'views.0.columns')
        .flat(),
    ).not.toContain('plan');
    expect(namesOf(both.columns).flat()).toEqual(expect.arrayContaining(['note', 'plan']));
    expect(both.again).toEqual(NOTHING);

    const one = added({ columns: [{ name: 'type', type: 'STRING' }], views: [orders] }, items, ['PK']);
    expect(namesOf(one.columns).flat()).not.toContain('mail');
    expect(one.views.flatMap(({ columns }) => columns.map(({ name }) => name))).toEqual(
      expect.arrayContaining(['mail', 'plan']),
    );
    expect(one.again).toEqual(NOTHING);
  });

  test('has names that the file does not have', () => {
    const file = { columns: [{ name: 'Total', type: 'STRING', path: 'x' }], views: [] };

    expect(added(file, [{ total: 5 }]).columns[0]?.added).toMatchObject([{ name: 'total_2', path: 'total' }]);
  });
});

describe('the text of a file', () => {
  test('stays as it is, but for what is behind the last of a list', () => {
    const file = '{\r\n\t"columns": [\r\n\t\t{ "type":"STRING",   "name":"id" }\r\n\t],\r\n\t"labels": {}\r\n}\r\n';

    const { after } = added(file, [{ id: 'x', city: { name: 'y' } }]);

    expect(after).toBe(
      '{\r\n\t"columns": [\r\n\t\t{ "type":"STRING",   "name":"id" },\r\n\t\t{\r\n\t\t\t"name": "city_name",\r\n' +
        '\t\t\t"type": "STRING",\r\n\t\t\t"path": ["city", "name"],\r\n\t\t\t"description": "In the only item."\r\n\t\t}\r\n' +
        '\t],\r\n\t"labels": {}\r\n}\r\n',
    );
  });

  test.each([
    '{}',
    '{"columns":[]}',
    '{"columns":[{"name":"b","type":"STRING"}],"labels":{}}',
    '{\n}\n',
    '{ "labels": {} }',
  ])('takes additions wherever its list is, or is not: %s', (file) => {
    const { after, again } = added(file, [{ a: 1, b: 'x' }]);

    expect(JSON.parse(after)).toMatchObject({ ...JSON.parse(file), columns: expect.anything() });
    expect(again).toEqual(NOTHING);
  });
});
