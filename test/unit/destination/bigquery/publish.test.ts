import { expect, test } from 'vitest';
import { writeAnnotation } from '../../../../src/destination/annotation.ts';
import { ApiFailure, type ApiRequest } from '../../../../src/destination/bigquery/api.ts';
import { objectNames } from '../../../../src/names/object-names.ts';
import { publishedOver, type SnapshotFacts } from '../../../../src/snapshot/ledger.ts';
import type { Publication } from '../../../../src/snapshot/publication-rule.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { MemoryBigQuery } from '../../../support/bigquery/memory-bigquery.ts';
import { SHOP, snapshotId } from '../../../support/values/shop.ts';
import { factsOf } from '../../../support/values/snapshot-facts.ts';
import { kind } from '../../../support/vitest/kind.ts';

const NAMES = objectNames(SHOP.name);
const SCAN = factsOf({ snapshotId: snapshotId(1) });
const YOUNGER = factsOf({ snapshotId: snapshotId(3) });
/** A compaction of a reading. */
const foldOf = (base: SnapshotFacts, id: string): SnapshotFacts => ({
  ...base,
  kind: 'compaction',
  snapshotId: id,
  from: 1_000,
  folded: 'label/1',
  baseSnapshotId: base.snapshotId,
});
const FOLD = foldOf(SCAN, snapshotId(2));

/** A prepared dataset with whole snapshots, of which none is published. */
async function withSnapshots(...snapshots: readonly SnapshotFacts[]): Promise<MemoryBigQuery> {
  const bigQuery = new MemoryBigQuery();
  await bigQuery.destination().prepare(SHOP, 1);
  for (const facts of snapshots) {
    const annotation = { of: 'snapshot', tableName: SHOP.name, facts: { ...facts, itemCount: 1 } } as const;
    bigQuery.put(NAMES.snapshot(facts.snapshotId), { description: writeAnnotation(annotation) });
  }
  return bigQuery;
}

/** The publication of a snapshot that was begun over another one, or over none. */
function publication(facts: SnapshotFacts, startedFrom: SnapshotFacts | null = null): Publication {
  return {
    next: publishedOver(facts),
    startedFrom: startedFrom === null ? unpublished(1) : publishedOver(startedFrom),
    by: facts.kind === 'compaction' ? 'compaction' : 'reading',
  };
}

const isSwap = ({ method, path }: ApiRequest) => method === 'PATCH' && path.endsWith(`/${NAMES.state}`);

/** Lets `meanwhile` happen once, just before the first swap of the state. */
function beforeSwap(bigQuery: MemoryBigQuery, meanwhile: () => void): void {
  bigQuery.intercept = (request) => {
    if (!isSwap(request)) return;
    bigQuery.intercept = () => {};
    meanwhile();
  };
}

/** Takes the state from one dataset, as another process would have set it. */
async function stateOver(...snapshots: readonly SnapshotFacts[]) {
  const other = await withSnapshots(...snapshots);
  let before: SnapshotFacts | null = null;
  for (const facts of snapshots) {
    await other.destination().publish(SHOP, publication(facts, before));
    before = facts;
  }
  return other.tables.get(NAMES.state) ?? {};
}

test('statement, description and digest are swapped in one request, under the etag that was read', async () => {
  const bigQuery = await withSnapshots(SCAN);
  const { etag } = bigQuery.tables.get(NAMES.state) ?? {};

  expect(await bigQuery.destination().publish(SHOP, publication(SCAN))).toEqual(unpublished(1));

  const swaps = bigQuery.requests.filter(isSwap);
  expect(swaps).toHaveLength(1);
  expect(swaps[0]?.headers).toEqual({ 'If-Match': etag });
  expect(JSON.parse(String(swaps[0]?.body?.bytes))).toMatchObject({
    view: { query: expect.stringContaining(`\`my-project.shop.${NAMES.snapshot(SCAN.snapshotId)}\``) },
    description: expect.stringContaining(`"snapshot_id":"${SCAN.snapshotId}"`),
  });
  expect(await bigQuery.destination().published(SHOP)).toEqual(publishedOver(SCAN));
});

