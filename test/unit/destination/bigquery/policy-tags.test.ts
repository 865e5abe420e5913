import { expect, test } from 'vitest';
import { readAnnotation } from '../../../../src/destination/annotation.ts';
import type { FieldSchema } from '../../../../src/destination/bigquery/resources.ts';
import { objectNames } from '../../../../src/names/object-names.ts';
import { declaredViews } from '../../../../src/schema/declared-views.ts';
import { readSchema } from '../../../../src/schema/read-schema.ts';
import { publishedOver } from '../../../../src/snapshot/ledger.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { MemoryBigQuery } from '../../../support/bigquery/memory-bigquery.ts';
import { Crash } from '../../../support/process/crash.ts';
import { SHOP, snapshotId } from '../../../support/values/shop.ts';
import { factsOf } from '../../../support/values/snapshot-facts.ts';

const NAMES = objectNames(SHOP.name);
const [ID, FOLDED] = [snapshotId(), snapshotId(2)];
const PERSONAL = 'projects/p/locations/eu/taxonomies/1/policyTags/2';

const tagged = { policyTags: [PERSONAL] };
const VIEWS = declaredViews(
  readSchema(
    JSON.stringify({
      columns: [
        { name: 'email', type: 'STRING', ...tagged },
        { name: 'total', type: 'NUMERIC' },
        { name: 'phones', type: 'STRING', mode: 'REPEATED', ...tagged },
      ],
      views: [
        { name: 'mails', where: { path: 'email', exists: true }, columns: [{ name: 'email', type: 'STRING' }] },
        {
          name: 'contacts',
          unnest: 'contacts',
          columns: [
            { name: 'kind', type: 'STRING', path: ['contacts', { each: true }, 'kind'] },
            { name: 'value', type: 'STRING', path: ['contacts', { each: true }, 'value'], ...tagged },
          ],
        },
      ],
    }),
    'schemas/my-app.shop.json',
  ),
  SHOP.name,
  [],
);

/** A dataset with the views, whose counts are three everywhere. */
async function applied(views = VIEWS): Promise<MemoryBigQuery> {
  const bigQuery = new MemoryBigQuery();
  bigQuery.values = { rows: '3', keys: '3', tombstones: '0', folded: null };
  await bigQuery.destination().prepare(SHOP, 1);
  await bigQuery.destination().applyViews(SHOP, views);
  await bigQuery.destination().createLoad(SHOP, ID);
  return bigQuery;
}

/** The columns with a policy tag, without the digits of their definitions; `list.field` for those of records. */
function taggedIn(fields: readonly FieldSchema[]): readonly string[] {
  return fields.flatMap(({ name = '', policyTags, fields: inner = [] }) => [
    ...(policyTags?.names?.includes(PERSONAL) ? [name.slice(0, -9)] : []),
    ...taggedIn(inner).map((field) => `${name.slice(0, -9)}.${field}`),
  ]);
}

const columnsOf = (bigQuery: MemoryBigQuery, id = ID) => bigQuery.tables.get(NAMES.snapshot(id))?.schema?.fields ?? [];

test('a snapshot has the policy tags of its columns before it has its facts, also if this is killed at any request', async () => {
  let kills = 0;
  for (let after = 0; ; after++) {
    const bigQuery = await applied();
    bigQuery.intercept = () => {
      const annotation = readAnnotation(bigQuery.tables.get(NAMES.snapshot(ID))?.description ?? null);
      const isWhole = annotation?.of === 'snapshot' && annotation.facts !== null;
      if (isWhole) expect(taggedIn(columnsOf(bigQuery))).toHaveLength(3);
    };
    const crash = new Crash(after);
    const made = await crash.outcomeOf(bigQuery.destination({}, crash).makeSnapshot(SHOP, factsOf(), false));
    if (!made) {
      kills++;
      await bigQuery.destination().makeSnapshot(SHOP, factsOf(), false);
    }

    expect(taggedIn(columnsOf(bigQuery))).toEqual(['email', 'phones', 'contacts.value']);
    if (made) break;
  }
  expect(kills).toBeGreaterThan(5);
});

test('nothing but the tags is changed, and nothing is asked for without them', async () => {
  const untagged = VIEWS.map((view) => ({
    ...view,
    columns: view.columns.map(({ policyTags, ...column }) => column),
  }));
  const plain = await applied(untagged);
  await plain.destination().makeSnapshot(SHOP, factsOf(), false);
  const bigQuery = await applied();
  await bigQuery.destination().makeSnapshot(SHOP, factsOf(), false);

  const withoutTags = (fields: readonly FieldSchema[]): readonly FieldSchema[] =>
    fields.map(({ policyTags, ...field }) => ({
      ...field,
      ...(field.fields && { fields: withoutTags(field.fields) }),
    }));
  expect(withoutTags(columnsOf(bigQuery))).toEqual(columnsOf(plain));
  expect(bigQuery.requests.length).toBe(plain.requests.length + 2);
});

test('a compaction reads tagged columns from the items: where masks are shown, they are never stored', async () => {
  const bigQuery = await applied();
  const made = await bigQuery.destination().makeSnapshot(SHOP, factsOf(), false);
  await bigQuery.destination().publish(SHOP, { next: publishedOver(made), startedFrom: unpublished(1), by: 'reading' });

  await bigQuery
    .destination()
    .foldSnapshot(SHOP, factsOf({ kind: 'compaction', snapshotId: FOLDED }), publishedOver(made));

  const sql = [...bigQuery.jobs.values()]
    .map(({ query }) => query?.query ?? '')
    .findLast((text) => text.startsWith('CREATE'));
  expect(sql).toMatch(/`snapshot`\.`total_[0-9a-f]{8}`/);
  expect(sql).not.toMatch(/`snapshot`\.`(?:email|phones|contacts)_/);
  expect(taggedIn(columnsOf(bigQuery, FOLDED))).toEqual(['email', 'phones', 'contacts.value']);
});
