import { expect, test } from 'vitest';
import { writeAnnotation } from '../../../../src/destination/annotation.ts';
import { ApiFailure } from '../../../../src/destination/bigquery/api.ts';
import { objectNames } from '../../../../src/names/object-names.ts';
import { publishedOver, type SnapshotFacts } from '../../../../src/snapshot/ledger.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { MemoryBigQuery } from '../../../support/bigquery/memory-bigquery.ts';
import { SHOP, snapshotId } from '../../../support/values/shop.ts';
import { factsOf } from '../../../support/values/snapshot-facts.ts';
import { kind } from '../../../support/vitest/kind.ts';

const NAMES = objectNames(SHOP.name);
const BASE = factsOf({ snapshotId: snapshotId(1) });
const FOLD: SnapshotFacts = {
  ...BASE,
  kind: 'compaction',
  snapshotId: snapshotId(2),
  from: 1_000,
  baseSnapshotId: BASE.snapshotId,
};
const VIEW = {
  name: NAMES.typed,
  columns: [{ name: 'total', type: 'NUMERIC', description: null, cluster: false, path: ['total'] }],
} as const;

/** A dataset whose state stands on the base, with a typed column in force that the base's table lacks. */
async function published(): Promise<MemoryBigQuery> {
  const bigQuery = new MemoryBigQuery();
  bigQuery.values = { rows: '3', tombstones: '1', folded: 'label/9' };
  const destination = bigQuery.destination();
  await destination.prepare(SHOP, 1);
  const annotation = { of: 'snapshot', tableName: SHOP.name, facts: { ...BASE, itemCount: 1 } } as const;
  bigQuery.put(NAMES.snapshot(BASE.snapshotId), { description: writeAnnotation(annotation) });
  await destination.publish(SHOP, { next: publishedOver(BASE), startedFrom: unpublished(1), by: 'reading' });
  await destination.applyViews(SHOP, [VIEW]);
  return bigQuery;
}

test('a compaction has the greatest position and the items without tombstones among its facts', async () => {
  const bigQuery = await published();

  expect(await bigQuery.destination().foldSnapshot(SHOP, FOLD, publishedOver(BASE))).toEqual({
    ...FOLD,
    itemCount: 2,
    folded: 'label/9',
  });
});

test('a typed column that the base has is taken from it, and read from the items otherwise', async () => {
  const bigQuery = await published();
  await bigQuery.destination().foldSnapshot(SHOP, FOLD, publishedOver(BASE));
  const [, again] = [FOLD, { ...FOLD, snapshotId: snapshotId(3), baseSnapshotId: FOLD.snapshotId }];
  const [column] = bigQuery.tables.get(NAMES.snapshot(FOLD.snapshotId))?.schema?.fields?.slice(-1) ?? [];

  await bigQuery.destination().foldSnapshot(SHOP, again, { ...publishedOver(FOLD), folded: 'label/9' });

  const [first, second] = bigQuery.making.map((id) => bigQuery.jobs.get(id)?.query?.query);
  expect(column?.name).toMatch(/^total_[0-9a-f]{8}$/);
  expect(first).not.toContain(`\`snapshot\`.\`${column?.name}\``);
  expect(second).toContain(`\`snapshot\`.\`${column?.name}\``);
});

test('a compaction that is interrupted leaves its job, and the next one takes the job’s result', async () => {
  const bigQuery = await published();
  bigQuery.polls = 3;
  const stop = new AbortController();
  bigQuery.intercept = ({ path }) => {
    if (path.startsWith('jobs/')) stop.abort();
  };

  await expect(
    bigQuery.destination().foldSnapshot(SHOP, FOLD, publishedOver(BASE), { signal: stop.signal }),
  ).rejects.toMatchObject(kind('interrupted'));
  expect(await bigQuery.destination().published(SHOP)).toEqual(publishedOver(BASE));

  expect(await bigQuery.destination().foldSnapshot(SHOP, FOLD, publishedOver(BASE))).toMatchObject({ itemCount: 2 });
  expect(bigQuery.making).toHaveLength(1);
});

