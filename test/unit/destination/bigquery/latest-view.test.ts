import { expect, test } from 'vitest';
import type { Published } from '../../../../src/snapshot/published.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { digestOf } from '../../../../src/value/digest.ts';
import { DATASET, failure, type Reply, startScriptedBigQuery } from '../../../support/bigquery/scripted-bigquery.ts';
import { kind } from '../../../support/vitest/kind.ts';

const TABLE = { name: 'orders', arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders', tableId: null };
const TABLES = `datasets/${DATASET.dataset}/tables`;
const LATEST = `${TABLES}/orders_latest`;
const ID = '20260304t050607z1f3a';
const NEXT: Published = { snapshotId: ID, floor: 1_772_600_000_000, streamLabel: 'label', generation: 1 };
const SNAPSHOT = { [`GET ${TABLES}/orders_snapshot_${ID}`]: { json: { type: 'TABLE' } } };

/** The view as Tailrace makes it on `published`, taken from what it sends. */
async function viewOn(published: Published, etag: string): Promise<Reply> {
  await using server = await startScriptedBigQuery({
    [`GET ${LATEST}`]: viewBefore(),
    ...SNAPSHOT,
    [`PATCH ${LATEST}`]: { json: {} },
  });
  await server.destination().publish(TABLE, published, unpublished(1));
  return { json: { type: 'VIEW', etag, ...(server.bodies(`PATCH ${LATEST}`)[0] as object) } };
}

const UNPUBLISHED_QUERY = 'SELECT 1';

/** A view whose description is that it stands on no snapshot. */
function viewBefore(changes: object = {}): Reply {
  return {
    json: {
      type: 'VIEW',
      etag: '"before"',
      description:
        'Current state.\n{"tailrace":"latest","snapshot_id":null,"floor":null,"stream_label":null,"generation":1}',
      view: { query: UNPUBLISHED_QUERY },
      labels: { tailrace_query: digestOf(UNPUBLISHED_QUERY) },
      ...changes,
    },
  };
}

test('the view, what it stands on and its digest are swapped in one request, under the etag that was read', async () => {
  await using server = await startScriptedBigQuery({
    [`GET ${LATEST}`]: viewBefore(),
    ...SNAPSHOT,
    [`PATCH ${LATEST}`]: { json: {} },
  });

  await server.destination().publish(TABLE, NEXT, unpublished(1));

  const patch = server.requests.find(({ method }) => method === 'PATCH');
  expect(patch?.headers['if-match']).toBe('"before"');
  expect(JSON.parse(patch?.body ?? '')).toMatchObject({
    view: { query: expect.stringContaining(`my-project.shop.orders_snapshot_${ID}`), useLegacySql: false },
    description: expect.stringContaining(`"snapshot_id":"${ID}"`),
  });
});

test('a view that changed in between is not replaced', async () => {
  const other = { ...NEXT, floor: 1_772_600_000_001 };
  await using server = await startScriptedBigQuery({
    [`GET ${LATEST}`]: [viewBefore(), await viewOn(other, '"other"')],
    ...SNAPSHOT,
    [`PATCH ${LATEST}`]: failure(412, 'conditionNotMet'),
  });

  await expect(server.destination().publish(TABLE, NEXT, unpublished(1))).rejects.toMatchObject(
    kind('snapshot-superseded'),
  );
});

test('a swap whose answer was lost counts as done', async () => {
  await using server = await startScriptedBigQuery({
    [`GET ${LATEST}`]: [viewBefore(), await viewOn(NEXT, '"after"')],
    ...SNAPSHOT,
    [`PATCH ${LATEST}`]: [{ json: {}, fault: 'cut-response' }, failure(412, 'conditionNotMet')],
  });

  await server.destination().publish(TABLE, NEXT, unpublished(1));

  expect(server.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(2);
});

test.each([
  ['its statement', { view: { query: 'SELECT 2' } }, 'was edited by hand'],
  ['its description', { description: 'Ask Bob' }, "isn't the view that Tailrace made"],
  ['a table of its name', { type: 'TABLE' }, "isn't the view that Tailrace made"],
])('a view that someone edited is named and left as it is: %s', async (_name, changes, words) => {
  await using server = await startScriptedBigQuery({ [`GET ${LATEST}`]: viewBefore(changes) });
  const destination = server.destination();

  for (const attempt of [destination.publish(TABLE, NEXT, unpublished(1)), destination.published(TABLE)]) {
    await expect(attempt).rejects.toMatchObject({
      ...kind('destination-conflict'),
      message: expect.stringContaining(`my-project.shop.orders_latest ${words}`),
      remedy: expect.stringContaining('Drop orders_latest'),
    });
  }
});

test('the published state is read back from the view', async () => {
  await using server = await startScriptedBigQuery({ [`GET ${LATEST}`]: await viewOn(NEXT, '"after"') });

  expect(await server.destination().published(TABLE)).toEqual(NEXT);
});
