import { expect, test } from 'vitest';
import type { BigQueryDestination } from '../../../../src/destination/bigquery/bigquery-destination.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { DATASET, failure, type Reply, startScriptedBigQuery } from '../../../support/bigquery/scripted-bigquery.ts';
import { SHOP } from '../../../support/values/shop.ts';
import { kind } from '../../../support/vitest/kind.ts';

const IN_EU = { [`GET datasets/${DATASET.dataset}`]: { json: { location: 'EU' } } };
const CHECKED: Reply = { json: { status: { state: 'DONE' }, statistics: { query: { statementType: 'SELECT' } } } };
const STARTED: Reply = { json: { jobReference: { jobId: 'q' }, status: { state: 'RUNNING' } } };

/** BigQuery's own words. */
const MESSAGE = 'Query exceeded limit for bytes billed: 1099511627776. 2748779069440 or higher required.';
const REASON = 'bytesBilledLimitExceeded';
const REFUSED = failure(500, REASON, MESSAGE);
const FAILED: Reply = { json: { status: { state: 'DONE', errorResult: { reason: REASON, message: MESSAGE } } } };

test.for<readonly [string, readonly Reply[], Reply?]>([
  ['checked', [REFUSED]],
  ['started', [CHECKED, REFUSED]],
  ['started, as a job that failed', [CHECKED, FAILED]],
  ['under way', [CHECKED, STARTED], REFUSED],
])('a query over the cap is refused once it is %s, with estimate, cap and next step', async ([, jobs, results]) => {
  await using server = await startScriptedBigQuery({
    ...IN_EU,
    'POST jobs': jobs,
    ...(results && { 'GET queries/q': results }),
  });

  const error = await server
    .destination()
    .query('SELECT …')
    .catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({
    ...kind('query-cap-reached'),
    message:
      'Could not run the statement: BigQuery estimates that it bills 2.5 TiB, more than the cap of 1 TiB ' +
      `(${REASON}). The estimate stands before clustering, so the bill may be lower`,
    context: { cap_bytes: 2 ** 40, estimated_bytes: 2748779069440 },
    remedy:
      'Nothing was billed. Read less in one statement, or raise the cap: ' +
      'run `tailrace … --max-bytes-billed 3TiB`, or set TAILRACE_BIGQUERY_MAX_BYTES_BILLED=3TiB.',
  });
  expect(server.bodies('POST jobs')).toHaveLength(jobs.length);
});

test('a refusal without an estimate proposes twice the cap', async () => {
  await using server = await startScriptedBigQuery({ ...IN_EU, 'POST jobs': failure(400, REASON, 'A secret value') });
  const destination = server.destination({ settings: { maxBytesBilled: 500e9 } });

  const error = await destination.query('SELECT …').catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({
    message: expect.stringContaining('that it bills more than the cap of 465.7 GiB'),
    context: { cap_bytes: 500e9, estimated_bytes: null },
    remedy: expect.stringContaining('TAILRACE_BIGQUERY_MAX_BYTES_BILLED=932GiB'),
  });
  expect(String(error)).not.toContain('secret');
});

const OWN: Readonly<Record<string, (destination: BigQueryDestination) => Promise<unknown>>> = {
  'the items': (destination) => destination.countLatest(SHOP),
  'the changelog': (destination) => destination.changelogStatus(SHOP, 0),
  keys: (destination) => destination.lookup(SHOP, ['["a"]']),
  'a sample': (destination) => destination.sampleLatest(SHOP, { share: 1, salt: '' }, 10, null),
  'two states': (destination) => destination.compareStates(SHOP, unpublished(1), unpublished(1)),
  'a comparison': (destination) => destination.compareSnapshot(SHOP, '20260304t050607z0a1b').counts('both'),
  misfits: (destination) => destination.countMisfits(SHOP, { name: 'shop', columns: [] }, 1),
  matches: (destination) => destination.countMatches(SHOP, [{ name: 'shop', columns: [] }]),
  'the ledger': (destination) => destination.ledger(SHOP),
};

test.for(Object.keys(OWN))(
  'a statement of Tailrace’s own about %s has the same cap, and the same refusal',
  async (name) => {
    await using server = await startScriptedBigQuery({ ...IN_EU, 'POST jobs': REFUSED });
    const destination = server.destination({ settings: { maxBytesBilled: 123e9 } });

    await expect(OWN[name]?.(destination)).rejects.toMatchObject({
      ...kind('query-cap-reached'),
      context: { cap_bytes: 123e9 },
    });

    expect(server.bodies('POST jobs')).toMatchObject([
      { configuration: { query: { maximumBytesBilled: '123000000000' } } },
    ]);
  },
);

test.for([
  [2 ** 40, 10e9],
  [1e9, 1e9],
] as const)(
  'shapes are read up to 10 GB, and never beyond the cap: at %d up to %d',
  async ([maxBytesBilled, maxBytes]) => {
    await using server = await startScriptedBigQuery({ ...IN_EU, 'POST jobs': REFUSED });
    const destination = server.destination({ settings: { maxBytesBilled } });

    expect(await destination.itemShapes(SHOP, { share: 1, salt: '' })).toEqual({ isRead: false, maxBytes });

    expect(server.bodies('POST jobs')).toMatchObject([
      { configuration: { query: { maximumBytesBilled: String(maxBytes) } } },
    ]);
  },
);
