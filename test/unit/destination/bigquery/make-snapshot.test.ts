import { expect, test } from 'vitest';
import { readAnnotation, writeAnnotation } from '../../../../src/destination/annotation.ts';
import { ApiFailure } from '../../../../src/destination/bigquery/api.ts';
import type { BigQueryDestination } from '../../../../src/destination/bigquery/bigquery-destination.ts';
import { loadName, objectNames } from '../../../../src/names/object-names.ts';
import { publishedOver } from '../../../../src/snapshot/ledger.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { MemoryBigQuery } from '../../../support/bigquery/memory-bigquery.ts';
import { Crash } from '../../../support/process/crash.ts';
import { rowFile } from '../../../support/values/row-file.ts';
import { scannedRow } from '../../../support/values/rows.ts';
import { SHOP, snapshotId } from '../../../support/values/shop.ts';
import { factsOf } from '../../../support/values/snapshot-facts.ts';
import { kind } from '../../../support/vitest/kind.ts';

const DAY = 24 * 60 * 60_000;
const ID = snapshotId();
const FACTS = factsOf();
const NAMES = objectNames(SHOP.name);
const [SNAPSHOT, LOAD] = [NAMES.snapshot(ID), loadName(ID)];

/** A prepared dataset, in which three items are counted wherever items are. */
async function prepared(): Promise<MemoryBigQuery> {
  const bigQuery = new MemoryBigQuery();
  bigQuery.values = { rows: '3', keys: '3', tombstones: '0', folded: null };
  await bigQuery.destination().prepare(SHOP, 1);
  return bigQuery;
}

/** As {@link prepared}, with what a backfill loads. */
async function loaded(): Promise<MemoryBigQuery> {
  const bigQuery = await prepared();
  await bigQuery.destination().createLoad(SHOP, ID);
  return bigQuery;
}

/** A backfill that resumes wherever an earlier one ended. */
async function backfill(destination: BigQueryDestination): Promise<true> {
  if ((await destination.published(SHOP))?.snapshotId === ID) return true;
  if ((await destination.describeSnapshot(SHOP, ID)) === undefined) {
    await destination.createLoad(SHOP, ID);
    await destination.loadSnapshot(SHOP, ID, 'chunk-1', rowFile(['a', 'b', 'c'].map((id) => scannedRow(id))));
    await destination.countLoad(SHOP, ID);
    await destination.makeSnapshot(SHOP, FACTS, false);
  }
  const made = await destination.describeSnapshot(SHOP, ID);
  if (made === undefined) throw new Error('There is no snapshot');
  await destination.publish(SHOP, { next: publishedOver(made), startedFrom: unpublished(1), by: 'reading' });
  return true;
}

test.each(['before', 'after'] as const)(
  'a backfill that is killed %s any of its requests publishes nothing by half, and the next one completes it',
  async (when) => {
    let kills = 0;
    for (let after = 0; ; after++) {
      const bigQuery = await prepared();
      bigQuery.polls = 1;
      const crash = new Crash(after);
      const outcome = await crash.outcomeOf(backfill(bigQuery.destination({}, crash, when)));
      const stands = await bigQuery.destination().published(SHOP);
      if (stands?.snapshotId === ID) {
        expect(await bigQuery.destination().describeSnapshot(SHOP, ID)).toEqual({ ...FACTS, itemCount: 3 });
      }
      if (outcome) break;
      kills++;

      await backfill(bigQuery.destination());

      expect(await bigQuery.destination().published(SHOP)).toEqual(publishedOver(FACTS));
      expect(await bigQuery.destination().describeSnapshot(SHOP, ID)).toEqual({ ...FACTS, itemCount: 3 });
      // However many processes wait for the statement, BigQuery bills it once.
      expect(bigQuery.making).toHaveLength(1);
      expect(bigQuery.tables.get(LOAD)?.expirationTime ?? 'dropped').toMatch(/^\d+$|^dropped$/);
    }
    expect(kills).toBeGreaterThan(10);
  },
);

