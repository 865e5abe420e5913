import { describe, expect, test } from 'vitest';
import { DATASET, failure, type Reply, startScriptedBigQuery } from '../../../support/bigquery/scripted-bigquery.ts';
import { kind } from '../../../support/vitest/kind.ts';

const IN_EU = { [`GET datasets/${DATASET.dataset}`]: { json: { location: 'EU' } } };
const STARTED: Reply = { json: { jobReference: { jobId: 'q' }, status: { state: 'RUNNING' } } };
const RESULTS: Reply = { json: { jobComplete: true, schema: { fields: [{ name: 'n', type: 'INTEGER' }] }, rows: [] } };

const checked = (query: object): Reply => ({ json: { status: { state: 'DONE' }, statistics: { query } } });
const SELECT = checked({ statementType: 'SELECT' });

describe('the bill of a statement', () => {
  const run = async (job: Reply) => {
    await using server = await startScriptedBigQuery({
      ...IN_EU,
      'POST jobs': [SELECT, STARTED],
      'GET queries/q': RESULTS,
      'GET jobs/q': job,
    });
    return await server.destination().query('SELECT …');
  };

  test('is what BigQuery has billed, at the list price', async () => {
    const bill = { totalBytesProcessed: '2000', totalBytesBilled: '10485760', cacheHit: false };

    expect(await run(checked(bill))).toEqual({
      columns: ['n'],
      rows: [],
      bill: { bytesProcessed: 2000, bytesBilled: 10485760, isCached: false, dollars: (6.25 * 10) / 1024 ** 2 },
    });
  });

  test('is nothing for a result from the cache', async () => {
    const bill = { totalBytesProcessed: '0', totalBytesBilled: '0', cacheHit: true };

    expect(await run(checked(bill))).toMatchObject({ bill: { bytesBilled: 0, isCached: true, dollars: 0 } });
  });

  test.for<[string, Reply]>([
    ['a server without bills', { json: {} }],
    ['no permission to read the job', failure(403, 'accessDenied')],
    ['a server that is away by then', failure(503, 'backendError')],
  ])('is missing where it can not be found out, and the result is whole: %s', async ([, reply]) => {
    expect(await run(reply)).toEqual({ columns: ['n'], rows: [] });
  });
});

describe('an estimate', () => {
  test.for([
    ['PRECISE', 'exact'],
    ['UPPER_BOUND', 'at most'],
    ['LOWER_BOUND', 'at least'],
    ['UNKNOWN', 'unknown'],
    [undefined, 'unknown'],
  ] as const)('is that of a check, under no cap: %s', async ([totalBytesProcessedAccuracy, accuracy]) => {
    await using server = await startScriptedBigQuery({
      ...IN_EU,
      'POST jobs': checked({
        statementType: 'SELECT',
        totalBytesProcessed: '12000000',
        ...(totalBytesProcessedAccuracy && { totalBytesProcessedAccuracy }),
        referencedTables: [{}, {}],
      }),
    });

    expect(await server.destination({ settings: { maxBytesBilled: 15e6 } }).estimate('SELECT …')).toEqual({
      isFree: false,
      bytesProcessed: 12_000_000,
      accuracy,
      bytesBilled: 20 * 1024 ** 2,
      dollars: (6.25 * 20) / 1024 ** 2,
      price: expect.objectContaining({ tib: 6.25, locations: ['US', 'EU'] }),
      location: 'EU',
      maxBytesBilled: 15e6,
    });
    expect(server.bodies('POST jobs')).toMatchObject([
      { configuration: { dryRun: true, query: { maximumBytesBilled: String(Number.MAX_SAFE_INTEGER) } } },
    ]);
  });

  test('of a statement that writes is refused, unless it may write', async () => {
    await using server = await startScriptedBigQuery({
      ...IN_EU,
      'POST jobs': checked({ statementType: 'DELETE', totalBytesProcessed: '5' }),
    });
    const destination = server.destination();

    await expect(destination.estimate('DELETE …')).rejects.toMatchObject(kind('query-writes'));
    expect(await destination.estimate('DELETE …', { write: true })).toMatchObject({ bytesProcessed: 5 });
    expect(server.bodies('POST jobs')).toMatchObject([1, 2].map(() => ({ configuration: { dryRun: true } })));
  });
});
