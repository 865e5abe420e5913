import { expect, test } from 'vitest';
import { type Annotation, readAnnotation, writeAnnotation } from '../../../../src/destination/annotation.ts';
import { ApiFailure, type ApiRequest } from '../../../../src/destination/bigquery/api.ts';
import { objectNames } from '../../../../src/names/object-names.ts';
import { publishedOver } from '../../../../src/snapshot/ledger.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { MemoryBigQuery } from '../../../support/bigquery/memory-bigquery.ts';
import { SHOP, snapshotId } from '../../../support/values/shop.ts';
import { factsOf } from '../../../support/values/snapshot-facts.ts';
import { kind } from '../../../support/vitest/kind.ts';

const NAMES = objectNames(SHOP.name);
const DAY = 24 * 60 * 60_000;
const NOW = Date.UTC(2026, 6, 1, 12);
const BEFORE = Date.UTC(2026, 5, 28);
const PUBLISHED = factsOf({ snapshotId: snapshotId(2), from: BEFORE + 1 });
const OUTDATED = factsOf({ snapshotId: snapshotId(1), from: BEFORE - 1 });

type Changelog = Extract<Annotation, { readonly of: 'changelog' }>;

/** A dataset whose state stands on a snapshot that needs no row from before {@link BEFORE}. */
async function published(): Promise<MemoryBigQuery> {
  const bigQuery = new MemoryBigQuery();
  bigQuery.answeredAt = BEFORE - 100 * DAY;
  await bigQuery.destination().prepare(SHOP, 1);
  bigQuery.answeredAt = NOW;
  for (const facts of [OUTDATED, PUBLISHED]) {
    const annotation = { of: 'snapshot', tableName: SHOP.name, facts: { ...facts, itemCount: 1 } } as const;
    bigQuery.put(NAMES.snapshot(facts.snapshotId), { description: writeAnnotation(annotation) });
  }
  const publication = { next: publishedOver(PUBLISHED), startedFrom: unpublished(1), by: 'reading' } as const;
  await bigQuery.destination().publish(SHOP, publication);
  bigQuery.requests.length = 0;
  return bigQuery;
}

const isMark = ({ method, path }: ApiRequest) => method === 'PATCH' && path.endsWith(`/${NAMES.changelog}`);
const isDelete = ({ path, body }: ApiRequest) => path === 'jobs' && String(body?.bytes).includes('DELETE FROM');

/** Writes the changelog's annotation, as another process does. */
function rewrite(bigQuery: MemoryBigQuery, change: (annotation: Changelog) => Changelog): void {
  const found = bigQuery.tables.get(NAMES.changelog) ?? {};
  const annotation = readAnnotation(found.description ?? null);
  if (annotation?.of !== 'changelog') throw new Error('The changelog has no annotation');
  bigQuery.put(NAMES.changelog, { ...found, description: writeAnnotation(change(annotation)) });
}

const keptSince = async (bigQuery: MemoryBigQuery) =>
  (await bigQuery.destination().known(SHOP.name))?.changelog.keptSince;

test('the changelog records what it has before its rows are deleted, under the etag that was read', async () => {
  const bigQuery = await published();
  const { etag } = bigQuery.tables.get(NAMES.changelog) ?? {};

  await bigQuery.destination().dropRows(SHOP, BEFORE);

  expect(bigQuery.requests.filter((request) => isMark(request) || isDelete(request)).map(isMark)).toEqual([
    true,
    false,
  ]);
  expect(bigQuery.requests.find(isMark)?.headers).toEqual({ 'If-Match': etag });
  expect(await keptSince(bigQuery)).toBe(BEFORE);
});

test('the DELETE names the partitions alone, so that BigQuery drops them whole and bills nothing', async () => {
  const bigQuery = await published();

  await bigQuery.destination().dropRows(SHOP, BEFORE);

  const statements = [...bigQuery.jobs.values()].map(({ query }) => query?.query);
  expect(statements).toEqual([
    `DELETE FROM \`my-project.shop.${NAMES.changelog}\`\nWHERE \`ingested_at\` < TIMESTAMP '2026-06-28T00:00:00.000Z'`,
  ]);
});

test('what another process writes into the annotation at the same moment is not lost', async () => {
  const bigQuery = await published();
  bigQuery.intercept = (request) => {
    if (!isMark(request)) return;
    bigQuery.intercept = () => {};
    rewrite(bigQuery, (annotation) => ({ ...annotation, seen: { createdAt: null, streams: ['seen'] } }));
  };

  await bigQuery.destination().dropRows(SHOP, BEFORE);

  expect(await bigQuery.destination().known(SHOP.name)).toMatchObject({
    seen: { streams: ['seen'] },
    changelog: { keptSince: BEFORE },
  });
});

test('a setup at the same moment does not write back what the changelog had before', async () => {
  const bigQuery = await published();
  let reads = 0;
  bigQuery.intercept = ({ method, path }) => {
    if (method !== 'GET' || !path.endsWith(`/${NAMES.changelog}`) || ++reads !== 2) return;
    rewrite(bigQuery, ({ changelog, ...rest }) => ({
      ...rest,
      changelog: changelog && { ...changelog, keptSince: BEFORE },
    }));
  };

  await bigQuery.destination().prepare(SHOP, 1, { seen: { createdAt: null, streams: ['seen'] } });

  expect(await bigQuery.destination().known(SHOP.name)).toMatchObject({
    seen: { streams: ['seen'] },
    changelog: { keptSince: BEFORE },
  });
});

test('rows stay if a snapshot that needs them is published at the same moment', async () => {
  const bigQuery = await published();
  const found = bigQuery.tables.get(NAMES.state) ?? {};
  bigQuery.intercept = (request) => {
    if (!isMark(request)) return;
    const annotation = writeAnnotation({ of: 'state', published: publishedOver(OUTDATED) });
    bigQuery.put(NAMES.state, { ...found, description: annotation });
  };

  await expect(bigQuery.destination().dropRows(SHOP, BEFORE)).rejects.toMatchObject(kind('destination-conflict'));

  expect(bigQuery.requests.filter(isDelete)).toEqual([]);
});

test('rows in the streaming buffer are named, with when to run it again', async () => {
  const bigQuery = await published();
  const text =
    'UPDATE or DELETE statement over table shop.t would affect rows in the streaming buffer, which is not supported';
  bigQuery.intercept = (request) => {
    if (isDelete(request)) throw new ApiFailure({ status: 400, reason: 'invalidQuery', text });
  };

  await expect(bigQuery.destination().dropRows(SHOP, BEFORE)).rejects.toMatchObject({
    ...kind('destination-busy'),
    message: expect.stringContaining('streaming buffer'),
    remedy: expect.stringContaining(`tailrace retention ${SHOP.name}`),
  });

  bigQuery.intercept = () => {};
  await bigQuery.destination().dropRows(SHOP, BEFORE);
  expect([...bigQuery.jobs.values()]).toHaveLength(1);
});

test('the age of changes is by BigQuery’s clock, with a margin for those of the writers', async () => {
  const bigQuery = await published();
  const destination = bigQuery.destination();
  await destination.published(SHOP);

  expect(await destination.ingestedWithin(SHOP, DAY)).toBeLessThanOrEqual(NOW - DAY - 2 * 60 * 60_000);
  expect(await destination.ingestedWithin(SHOP, DAY)).toBeGreaterThan(NOW - DAY - 3 * 60 * 60_000);
});
