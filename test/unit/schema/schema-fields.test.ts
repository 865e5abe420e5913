import { describe, expect, test } from 'vitest';
import { readSchema } from '../../../src/schema/read-schema.ts';
import {
  columnFile,
  EACH,
  IN_JSON,
  kindsFile,
  linesFile,
  POLICY_TAG,
  problemsOf,
  SCHEMA_PATH,
  viewForm,
} from '../../support/values/schema-files.ts';

describe('a schema file', () => {
  test('declares views, conditions, lists, formats and parts', () => {
    const schema = readSchema(
      JSON.stringify({
        table: 'my-app.orders',
        name: 'orders',
        labels: { team: 'shop', 'cost-center': '' },
        columns: [
          { name: 'day', type: 'DATE', path: 'at', format: 'epoch_seconds', zone: 'Europe/Berlin', mode: 'NULLABLE' },
          { name: 'part', type: 'STRING', path: 'SK', split: { separator: '#', index: -1 }, policyTags: [POLICY_TAG] },
          { name: 'user', type: 'STRING', path: ['payload', IN_JSON, 'users', 0, 'id'] },
          { name: 'skus', type: 'STRING', mode: 'REPEATED', path: ['lines', EACH, 'sku'] },
        ],
        views: [
          viewForm('one', { where: { path: 'PK', prefix: 'A#' } }),
          viewForm('two', {
            where: [
              { path: ['x', 'y'], equals: 1.5 },
              { path: 'z', exists: false },
            ],
          }),
          viewForm('of_list', { unnest: ['payload', IN_JSON, 'lines'] }),
        ],
      }),
      SCHEMA_PATH,
      'my-app.orders',
    );

    const a = { name: 'a', type: 'STRING', description: null, path: ['a'], cluster: false };
    const rest = { description: null, cluster: false };
    expect(schema).toEqual({
      name: 'orders',
      labels: { team: 'shop', 'cost-center': '' },
      columns: [
        { name: 'day', type: 'DATE', path: ['at'], format: 'epoch_seconds', zone: 'Europe/Berlin', ...rest },
        {
          name: 'part',
          type: 'STRING',
          path: ['SK'],
          split: { separator: '#', index: -1 },
          policyTags: [POLICY_TAG],
          ...rest,
        },
        { name: 'user', type: 'STRING', path: ['payload', IN_JSON, 'users', 0, 'id'], ...rest },
        { name: 'skus', type: 'STRING', mode: 'REPEATED', path: ['lines', EACH, 'sku'], ...rest },
      ],
      views: [
        { name: 'one', where: [{ path: ['PK'], prefix: 'A#' }], unnest: null, columns: [a] },
        {
          name: 'two',
          where: [
            { path: ['x', 'y'], equals: 1.5 },
            { path: ['z'], exists: false },
          ],
          unnest: null,
          columns: [a],
        },
        { name: 'of_list', where: [], unnest: ['payload', IN_JSON, 'lines'], columns: [a] },
      ],
      ignore: [],
    });
  });

  test.for<[string, object]>([
    ...['TIMESTAMP', 'DATE', 'DATETIME'].flatMap((type) =>
      ['epoch_seconds', 'epoch_milliseconds', 'epoch_microseconds', 'iso8601', 'iso8601_nanoseconds'].map(
        (format): [string, object] => [
          `${format} as ${type}`,
          columnFile({ type, format, ...(type !== 'TIMESTAMP' && { zone: 'UTC' }) }),
        ],
      ),
    ),
    [
      'a local moment',
      columnFile({ type: 'TIMESTAMP', format: 'iso8601_local', zone: 'America/Argentina/Buenos_Aires' }),
    ],
    ['a local day', columnFile({ type: 'DATE', format: 'iso8601_local' })],
    ['a local time', columnFile({ type: 'DATETIME', format: 'iso8601_local' })],
    ['bytes', columnFile({ type: 'BYTES', format: 'base64' })],
    ['a list of each type but JSON', columnFile({ mode: 'REPEATED' })],
    ['each without a name behind it', columnFile({ mode: 'REPEATED', path: ['a', EACH] })],
    ['each in JSON in text', columnFile({ mode: 'REPEATED', path: ['a', IN_JSON, 'b', EACH, 'c', IN_JSON] })],
    [
      "a list's own JSON beside its elements",
      linesFile({ type: 'JSON', path: 'lines' }, { name: 'b', path: ['lines', EACH] }),
    ],
    ['a list in the elements of a list', linesFile({ mode: 'REPEATED', path: ['lines', EACH, 'tags', EACH] })],
    ['a list of the item beside elements', linesFile({ mode: 'REPEATED', path: ['tags', EACH] })],
    [
      'three cluster columns of one definition in two views',
      {
        columns: ['b', 'c', 'd'].map((name) => ({ name, type: 'STRING', cluster: true })),
        views: [
          {
            name: 'v',
            columns: [{ name: 'B', type: 'STRING', path: 'b', cluster: true }],
            where: { path: 'x', exists: true },
          },
        ],
      },
    ],
    [
      'the same tag twice',
      {
        columns: [{ name: 'b', type: 'STRING', policyTags: [POLICY_TAG] }],
        views: [{ name: 'v', columns: [{ name: 'b', type: 'STRING', policyTags: [POLICY_TAG] }] }],
      },
    ],
    ['prefixes that part', kindsFile({ path: 'PK', prefix: 'A#' }, { path: 'PK', prefix: 'B#' })],
    ['a value and another', kindsFile({ path: 't', equals: 'a' }, { path: 't', equals: 'b' })],
    ['a number and its text', kindsFile({ path: 't', equals: 1 }, { path: 't', equals: '1' })],
    ['a prefix and a value without it', kindsFile({ path: 't', prefix: 'ab' }, { path: 't', equals: 'a' })],
    ['a prefix and a number', kindsFile({ path: 't', prefix: '1' }, { path: 't', equals: 1 })],
    ['presence and absence', kindsFile({ path: 't', exists: true }, { path: 't', exists: false })],
    ['a value and absence', kindsFile({ path: 't', equals: 'a' }, { path: 't', exists: false })],
    [
      'different attributes, of which only the items can tell',
      kindsFile({ path: 'a', equals: 1 }, { path: 'b', equals: 1 }),
    ],
    [
      'one that parts among several',
      kindsFile(
        [
          { path: 'PK', prefix: 'A#' },
          { path: 'SK', prefix: 'X#' },
        ],
        [
          { path: 'PK', prefix: 'A#' },
          { path: 'SK', prefix: 'Y#' },
        ],
      ),
    ],
    [
      'a view of elements and one of items over one condition',
      {
        views: [
          viewForm('v', { where: { path: 'PK', prefix: 'A#' } }),
          viewForm('w', { where: { path: 'PK', prefix: 'A#' }, unnest: 'lines' }),
        ],
      },
    ],
    ["another table's own words", { name: 'orders_state_of_affairs', ...columnFile({}) }],
  ])('takes %s', ([, schema]) => {
    expect(problemsOf(schema)).toEqual([]);
  });
});
