import pLimit from 'p-limit';
import { TailraceError } from '../../errors.ts';
import type { DatasetPath } from '../../views/googlesql.ts';
import { json, type Purpose } from './api.ts';
import type { Call, Caller } from './caller.ts';
import { refuseDefaults } from './dataset-defaults.ts';
import { hasStatus } from './errors.ts';
import type { DatasetResource, TableList, TableResource } from './resources.ts';
import type { BigQuerySettings } from './settings.ts';

/** What distinguishes a table from an earlier one of its name, or from itself with other columns; and how old it is. */
export type TableVersion = {
  /** Milliseconds since the epoch, as BigQuery gives it; `null` from a server that doesn't. */
  readonly createdAt: string | null;
  /** Its columns, as text to compare. */
  readonly columns: string;
  /** When the server answered, by its own clock, in milliseconds since the epoch. */
  readonly answeredAt: number | null;
};

/** One dataset: its tables and views by their ids, and its location. */
export class Dataset {
  readonly caller: Caller;
  readonly path: DatasetPath;
  readonly settings: BigQuerySettings;
  /** Sends files one at a time. */
  readonly uploads = pLimit(1);
  #location: Promise<string> | undefined;

  constructor(caller: Caller, path: DatasetPath, settings: BigQuerySettings) {
    this.caller = caller;
    this.path = path;
    this.settings = settings;
  }

  /** As a person names it. */
  get name(): string {
    return `${this.path.project}.${this.path.dataset}`;
  }

  /** As Google's `bq` command names it. */
  get shellName(): string {
    return `${this.path.project}:${this.path.dataset}`;
  }

  nameOf(tableId: string): string {
    return `${this.name}.${tableId}`;
  }

  pathOf(tableId: string): string {
    return `datasets/${this.path.dataset}/tables/${tableId}`;
  }

