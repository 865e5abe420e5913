import { randomBytes } from 'node:crypto';
import { systemClock } from '../../src/clock.ts';
import { writeAnnotation } from '../../src/destination/annotation.ts';
import { type ApiAnswer, type ApiRequest, type BigQueryApi, json } from '../../src/destination/bigquery/api.ts';
import { BigQueryDestination } from '../../src/destination/bigquery/bigquery-destination.ts';
import { createApi } from '../../src/destination/bigquery/client.ts';
import type { TableList, TableResource } from '../../src/destination/bigquery/resources.ts';
import type { BigQuerySettings } from '../../src/destination/bigquery/settings.ts';
import { systemRandom } from '../../src/random.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import type { SteppedDestination } from '../support/process/kill-run.ts';
import type { BigQueryUnderTest } from './global-setup.ts';

const TIMEOUT_MS = 60_000;

/** The statement that makes a snapshot of a table whose name stands in the snapshot's as it is. */
const CREATED_SNAPSHOT = /CREATE TABLE IF NOT EXISTS `[^`]*[.]((\w+)_snapshot_\w+)`/;

/** Creates an empty dataset, which is dropped with all that is in it. */
export async function temporaryDataset({ endpoint, project, prefix }: BigQueryUnderTest): Promise<SteppedDestination> {
  const dataset = `${prefix}_${randomBytes(6).toString('hex')}`;
  const api = createApi(project, endpoint);
  const settings: BigQuerySettings = {
    endpoint,
    location: null,
    labels: { purpose: 'test' },
    kmsKey: null,
    maxBytesBilled: 2 ** 40,
  };
  const send = (
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    query: Record<string, string> = {},
  ) =>
    api.exchange({ method, path, query, ...(body === undefined ? {} : { body: json(body) }), timeoutMs: TIMEOUT_MS });

  await send('POST', 'datasets', { datasetReference: { projectId: project, datasetId: dataset } });
  const openOn = (client: BigQueryApi) =>
    new BigQueryDestination({ project, dataset }, settings, {
      api: client,
      clock: systemClock,
      random: systemRandom,
    });
  /** bqemulator drops the description of a CREATE TABLE AS, which BigQuery stores by the same statement. */
  const describeMade = async ({ method, path, body }: ApiRequest) => {
    if (endpoint === null || method !== 'POST' || path !== 'jobs' || body === undefined) return;
    const [, table, tableName = ''] = CREATED_SNAPSHOT.exec(String(body.bytes)) ?? [];
    if (table === undefined) return;
    const description = writeAnnotation({ of: 'snapshot', tableName, facts: null });
    await send('PATCH', `datasets/${dataset}/tables/${table}`, { description });
  };
  /** bqemulator lists tables without their labels, which BigQuery lists. */
  const exchange = async (request: ApiRequest): Promise<ApiAnswer> => {
    const answer = await api.exchange(request);
    const { tables } = answer.json as TableList;
    const isList = request.method === 'GET' && request.path === `datasets/${dataset}/tables`;
    if (endpoint === null || !isList || tables === undefined) return answer;
    const labelled = tables.map(async ({ tableReference }) => {
      const path = `datasets/${dataset}/tables/${tableReference?.tableId}`;
      const { json: table } = await api.exchange({ method: 'GET', path, query: {}, timeoutMs: TIMEOUT_MS });
      return { tableReference, labels: (table as TableResource).labels };
    });
    return { ...answer, json: { ...answer.json, tables: await Promise.all(labelled) } };
  };
  return {
    open: async () => openOn({ exchange }),
    openStepped: async (step) =>
      openOn({
        async exchange(request) {
          await step();
          const answer = await exchange(request);
          await describeMade(request);
          return answer;
        },
      }),
    table: (name) => googlesql({ project, dataset }).table(name),
    async createForeignTable(tableId) {
      await send('POST', `datasets/${dataset}/tables`, {
        tableReference: { projectId: project, datasetId: dataset, tableId },
        schema: { fields: [{ name: 'x', type: 'STRING' }] },
      });
    },
    async setComment(table, comment) {
      await send('PATCH', `datasets/${dataset}/tables/${table}`, { description: comment });
    },
    async [Symbol.asyncDispose]() {
      await send('DELETE', `datasets/${dataset}`, undefined, { deleteContents: 'true' });
    },
  };
}
