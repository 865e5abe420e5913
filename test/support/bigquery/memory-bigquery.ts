import {
  type ApiAnswer,
  ApiFailure,
  type ApiRequest,
  type BigQueryApi,
} from '../../../src/destination/bigquery/api.ts';
import { BigQueryDestination } from '../../../src/destination/bigquery/bigquery-destination.ts';
import type { FieldSchema, Job, TableResource } from '../../../src/destination/bigquery/resources.ts';
import { bigQuerySettings } from '../../../src/destination/bigquery/settings.ts';
import { hurriedClock } from '../clock/simple-clocks.ts';
import type { Crash } from '../process/crash.ts';
import { seededRandom } from '../values/seeded-random.ts';
import { DATASET } from './scripted-bigquery.ts';

/** When it is prepared, by its clock: so long ago that every row of a test is ingested later. */
const BORN_AT = 2 * 60 * 60_000;

const TABLES = `datasets/${DATASET.dataset}/tables`;
const TABLE_OF_STATEMENT = /^CREATE TABLE IF NOT EXISTS `my-project\.shop\.(\w+)` \(\n([\s\S]*?)\n\)\n/;

type Settings = Parameters<typeof bigQuerySettings>[0];

/**
 * One dataset in memory: its tables and views without their rows, and its jobs. A statement `CREATE TABLE … AS` makes its
 * table at the end of its job, all at once; any other query gives {@link values}.
 */
export class MemoryBigQuery implements BigQueryApi {
  readonly tables = new Map<string, TableResource>();
  readonly requests: ApiRequest[] = [];
  /** The configurations of the jobs that ran a statement, by their ids; checks without a run aren't among them. */
  readonly jobs = new Map<
    string,
    { readonly query?: { readonly query: string; readonly maximumBytesBilled?: string } }
  >();
  /** The queries that were checked and not run. */
  readonly checks: { readonly maximumBytesBilled?: string }[] = [];
  /** What queries give in the columns of these names. */
  values: Readonly<Record<string, string | null>> = {};
  /** Called before each request is carried out; what it throws is the answer. */
  intercept: (request: ApiRequest) => void = () => {};
  /** Milliseconds after which new tables expire. */
  defaultTableExpirationMs: string | undefined;
  /** The time in its answers, in milliseconds since the epoch. */
  answeredAt: number | null = BORN_AT;
  /** How often a job is still running when it is asked for. */
  polls = 0;
  readonly #states = new Map<string, { job: Job; left: number; end: () => void }>();
  #etag = 0;
  #destinations = 0;

  destination(environment: Settings = {}, crash?: Crash, when: 'before' | 'after' = 'before'): BigQueryDestination {
    const stepped = async (request: ApiRequest) => {
      if (when === 'before') await crash?.step();
      const answer = await this.exchange(request);
      if (when === 'after') await crash?.step();
      return answer;
    };
    const api = { send: async (request: ApiRequest) => (await stepped(request)).json, exchange: stepped };
    return new BigQueryDestination(DATASET, bigQuerySettings(environment), {
      api: crash === undefined ? this : api,
      clock: hurriedClock(),
      random: seededRandom(++this.#destinations),
    });
  }

  /** The ids of the jobs that made a table. */
  get making(): readonly string[] {
    return [...this.jobs].flatMap(([id, { query }]) => (query?.query.startsWith('CREATE TABLE') ? [id] : []));
  }

  async send(request: ApiRequest): Promise<object> {
    return (await this.exchange(request)).json;
  }

  async exchange(request: ApiRequest): Promise<ApiAnswer> {
    this.requests.push(request);
    this.intercept(request);
    return { status: 200, json: this.#answer(request), location: null, range: null, answeredAt: this.answeredAt };
  }

  /** Creates or changes a table, as if by another process. */
  put(id: string, resource: TableResource): void {
    this.tables.set(id, { type: resource.view ? 'VIEW' : 'TABLE', ...resource, etag: `"${++this.#etag}"` });
  }

  #answer({ method, path, headers, body }: ApiRequest): object {
    if (path === `datasets/${DATASET.dataset}`) {
      const { defaultTableExpirationMs } = this;
      return { location: 'EU', ...(defaultTableExpirationMs && { defaultTableExpirationMs }) };
    }
    if (path === 'jobs') return this.#start(String(body?.bytes));
    if (path.startsWith('jobs/')) return this.#look(path.slice('jobs/'.length));
    if (path.startsWith('queries/')) return this.#results(path.slice('queries/'.length));
    const parsed = () => JSON.parse(String(body?.bytes)) as TableResource;
    if (path === TABLES) {
      if (method === 'GET')
        return {
          tables: [...this.tables].map(([tableId, { labels }]) => ({
            tableReference: { tableId },
            ...(labels && { labels }),
          })),
        };
      const { tableReference, ...resource } = parsed() as TableResource & { tableReference: { tableId: string } };
      if (this.tables.has(tableReference.tableId)) throw new ApiFailure({ status: 409, reason: 'duplicate' });
      return this.#create(tableReference.tableId, resource);
    }
    const id = path.slice(TABLES.length + 1);
    const found = this.tables.get(id);
    if (found === undefined) throw notFound();
    if (method === 'GET') return found;
    if (method === 'DELETE') {
      this.tables.delete(id);
      return {};
    }
    const expected = headers?.['If-Match'];
    if (expected !== undefined && expected !== found.etag)
      throw new ApiFailure({ status: 412, reason: 'conditionNotMet' });
    this.put(id, { ...found, ...parsed() });
    return {};
  }

  #create(id: string, resource: TableResource): TableResource {
    const { defaultTableExpirationMs } = this;
    const expires = !resource.view && defaultTableExpirationMs && { expirationTime: defaultTableExpirationMs };
    this.put(id, { ...expires, ...resource });
    return this.tables.get(id) ?? {};
  }