  /**
   * The dataset's location, such as `EU`, in which its jobs must run. Requested once.
   *
   * @throws {TailraceError} `destination-missing` if there is no such dataset, `destination-conflict` if the
   *   settings name another location.
   */
  location(until?: number): Promise<string> {
    this.#location ??= this.#findLocation(until).catch((error: unknown) => {
      this.#location = undefined;
      throw error;
    });
    return this.#location;
  }

  /** @throws {TailraceError} `destination-missing` if there is no such dataset. */
  async describe(until?: number): Promise<DatasetResource> {
    try {
      return await this.caller.call<DatasetResource>({
        doing: `read dataset ${this.name}`,
        permission: 'bigquery.datasets.get',
        method: 'GET',
        path: `datasets/${this.path.dataset}`,
        until,
      });
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
      throw new TailraceError('destination-missing', `There is no dataset ${this.name}, or no such project`, {
        remedy: `Create it: bq mk --dataset --location=${this.settings.location ?? 'EU'} ${this.shellName}`,
        cause: error,
      });
    }
  }

  async findTable(tableId: string, until?: number): Promise<TableResource | undefined> {
    try {
      return await this.caller.call<TableResource>({
        ...this.#purpose('read', tableId, 'bigquery.tables.get'),
        method: 'GET',
        path: this.pathOf(tableId),
        until,
      });
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  /**
   * Gives a table or view that must be there.
   *
   * @param until When to stop retrying, in milliseconds since the epoch; likewise in the other methods.
   * @throws {TailraceError} `destination-missing` that names the dataset, or the table, that isn't there.
   */
  async getTable(tableId: string, until?: number): Promise<TableResource> {
    const table = await this.findTable(tableId, until);
    if (table !== undefined) return table;
    await this.location(until);
    throw new TailraceError('destination-missing', `${this.nameOf(tableId)} doesn't exist`);
  }

  /** Reads the version of a table, which must be there as for {@link getTable}. The call costs nothing. */
  async tableVersion(tableId: string, until?: number): Promise<TableVersion> {
    const call: Call = {
      ...this.#purpose('read', tableId, 'bigquery.tables.get'),
      method: 'GET',
      path: this.pathOf(tableId),
      query: { fields: 'creationTime,schema' },
      until,
    };
    try {
      const { json, answeredAt } = await this.caller.retry(call, (end) =>
        this.caller.exchange({ ...call, until: end }),
      );
      const { creationTime, schema }: TableResource = json;
      const columns = (schema?.fields ?? []).map(({ name, type, mode }) => [name, type, mode]);
      return { createdAt: creationTime ?? null, columns: JSON.stringify(columns), answeredAt };
    } catch (error) {
      if (hasStatus(error, 404)) await this.getTable(tableId, until);
      throw error;
    }
  }

  /** Ids of all tables and views, in BigQuery's order. */
  async tableIds(): Promise<readonly string[]> {
    return (await this.listTables()).map(({ id }) => id);
  }

  /** All tables and views with the role that they have by their label, in BigQuery's order. */
  async listTables(): Promise<readonly { readonly id: string; readonly role: string | undefined }[]> {
    const listed: { id: string; role: string | undefined }[] = [];
    let pageToken: string | undefined;
    do {
      const page: TableList = await this.caller.call<TableList>({
        doing: `list the tables of ${this.name}`,
        permission: 'bigquery.tables.list',
        method: 'GET',
        path: `datasets/${this.path.dataset}/tables`,
        query: { maxResults: '1000', ...(pageToken === undefined ? {} : { pageToken }) },
      });
      for (const { tableReference, labels } of page.tables ?? []) {
        if (tableReference?.tableId) listed.push({ id: tableReference.tableId, role: labels?.['tailrace'] });
      }
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return listed;
  }

  /**
   * Creates a table or view. Gives `false` if there is one of that name already.
   *
   * @throws {TailraceError} `destination-conflict` if the dataset's defaults gave it an expiry or a collation.
   */
  async createTable(tableId: string, resource: TableResource): Promise<boolean> {
    let made: TableResource;
    try {
      made = await this.caller.call<TableResource>({
        ...this.#purpose('create', tableId, 'bigquery.tables.create'),
        method: 'POST',
        path: `datasets/${this.path.dataset}/tables`,
        body: json({
          ...resource,
          tableReference: { projectId: this.path.project, datasetId: this.path.dataset, tableId },
        }),
      });
    } catch (error) {
      if (hasStatus(error, 409)) return false;
      throw error;
    }
    await refuseDefaults(this, tableId, resource, made);
    return true;
  }

  /**
   * Changes what `resource` names.
   *
   * @param etag Only if this is still the table's etag.
   * @throws {TailraceError} `snapshot-superseded` if it isn't.
   */
  async patchTable(
    tableId: string,
    resource: TableResource,
    etag?: string,
    permission = 'bigquery.tables.update',
  ): Promise<void> {
    await this.caller.call({
      ...this.#purpose('change', tableId, permission),
      method: 'PATCH',
      path: this.pathOf(tableId),
      body: json(resource),
      ...(etag === undefined ? {} : { headers: { 'If-Match': etag } }),
    });
  }

  /** Drops a table or view; a missing one is no error. */
  async dropTable(tableId: string): Promise<void> {
    try {
      await this.caller.call({
        ...this.#purpose('drop', tableId, 'bigquery.tables.delete'),
        method: 'DELETE',
        path: this.pathOf(tableId),
      });
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  }

  async #findLocation(until?: number): Promise<string> {
    const expected = this.settings.location;
    const { location = 'US' } = await this.describe(until);
    if (expected !== null && expected.toLowerCase() !== location.toLowerCase()) {
      throw new TailraceError('destination-conflict', `Dataset ${this.name} is in ${location}, not in ${expected}`, {
        remedy: `Set TAILRACE_BIGQUERY_LOCATION=${location}, or name a dataset in ${expected}.`,
      });
    }
    return location;
  }

  #purpose(verb: string, tableId: string, permission: string): Purpose {
    return { doing: `${verb} ${this.nameOf(tableId)}`, permission };
  }
}
