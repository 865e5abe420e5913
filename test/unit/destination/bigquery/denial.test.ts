import { describe, expect, test } from 'vitest';
import { ApiFailure } from '../../../../src/destination/bigquery/api.ts';
import { withPrincipal } from '../../../../src/destination/bigquery/client.ts';
import { denialOf } from '../../../../src/destination/bigquery/denial.ts';
import { DATASET, failure, type Script, startScriptedBigQuery } from '../../../support/bigquery/scripted-bigquery.ts';
import { rowFile } from '../../../support/values/row-file.ts';
import { changeRow, scannedRow } from '../../../support/values/rows.ts';

const TABLE = { name: 'orders', arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders', tableId: 'id-1' };
const ROOT = `datasets/${DATASET.dataset}`;
const IN_EU: Script = { [`GET ${ROOT}`]: { json: { location: 'EU' } } };
const ID = '20260304t050607z00ff';

type Destination = ReturnType<Awaited<ReturnType<typeof startScriptedBigQuery>>['destination']>;

/** A method of the destination, the request of it that is refused, and the permission and resource that are named. */
const REFUSED: readonly (readonly [
  what: string,
  call: (destination: Destination) => Promise<unknown>,
  request: string,
  permission: string,
  on: string,
])[] = [
  ['prepare', (to) => to.prepare(TABLE, 1), `GET ${ROOT}`, 'bigquery.datasets.get', 'dataset my-project:shop'],
  ['prepare', (to) => to.prepare(TABLE, 1), `GET ${ROOT}/tables`, 'bigquery.tables.list', 'dataset my-project:shop'],
  [
    'createLoad',
    (to) => to.createLoad(TABLE, ID),
    `POST ${ROOT}/tables`,
    'bigquery.tables.create',
    'dataset my-project:shop',
  ],
  [
    'published',
    (to) => to.published(TABLE),
    `GET ${ROOT}/tables/orders_state`,
    'bigquery.tables.get',
    'table my-project:shop.orders_state',
  ],
  [
    'append',
    (to) => to.append(TABLE, [changeRow('a')]),
    `POST ${ROOT}/tables/orders_changelog/insertAll`,
    'bigquery.tables.updateData',
    'table my-project:shop.orders_changelog',
  ],
  [
    'loadSnapshot',
    (to) => to.loadSnapshot(TABLE, ID, '0-0', rowFile([scannedRow('a')])),
    'POST jobs',
    'bigquery.jobs.create',
    'project my-project',
  ],
  ['countLatest', (to) => to.countLatest(TABLE), 'POST jobs', 'bigquery.jobs.create', 'project my-project'],
  [
    'dropSnapshot',
    (to) => to.dropSnapshot(TABLE, ID),
    `DELETE ${ROOT}/tables/orders_snapshot_${ID}`,
    'bigquery.tables.delete',
    `table my-project:shop.orders_snapshot_${ID}`,
  ],
];

/** BigQuery's own message. */
function sentence(permission: string, on: string): string {
  if (on.startsWith('project '))
    return `Access Denied: Project x: User does not have ${permission} permission in ${on}.`;
  return `Access Denied: Table x: Permission ${permission} denied on ${on} (or it may not exist).`;
}

describe('a permission that is missing', () => {
  test.each(REFUSED)(
    'for %s is named, with the resource that it is missing on and a role that has it',
    async (what, call, request, permission, on) => {
      await using server = await startScriptedBigQuery({
        ...IN_EU,
        [`GET ${ROOT}/tables/orders_state`]: failure(404, 'notFound'),
        ...(what === 'prepare' && { [`GET ${ROOT}/tables/orders_changelog`]: failure(404, 'notFound') }),
        [`GET ${ROOT}/tables/tailrace_load_${ID}`]: failure(404, 'notFound'),
        [request]: failure(403, 'accessDenied', sentence(permission, on)),
      });

      await expect(call(server.destination())).rejects.toMatchObject({
        kind: 'destination-denied',
        message: expect.stringContaining(`: ${permission} is not granted on ${on} (accessDenied)`),
        remedy: expect.stringMatching(
          permission.includes('jobs')
            ? /roles\/bigquery\.jobUser on the project/
            : /roles\/bigquery\.dataEditor on the dataset/,
        ),
      });
    },
  );
});

const PURPOSE = { doing: 'read it', permission: 'bigquery.jobs.create or bigquery.tables.getData' };

test.each([
  [
    'Access Denied: Project p: The user load@p.iam.gserviceaccount.com does not have bigquery.jobs.create permission in project p.',
    'bigquery.jobs.create is not granted to load@p.iam.gserviceaccount.com on project p',
  ],
  [
    'Access Denied: Project google.com:data: User does not have bigquery.jobs.create permission in project google.com:data.',
    'bigquery.jobs.create is not granted on project google.com:data',
  ],
  [
    'Access Denied: Table p:d.t: User does not have permission to query table p:d.t, or perhaps it does not exist in location EU.',
    'bigquery.tables.getData is not granted on table p:d.t',
  ],
  ['Access Denied: value "secret"', 'bigquery.jobs.create or bigquery.tables.getData is not granted'],
  ['Permission secret denied on secret secret', 'bigquery.jobs.create or bigquery.tables.getData is not granted'],
])('%s', (text, lacks) => {
  expect(denialOf(new ApiFailure({ status: 403, reason: 'accessDenied', text }), PURPOSE).missing).toBe(lacks);
});

test('the remedy of a request that needs two permissions names the roles of both', () => {
  expect(denialOf(new ApiFailure({ status: 403 }), PURPOSE).remedy).toContain(
    'roles/bigquery.jobUser on the project and roles/bigquery.dataEditor on the dataset',
  );
});

describe('whose credentials were refused', () => {
  const refused = new ApiFailure({ status: 403, reason: 'accessDenied', text: 'Access Denied' });
  const of = (client_email: string | undefined) => ({ getCredentials: async () => ({ client_email }) });

  test('is named where the credentials name it', async () => {
    const named = await withPrincipal(refused, of('load@p.iam.gserviceaccount.com'));

    expect(named).toMatchObject({ status: 403, reason: 'accessDenied', text: 'Access Denied' });
    expect(denialOf(named as ApiFailure, PURPOSE).missing).toContain('not granted to load@p.iam.gserviceaccount.com');
  });

  test.each([
    ['they do not name it', of(undefined)],
    ['it can not be read', { getCredentials: () => Promise.reject(new Error('Injected')) }],
  ])('is left out where %s', async (_, auth) => {
    expect(await withPrincipal(refused, auth)).toMatchObject({ status: 403, principal: null });
  });

  test('is read for refusals only', async () => {
    const other = new ApiFailure({ status: 404 });
    const unasked = { getCredentials: () => expect.unreachable() };

    expect(await withPrincipal(other, unasked)).toBe(other);
  });
});