  #start(text: string): object {
    const json = /\{"jobReference".*\}/.exec(text)?.[0] ?? '';
    const { jobReference, configuration } = JSON.parse(json);
    const { jobId } = jobReference;
    const { query } = configuration;
    if (configuration.dryRun) this.checks.push(query);
    if (configuration.dryRun) return { jobReference, statistics: { query: { totalBytesProcessed: '4096000000' } } };
    if (this.jobs.has(jobId)) throw new ApiFailure({ status: 409, reason: 'duplicate' });
    this.jobs.set(jobId, configuration);
    const [, made] = TABLE_OF_STATEMENT.exec(query?.query ?? '') ?? [];
    const end = () => {
      if (made !== undefined && !this.tables.has(made)) this.#create(made, tableOf(query.query));
    };
    this.#states.set(jobId, {
      job: { jobReference, status: { state: 'DONE' } },
      left: made === undefined ? 0 : this.polls,
      end,
    });
    return this.#look(jobId);
  }

  #look(id: string): Job {
    const state = this.#states.get(id);
    if (state === undefined) throw notFound();
    if (state.left-- > 0) return { ...state.job, status: { state: 'RUNNING' } };
    state.end();
    state.end = () => {};
    return state.job;
  }

  /** Makes a job's end a failure. */
  fail(id: string, reason: string, message = ''): void {
    const state = this.#states.get(id);
    if (state === undefined) throw notFound();
    Object.assign(state, {
      left: 0,
      end: () => {},
      job: { ...state.job, status: { state: 'DONE', errorResult: { reason, message } } },
    });
  }

  #results(id: string): object {
    const sql = this.jobs.get(id)?.query?.query ?? '';
    const names = [...(sql.split('\nFROM')[0] ?? '').matchAll(/AS `(\w+)`/g)].map(([, name = '']) => name);
    const fields = names.map((name) => ({ name, type: /^\d+$/.test(this.values[name] ?? '') ? 'INTEGER' : 'STRING' }));
    return {
      jobComplete: true,
      schema: { fields },
      rows: [{ f: names.map((name) => ({ v: this.values[name] ?? null })) }],
    };
  }
}

/** The table that a statement makes, with what it spells out. */
function tableOf(sql: string): TableResource {
  const [head = '', , columns = ''] = TABLE_OF_STATEMENT.exec(sql) ?? [];
  const [, literal = ''] = /^OPTIONS \(description = '((?:[^'\\]|\\.)*)'/m.exec(sql.slice(head.length)) ?? [];
  const description = JSON.parse(`"${literal.replaceAll("\\'", "'").replaceAll('"', '\\"')}"`);
  const fields = columns.split(',\n').map((line) => fieldOf(line.trim()));
  return { type: 'TABLE', description, schema: { fields } };
}

/** A column, or a field of a record, from the beginning of a text: its name, its type and its mode. */
function fieldOf(text: string): FieldSchema {
  const [, name = '', list, type = '', inside = '', required] =
    /^`([^`]+)` (ARRAY<)?(\w+)(?:<(.*)>>)?>?( NOT NULL)?/.exec(text) ?? [];
  const mode = list ? 'REPEATED' : required ? 'REQUIRED' : 'NULLABLE';
  if (type !== 'STRUCT') return { name, type, mode };
  return { name, type: 'RECORD', mode, fields: inside.split(/, (?=`)/).map(fieldOf) };
}

function notFound(): ApiFailure {
  return new ApiFailure({ status: 404, reason: 'notFound' });
}