test('a base that was dropped is named, and no statement runs', async () => {
  const bigQuery = await published();
  bigQuery.tables.delete(NAMES.snapshot(BASE.snapshotId));

  for (const attempt of [
    () => bigQuery.destination().foldSnapshot(SHOP, FOLD, publishedOver(BASE)),
    () => bigQuery.destination().estimateFold(SHOP, publishedOver(BASE)),
  ]) {
    await expect(attempt()).rejects.toMatchObject({
      ...kind('destination-missing'),
      message: `my-project.shop.${NAMES.snapshot(BASE.snapshotId)} doesn't exist`,
      remedy: 'It was dropped, or has expired: run `tailrace backfill my-app.shop`.',
    });
  }
  expect(bigQuery.making).toEqual([]);
});

test('a compaction over the cap is refused for nothing, with the estimate, and runs under a higher one', async () => {
  const bigQuery = await published();
  bigQuery.polls = 1;
  bigQuery.intercept = ({ path }) => {
    if (path.startsWith('jobs/'))
      bigQuery.fail(bigQuery.making[0] ?? '', 'bytesBilledLimitExceeded', '2748779069440 or higher required.');
  };

  await expect(bigQuery.destination().foldSnapshot(SHOP, FOLD, publishedOver(BASE))).rejects.toMatchObject({
    ...kind('query-cap-reached'),
    context: { cap_bytes: 2 ** 40, estimated_bytes: 2748779069440 },
    remedy: expect.stringContaining('--max-bytes-billed 3TiB'),
  });
  expect(await bigQuery.destination().published(SHOP)).toEqual(publishedOver(BASE));

  bigQuery.intercept = () => {};
  const higher = bigQuery.destination({ TAILRACE_BIGQUERY_MAX_BYTES_BILLED: '3TiB' });
  expect(await higher.foldSnapshot(SHOP, FOLD, publishedOver(BASE))).toMatchObject({ itemCount: 2 });
  expect(bigQuery.making.map((id) => bigQuery.jobs.get(id)?.query?.maximumBytesBilled)).toEqual([
    String(2 ** 40),
    String(3 * 2 ** 40),
  ]);
});

test('an estimate is a check without a run, which no cap refuses', async () => {
  const bigQuery = await published();
  bigQuery.values = { rows: '7' };

  expect(
    await bigQuery.destination({ TAILRACE_BIGQUERY_MAX_BYTES_BILLED: '10MiB' }).estimateFold(SHOP, publishedOver(BASE)),
  ).toEqual({
    bill: expect.objectContaining({ bytesProcessed: 4_096_000_000, maxBytesBilled: 10 * 1024 ** 2 }),
    tailRows: 7,
    snapshotRows: 0,
  });

  expect([...bigQuery.jobs.values()].map(({ query }) => query?.query.split('\n')[0])).toEqual([
    'SELECT COUNT(*) AS `rows`',
  ]);
  expect(bigQuery.checks).toMatchObject([{ maximumBytesBilled: String(Number.MAX_SAFE_INTEGER) }]);
});

test('an estimate that BigQuery refuses is no fault of a statement that a person wrote', async () => {
  const bigQuery = await published();
  bigQuery.intercept = ({ path }) => {
    if (path === 'jobs') throw new ApiFailure({ status: 400, reason: 'invalidQuery', text: 'A secret value' });
  };

  await expect(bigQuery.destination().estimateFold(SHOP, publishedOver(BASE))).rejects.toMatchObject({
    ...kind('destination-invalid'),
    message: `Could not estimate a compaction of my-project.shop.${NAMES.changelog} (invalidQuery)`,
  });
});

test('a compaction reads what was ingested two hours before it began, by BigQuery’s clock', async () => {
  const bigQuery = await published();
  bigQuery.answeredAt = 1_800_000_000_000;

  expect(await bigQuery.destination().foldFrom(SHOP)).toBe(1_800_000_000_000 - 2 * 60 * 60_000);
});
