import { expect, test } from 'vitest';
import { writeAnnotation } from '../../../../src/destination/annotation.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { digestOf } from '../../../../src/value/digest.ts';
import {
  DATASET,
  failure,
  type Reply,
  type Script,
  startScriptedBigQuery,
} from '../../../support/bigquery/scripted-bigquery.ts';
import { STORAGE, snapshotId } from '../../../support/values/shop.ts';
import { kind } from '../../../support/vitest/kind.ts';

const SOURCE = { name: 'orders', arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders', tableId: 'id-1' };
const ROOT = `datasets/${DATASET.dataset}/tables`;
const SNAPSHOT = `orders_snapshot_${snapshotId()}`;

const table = (comment: Parameters<typeof writeAnnotation>[0], rows = '0', buffered?: string): Reply => ({
  json: {
    type: 'TABLE',
    description: writeAnnotation(comment),
    numRows: rows,
    ...(buffered !== undefined && { streamingBuffer: { estimatedRows: buffered } }),
  },
});
const view = (comment: Parameters<typeof writeAnnotation>[0], query: string, digestedQuery = query): Reply => ({
  json: {
    type: 'VIEW',
    description: writeAnnotation(comment),
    view: { query },
    labels: { tailrace_query: digestOf(digestedQuery) },
  },
});

const FOUND = {
  [`GET ${ROOT}/orders_changelog`]: table(
    { of: 'changelog', source: SOURCE, seen: null, changelog: STORAGE },
    '10',
    '5',
  ),
  [`GET ${ROOT}/orders_state`]: view({ of: 'state', published: unpublished(1) }, 'SELECT 0'),
  [`GET ${ROOT}/orders_latest`]: view({ of: 'latest', tableName: 'orders' }, 'SELECT 1'),
  [`GET ${ROOT}/orders`]: view({ of: 'typed', tableName: 'orders' }, 'SELECT 2'),
  [`GET ${ROOT}/${SNAPSHOT}`]: table({ of: 'snapshot', tableName: 'orders', facts: null }, '4'),
  [`GET ${ROOT}/tailrace_load_1`]: table({ of: 'load', tableName: 'orders' }, '2'),
  [`GET ${ROOT}/tailrace_load_2`]: table({ of: 'load', tableName: 'carts' }, '2'),
  [`GET ${ROOT}/tailrace_compare_1`]: table({ of: 'comparison', tableName: 'orders', createdAt: 1 }, '3'),
  [`GET ${ROOT}/tailrace_compare_2`]: table({ of: 'comparison', tableName: 'carts', createdAt: 1 }, '3'),
  [`GET ${ROOT}/tailrace_snapshots`]: table({ of: 'ledger' }, '2'),
} satisfies Script;

const listed = (...ids: readonly string[]): Script => ({
  [`GET ${ROOT}`]: { json: { tables: ids.map((tableId) => ({ tableReference: { tableId } })) } },
});
const ALL = ['carts_changelog', ...Object.keys(FOUND).map((on) => on.split('/').at(-1) ?? '')];

test('a table’s objects are found by their descriptions; rows in the streaming buffer are estimated', async () => {
  await using server = await startScriptedBigQuery({ ...FOUND, ...listed(...ALL) });

  expect(await server.destination().ownedObjects('orders')).toEqual({
    objects: [
      { name: 'orders', kind: 'view', rows: null },
      { name: 'orders_latest', kind: 'view', rows: null },
      { name: 'orders_state', kind: 'view', rows: null },
      { name: SNAPSHOT, kind: 'table', rows: 4 },
      { name: 'tailrace_load_1', kind: 'table', rows: 2 },
      { name: 'tailrace_compare_1', kind: 'table', rows: 3 },
      { name: 'orders_changelog', kind: 'table', rows: 15 },
    ],
    left: [],
    hasLedger: true,
  });
});

test('a ledger of another version goes with the last table of that version', async () => {
  const older = (name: string) =>
    table({ of: 'changelog', source: { ...SOURCE, name }, seen: null, changelog: null }, '1');
  const LEDGER = `GET ${ROOT}/tailrace_snapshots`;
  const DROP = `DELETE ${ROOT}/tailrace_snapshots`;
  const script = {
    [`GET ${ROOT}/orders_changelog`]: older('orders'),
    [`GET ${ROOT}/carts_changelog`]: older('carts'),
    [LEDGER]: table({ of: 'ledger', isOther: true }, '2'),
    [DROP]: { json: {} },
  };
  const ledger = { name: 'tailrace_snapshots', kind: 'table', rows: 2 } as const;

  await using both = await startScriptedBigQuery({
    ...script,
    ...listed('orders_changelog', 'carts_changelog', 'tailrace_snapshots'),
  });
  expect(await both.destination().ownedObjects('orders')).toMatchObject({
    objects: [{ name: 'orders_changelog' }],
    hasLedger: false,
  });
  await expect(both.destination().dropObject('orders', ledger)).rejects.toMatchObject(kind('destination-conflict'));

  await using last = await startScriptedBigQuery({ ...script, ...listed('orders_changelog', 'tailrace_snapshots') });
  const destination = last.destination();
  const { objects } = await destination.ownedObjects('orders');
  expect(objects).toMatchObject([ledger, { name: 'orders_changelog' }]);
  await destination.dropObject('orders', ledger);
  expect(last.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
});

test('a view that was edited by hand is left, and named', async () => {
  await using server = await startScriptedBigQuery({
    ...FOUND,
    [`GET ${ROOT}/orders_latest`]: view({ of: 'latest', tableName: 'orders' }, 'SELECT 1, 2', 'SELECT 1'),
    ...listed('orders_changelog', 'orders_latest'),
  });
  const destination = server.destination();

  const { objects, left } = await destination.ownedObjects('orders');

  expect(objects.map(({ name }) => name)).toEqual(['orders_changelog']);
  expect(left).toEqual(['orders_latest']);
  await expect(
    destination.dropObject('orders', { name: 'orders_latest', kind: 'view', rows: null }),
  ).rejects.toMatchObject(kind('destination-conflict'));
});

test('an object is checked again before it is dropped; a missing one is no error', async () => {
  await using server = await startScriptedBigQuery({
    [`GET ${ROOT}/${SNAPSHOT}`]: [FOUND[`GET ${ROOT}/${SNAPSHOT}`] ?? {}, failure(404, 'notFound')],
    [`DELETE ${ROOT}/${SNAPSHOT}`]: { json: {} },
  });
  const destination = server.destination();
  const snapshot = { name: SNAPSHOT, kind: 'table', rows: 4 } as const;

  await destination.dropObject('orders', snapshot);
  await destination.dropObject('orders', snapshot);

  expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'DELETE', 'GET']);
});