test('a reading is published over a compaction that came in at the same moment', async () => {
  const bigQuery = await withSnapshots(SCAN, FOLD, YOUNGER);
  await bigQuery.destination().publish(SHOP, publication(SCAN));
  const folded = await stateOver(SCAN, FOLD);
  beforeSwap(bigQuery, () => bigQuery.put(NAMES.state, folded));

  expect(await bigQuery.destination().publish(SHOP, publication(YOUNGER, SCAN))).toEqual(publishedOver(FOLD));

  expect(await bigQuery.destination().published(SHOP)).toEqual(publishedOver(YOUNGER));
});

test('a compaction is not published over a reading that came in at the same moment', async () => {
  const bigQuery = await withSnapshots(SCAN, FOLD, YOUNGER);
  await bigQuery.destination().publish(SHOP, publication(SCAN));
  const younger = await stateOver(SCAN, YOUNGER);
  beforeSwap(bigQuery, () => bigQuery.put(NAMES.state, younger));

  await expect(bigQuery.destination().publish(SHOP, publication(FOLD, SCAN))).rejects.toMatchObject(
    kind('snapshot-superseded'),
  );

  expect(await bigQuery.destination().published(SHOP)).toEqual(publishedOver(YOUNGER));
});

test.each<[string, readonly SnapshotFacts[], SnapshotFacts]>([
  ['and the state stands on it', [SCAN], SCAN],
  ['and it was compacted already', [SCAN, FOLD], FOLD],
])('a reading whose swap’s answer was lost is published: %s', async (_name, snapshots, stands) => {
  const bigQuery = await withSnapshots(SCAN, FOLD);
  const state = await stateOver(...snapshots);
  beforeSwap(bigQuery, () => {
    bigQuery.put(NAMES.state, state);
    throw new ApiFailure({ status: null });
  });

  expect(await bigQuery.destination().publish(SHOP, publication(SCAN))).toEqual(unpublished(1));

  expect(await bigQuery.destination().published(SHOP)).toEqual(publishedOver(stands));
});

test('a compaction whose swap’s answer was lost is published', async () => {
  const bigQuery = await withSnapshots(SCAN, FOLD);
  await bigQuery.destination().publish(SHOP, publication(SCAN));
  const folded = await stateOver(SCAN, FOLD);
  beforeSwap(bigQuery, () => {
    bigQuery.put(NAMES.state, folded);
    throw new ApiFailure({ status: null });
  });

  expect(await bigQuery.destination().publish(SHOP, publication(FOLD, SCAN))).toEqual(publishedOver(SCAN));

  expect(await bigQuery.destination().published(SHOP)).toEqual(publishedOver(FOLD));
});

test('a state that changes at each attempt is given up in the end', async () => {
  const bigQuery = await withSnapshots(SCAN);
  bigQuery.intercept = (request) => {
    if (isSwap(request)) bigQuery.put(NAMES.state, bigQuery.tables.get(NAMES.state) ?? {});
  };

  await expect(bigQuery.destination().publish(SHOP, publication(SCAN))).rejects.toMatchObject({
    ...kind('destination-conflict'),
    message: `my-project.shop.${NAMES.state} was changed at the same moment`,
  });
  expect(await bigQuery.destination().published(SHOP)).toEqual(unpublished(1));
});