test('the statement spells out what its table would not have otherwise, and the job has no key', async () => {
  const bigQuery = await loaded();
  const kmsKey = 'projects/p/locations/eu/keyRings/r/cryptoKeys/k';
  const environment = { TAILRACE_BIGQUERY_LABELS: 'team=data', TAILRACE_BIGQUERY_KMS_KEY: kmsKey };

  await bigQuery.destination(environment).makeSnapshot(SHOP, FACTS, false);

  const [id = ''] = bigQuery.making;
  const { query } = bigQuery.jobs.get(id) ?? {};
  expect(query?.query).toMatch(/`key` STRING NOT NULL OPTIONS \(description = 'Primary key/);
  expect(query?.query).toContain(
    [`DEFAULT COLLATE ''`, 'CLUSTER BY `key`', `OPTIONS (description = 'Items of the DynamoDB table my-app.shop`].join(
      '\n',
    ),
  );
  expect(query?.query).toContain(`labels = [('team', 'data'), ('tailrace', 'snapshot')], kms_key_name = '${kmsKey}'`);
  expect(query).not.toHaveProperty('destinationEncryptionConfiguration');
  expect(query).not.toHaveProperty('destinationTable');
});

test('what was loaded expires 30 days after the last run', async () => {
  const bigQuery = await prepared();
  const expiry = () => Number(bigQuery.tables.get(LOAD)?.expirationTime);
  const before = Date.UTC(2026, 2, 4, 5, 6, 7);

  await bigQuery.destination().createLoad(SHOP, ID);
  expect(expiry() - before).toBeCloseTo(30 * DAY, -4);
  bigQuery.put(LOAD, { ...bigQuery.tables.get(LOAD), expirationTime: '5' });
  await bigQuery.destination().createLoad(SHOP, ID);

  expect(expiry() - before).toBeCloseTo(30 * DAY, -4);
});

test('what was loaded and has expired is named, and nothing is made of it', async () => {
  const bigQuery = await loaded();
  bigQuery.tables.delete(LOAD);
  const destination = bigQuery.destination();
  const named = {
    ...kind('destination-missing'),
    message: `my-project.shop.${LOAD} doesn't exist`,
    remedy: 'It was dropped, or has expired: run `tailrace backfill my-app.shop`.',
  };

  await expect(destination.countLoad(SHOP, ID)).rejects.toMatchObject(named);
  bigQuery.polls = 1;
  bigQuery.intercept = ({ path }) => {
    if (path.startsWith('jobs/')) bigQuery.fail(bigQuery.making[0] ?? '', 'notFound');
  };
  await expect(destination.makeSnapshot(SHOP, FACTS, false)).rejects.toMatchObject(named);

  expect(bigQuery.tables.has(SNAPSHOT)).toBe(false);
});

test('a job that failed leaves what was loaded, and the next run starts another', async () => {
  const bigQuery = await loaded();
  bigQuery.polls = 1;
  bigQuery.intercept = ({ path }) => {
    if (path.startsWith('jobs/tailrace_snapshot')) bigQuery.fail(bigQuery.making[0] ?? '', 'invalidQuery');
  };

  await expect(bigQuery.destination().makeSnapshot(SHOP, FACTS, false)).rejects.toMatchObject({
    ...kind('destination-invalid'),
    message: `Could not make my-project.shop.${SNAPSHOT} (invalidQuery)`,
  });
  expect([bigQuery.tables.has(SNAPSHOT), bigQuery.tables.has(LOAD)]).toEqual([false, true]);

  bigQuery.intercept = () => {};
  expect(await bigQuery.destination().makeSnapshot(SHOP, FACTS, false)).toEqual({ ...FACTS, itemCount: 3 });
  const [first = '', second] = bigQuery.making;
  expect(second).toBe(`${first}_2`);
  expect(bigQuery.tables.has(LOAD)).toBe(false);
});

test('a table that someone dropped after its job is made again by another job', async () => {
  const bigQuery = await loaded();
  await bigQuery.destination().makeSnapshot(SHOP, FACTS, false);
  bigQuery.tables.delete(SNAPSHOT);
  await bigQuery.destination().createLoad(SHOP, ID);

  await bigQuery.destination().makeSnapshot(SHOP, FACTS, false);

  expect(bigQuery.making).toHaveLength(2);
  expect(await bigQuery.destination().describeSnapshot(SHOP, ID)).toEqual({ ...FACTS, itemCount: 3 });
});

test('a whole snapshot is left as it is', async () => {
  const bigQuery = await loaded();
  await bigQuery.destination().makeSnapshot(SHOP, FACTS, false);
  const before = bigQuery.tables.get(SNAPSHOT);

  await bigQuery.destination().makeSnapshot(SHOP, FACTS, false);

  expect(bigQuery.tables.get(SNAPSHOT)).toBe(before);
  expect(bigQuery.making).toHaveLength(1);
});

test.each([
  ['a table that someone else made', { description: 'Mine' }],
  ["another table's snapshot", { description: writeAnnotation({ of: 'snapshot', tableName: 'carts', facts: null }) }],
  ['a snapshot whose description is gone', {}],
])('%s under the name of a snapshot is never taken for one', async (_name, resource) => {
  const bigQuery = await loaded();
  bigQuery.put(SNAPSHOT, resource);

  await expect(bigQuery.destination().makeSnapshot(SHOP, FACTS, false)).rejects.toMatchObject({
    ...kind('destination-conflict'),
    message: `${SNAPSHOT} isn't whole, or has lost the comment by which Tailrace knows it`,
  });

  expect(bigQuery.tables.get(SNAPSHOT)).toMatchObject(resource);
  expect(bigQuery.tables.has(LOAD)).toBe(true);
});

test('in a dataset whose tables expire no statement runs', async () => {
  const bigQuery = await loaded();
  bigQuery.defaultTableExpirationMs = String(90 * DAY);

  await expect(bigQuery.destination().makeSnapshot(SHOP, FACTS, false)).rejects.toMatchObject({
    ...kind('destination-conflict'),
    message: 'Dataset my-project.shop lets tables expire by default, after 90 days',
    remedy: expect.stringMatching(/^Run: bq update --default_table_expiration=0/),
  });

  expect(bigQuery.making).toEqual([]);
});

test('a snapshot that the dataset lets expire all the same is dropped, named, and can be made again', async () => {
  const bigQuery = await loaded();
  bigQuery.intercept = ({ path }) => {
    if (path === 'jobs') bigQuery.defaultTableExpirationMs = String(90 * DAY);
  };

  await expect(bigQuery.destination().makeSnapshot(SHOP, FACTS, false)).rejects.toMatchObject({
    ...kind('destination-conflict'),
    message: `Dataset my-project.shop would let ${SNAPSHOT} expire`,
  });
  expect(bigQuery.tables.has(SNAPSHOT)).toBe(false);

  bigQuery.intercept = () => {};
  bigQuery.defaultTableExpirationMs = undefined;
  expect(await bigQuery.destination().makeSnapshot(SHOP, FACTS, false)).toEqual({ ...FACTS, itemCount: 3 });
});

test.each([
  [
    'as BigQuery names it',
    'Access Denied: Dataset my-project:shop: Permission bigquery.tables.create denied on dataset my-project:shop (or it may not exist).',
    'bigquery.tables.create is not granted on dataset my-project:shop',
  ],
  [
    'all that are needed, where BigQuery names none',
    'Access Denied',
    'bigquery.jobs.create, bigquery.tables.create or bigquery.tables.getData is not granted',
  ],
])('a missing permission is named, and nothing is lost: %s', async (_name, text, missing) => {
  const bigQuery = await loaded();
  bigQuery.intercept = ({ path }) => {
    if (path === 'jobs') throw new ApiFailure({ status: 403, reason: 'accessDenied', text });
  };

  await expect(bigQuery.destination().makeSnapshot(SHOP, FACTS, false)).rejects.toMatchObject({
    ...kind('destination-denied'),
    message: `Could not make my-project.shop.${SNAPSHOT}: ${missing} (accessDenied)`,
    remedy: expect.stringContaining('roles/bigquery.dataEditor on the dataset'),
  });

  expect(bigQuery.tables.has(LOAD)).toBe(true);
  expect(await bigQuery.destination().published(SHOP)).toEqual(unpublished(1));
});

test('the description has the facts, and fits where BigQuery keeps it', async () => {
  const bigQuery = await loaded();

  await bigQuery.destination().makeSnapshot(SHOP, FACTS, false);

  const { description = '' } = bigQuery.tables.get(SNAPSHOT) ?? {};
  expect(readAnnotation(description)).toEqual({
    of: 'snapshot',
    tableName: SHOP.name,
    facts: { ...FACTS, itemCount: 3 },
  });
  // Source: <https://docs.cloud.google.com/bigquery/quotas#standard_tables>
  expect(description.length).toBeLessThan(16_384 / 4);
});
