import { TailraceError } from '../../errors.ts';
import type { DatasetResource, FieldSchema, TableResource } from './resources.ts';

/** The part of a dataset that is needed here. */
type Dataset = {
  readonly name: string;
  readonly shellName: string;
  describe(): Promise<DatasetResource>;
  dropTable(tableId: string): Promise<unknown>;
};

const DAY_MS = 24 * 60 * 60_000;

/**
 * Days after which everything expires in BigQuery's sandbox. There the expiry can be shortened, but not lifted.
 * Source: <https://docs.cloud.google.com/bigquery/docs/sandbox#limitations>
 */
const SANDBOX_DAYS = 60;

/**
 * Refuses a dataset with defaults that would take rows away, or make different keys equal.
 *
 * @throws {TailraceError} `destination-conflict`.
 */
export async function refuseDatasetDefaults(dataset: Dataset): Promise<void> {
  const resource = await dataset.describe();
  const expiring = expiryOf(resource);
  if (expiring !== undefined)
    throw expiringDataset(dataset, `lets ${expiring.what} expire by default, after ${expiring.days} days`, resource);
  const { defaultCollation = '' } = resource;
  if (defaultCollation !== '')
    throw collatedDataset(dataset, `compares texts by the collation ${defaultCollation} by default`);
}

/**
 * Refuses a table or view that was just created if the dataset's defaults gave it an expiry, or a collation by which
 * different keys are equal.
 *
 * @param asked The resource that was sent.
 * @param made The resource that BigQuery created.
 * @throws {TailraceError} `destination-conflict`, once the empty table is dropped.
 */
export async function refuseDefaults(
  dataset: Dataset,
  tableId: string,
  asked: TableResource,
  made: TableResource,
): Promise<void> {
  const expires =
    (asked.expirationTime === undefined && made.expirationTime !== undefined) ||
    Number(made.timePartitioning?.expirationMs ?? 0) > 0;
  const collated = asked.view === undefined ? collatedColumns(made.schema?.fields ?? []) : [];
  if (!expires && collated.length === 0) return;
  await dataset.dropTable(tableId);
  if (expires) throw expiringDataset(dataset, `would let ${tableId} expire`, await dataset.describe());
  throw collatedDataset(dataset, `gives ${tableId} a collation of its own: ${collated.join(', ')}`);
}

/** The columns that have a collation, for messages: in them, different keys may be equal. */
export function collatedColumns(fields: readonly FieldSchema[]): readonly string[] {
  return fields.flatMap(({ name = '', collation = '' }) =>
    collation === '' ? [] : [`column ${name} has the collation ${collation}`],
  );
}

function expiryOf(resource: DatasetResource): { readonly what: string; readonly days: number } | undefined {
  const tables = Number(resource.defaultTableExpirationMs ?? 0);
  const partitions = Number(resource.defaultPartitionExpirationMs ?? 0);
  if (tables > 0) return { what: 'tables', days: Math.floor(tables / DAY_MS) };
  return partitions > 0 ? { what: 'partitions', days: Math.floor(partitions / DAY_MS) } : undefined;
}

/**
 * With `und:ci` the keys "a" and "A" are equal, and neither clusters nor window functions take a key.
 * Source: <https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/collation-concepts>
 */
function collatedDataset({ name }: Dataset, how: string): TailraceError {
  const statement = `ALTER SCHEMA \`${name}\` SET DEFAULT COLLATE ""`;
  return new TailraceError('destination-conflict', `Dataset ${name} ${how}`, {
    remedy: `Run: bq query --use_legacy_sql=false '${statement}'`,
  });
}

/** The remedy has the command that lifts the expiry, which a project without billing can't run. */
function expiringDataset(dataset: Dataset, how: string, resource: DatasetResource): TailraceError {
  const days = expiryOf(resource)?.days ?? 0;
  const lift = `bq update --default_table_expiration=0 --default_partition_expiration=0 ${dataset.shellName}`;
  const remedy =
    days > SANDBOX_DAYS
      ? `Run: ${lift}`
      : "If the project has no billing account, link one first (https://console.cloud.google.com/billing): in BigQuery's " +
        `sandbox an expiry of ${SANDBOX_DAYS} days or less can't be lifted. With billing, run: ${lift}`;
  const sandbox = days === SANDBOX_DAYS ? ", as BigQuery's sandbox does" : '';
  return new TailraceError('destination-conflict', `Dataset ${dataset.name} ${how}${sandbox}`, { remedy });
}
