import { expect, test } from 'vitest';
import { DATASET, failure, startScriptedBigQuery } from '../../../support/bigquery/scripted-bigquery.ts';
import { SHOP } from '../../../support/values/shop.ts';
import { kind } from '../../../support/vitest/kind.ts';

const DATASET_FOUND = { [`GET datasets/${DATASET.dataset}`]: { json: { location: 'EU' } } };
const ALL = { share: 1, salt: '' };

const overCap = { reason: 'bytesBilledLimitExceeded', message: 'Query exceeded limit for bytes billed' };

test.for([
  ['at once', failure(500, overCap.reason, overCap.message)],
  ['by its job', { json: { status: { state: 'DONE', errorResult: overCap, errors: [overCap] } } }],
] as const)(
  'shapes that BigQuery refuses %s for their bytes are not read, and not asked for again',
  async ([, reply]) => {
    await using server = await startScriptedBigQuery({ ...DATASET_FOUND, 'POST jobs': reply });

    expect(await server.destination().itemShapes(SHOP, ALL)).toEqual({ isRead: false, maxBytes: 10_000_000_000 });

    expect(server.bodies('POST jobs')).toMatchObject([
      { configuration: { query: { maximumBytesBilled: '10000000000', query: expect.stringContaining('`shape`') } } },
    ]);
  },
);

test('shapes that BigQuery refuses for another reason are an error', async () => {
  await using server = await startScriptedBigQuery({ ...DATASET_FOUND, 'POST jobs': failure(400, 'invalidQuery') });

  await expect(server.destination().itemShapes(SHOP, ALL)).rejects.toMatchObject(kind('destination-invalid'));
});