test.each([
  ['its statement', { view: { query: 'SELECT 2' } }, 'was edited by hand'],
  ['its description', { description: 'Ask Bob' }, "isn't the view that Tailrace made"],
  ['a table of its name', { type: 'TABLE' }, "isn't the view that Tailrace made"],
])('a state that someone edited is named and left as it is: %s', async (_name, changes, words) => {
  const bigQuery = await withSnapshots(SCAN);
  bigQuery.put(NAMES.state, { ...bigQuery.tables.get(NAMES.state), ...changes });
  const edited = bigQuery.tables.get(NAMES.state);
  const destination = bigQuery.destination();

  for (const attempt of [
    () => destination.publish(SHOP, publication(SCAN)),
    () => destination.published(SHOP),
    () => destination.prepare(SHOP, 1),
    () => destination.makeSnapshot(SHOP, YOUNGER, false),
    () => destination.foldSnapshot(SHOP, FOLD, unpublished(1)),
    () => destination.applyViews(SHOP, []),
    () => destination.dropSnapshot(SHOP, SCAN.snapshotId),
  ]) {
    await expect(attempt()).rejects.toMatchObject({
      ...kind('destination-conflict'),
      message: `my-project.shop.${NAMES.state} ${words}`,
      remedy: `Drop ${NAMES.state}, then run \`tailrace setup my-app.shop\` and \`tailrace backfill my-app.shop\`.`,
    });
  }

  expect(bigQuery.tables.get(NAMES.state)).toBe(edited);
  expect(bigQuery.making).toEqual([]);
});

test.each([
  ['whose description is gone', { description: '' }, "isn't whole, or has lost the comment"],
  [
    'that is not whole',
    { description: writeAnnotation({ of: 'snapshot', tableName: SHOP.name, facts: null }) },
    "isn't whole",
  ],
  [
    "whose description has another's facts",
    {
      description: writeAnnotation({ of: 'snapshot', tableName: SHOP.name, facts: { ...SCAN, from: 7, itemCount: 1 } }),
    },
    "isn't whole",
  ],
  ['that expires', { expirationTime: '1800000000000' }, "isn't the table that Tailrace makes: it expires"],
])('a snapshot %s is named, and nothing is published', async (_name, changes, words) => {
  const bigQuery = await withSnapshots(SCAN);
  const name = NAMES.snapshot(SCAN.snapshotId);
  bigQuery.put(name, { ...bigQuery.tables.get(name), ...changes });

  await expect(bigQuery.destination().publish(SHOP, publication(SCAN))).rejects.toMatchObject({
    ...kind('destination-conflict'),
    message: expect.stringMatching(`${name} ${words}`),
    remedy: expect.stringMatching(/tailrace backfill my-app\.shop|bq update --expiration=0 my-project:shop\./),
  });

  expect(await bigQuery.destination().published(SHOP)).toEqual(unpublished(1));
});

test('a snapshot that needs rows which the changelog has dropped is named, and nothing is published', async () => {
  const bigQuery = await withSnapshots({ ...SCAN, from: -1 });

  await expect(bigQuery.destination().publish(SHOP, publication({ ...SCAN, from: -1 }))).rejects.toMatchObject(
    kind('snapshot-outdated'),
  );

  expect(await bigQuery.destination().published(SHOP)).toEqual(unpublished(1));
});

test('a snapshot whose table was dropped is named, and nothing is published', async () => {
  const bigQuery = await withSnapshots();

  await expect(bigQuery.destination().publish(SHOP, publication(SCAN))).rejects.toMatchObject({
    ...kind('destination-missing'),
    message: `my-project.shop.${NAMES.snapshot(SCAN.snapshotId)} doesn't exist`,
    remedy: 'It was dropped, or has expired: run `tailrace backfill my-app.shop`.',
  });

  expect(await bigQuery.destination().published(SHOP)).toEqual(unpublished(1));
});

test('a published snapshot is not dropped', async () => {
  const bigQuery = await withSnapshots(SCAN);
  await bigQuery.destination().publish(SHOP, publication(SCAN));

  await expect(bigQuery.destination().dropSnapshot(SHOP, SCAN.snapshotId)).rejects.toMatchObject(
    kind('destination-conflict'),
  );
  expect(bigQuery.tables.has(NAMES.snapshot(SCAN.snapshotId))).toBe(true);
});
