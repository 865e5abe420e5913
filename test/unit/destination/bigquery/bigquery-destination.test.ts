import { expect, test } from 'vitest';
import { loadName, objectNames } from '../../../../src/names/object-names.ts';
import { DATASET, failure, startScriptedBigQuery } from '../../../support/bigquery/scripted-bigquery.ts';
import { SHOP, snapshotId } from '../../../support/values/shop.ts';

const LOADED = `GET datasets/${DATASET.dataset}/tables/${loadName(snapshotId())}`;
const ON = `GET datasets/${DATASET.dataset}/tables/${objectNames(SHOP.name).snapshot(snapshotId())}`;

test.each([
  ['as BigQuery bills them, beyond 32 bits', { json: { type: 'TABLE', numBytes: '214748364800' } }, 214_748_364_800],
  ['of an empty one', { json: { type: 'TABLE', numBytes: '0' } }, 0],
  ['of a missing one: unknown', failure(404, 'notFound'), null],
  ['where the server counts none: unknown', { json: { type: 'TABLE' } }, null],
])('the bytes of a snapshot come from its metadata, which costs nothing: %s', async (_, reply, bytes) => {
  await using server = await startScriptedBigQuery({ [ON]: reply, [LOADED]: failure(404, 'notFound') });

  expect(await server.destination().snapshotBytes(SHOP, snapshotId())).toBe(bytes);
});
