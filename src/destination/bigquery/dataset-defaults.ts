import { TailraceError } from '../../errors.ts';
import type { DatasetResource, FieldSchema, TableResource } from './resources.ts';

/** A dataset, as far as it is asked here. */
type Dataset = {
  readonly name: string;
  readonly shellName: string;
  describe(): Promise<DatasetResource>;
  dropTable(tableId: string): Promise<unknown>;
};

const DAY_MS = 24 * 60 * 60_000;

/**
 * After so many days everything expires in BigQuery's sandbox, which can't be lifted there, only be made less.
 * Source: <https://docs.cloud.google.com/bigquery/docs/sandbox#limitations>
 */
const SANDBOX_DAYS = 60;

/** @throws {TailraceError} `destination-conflict` if tables of a dataset vanish by themselves. */
export async function refuseExpiringDataset(dataset: Dataset): Promise<void> {
  const resource = await dataset.describe();
  const expiring = expiryOf(resource);
  if (expiring === undefined) return;
  throw expiringDataset(dataset, `lets ${expiring.what} expire by default, after ${expiring.days} days`, resource);
}

/**
 * Refuses a table or view that was just created, if the dataset's defaults gave it what would take rows away, or make keys
 * equal that aren't.
 *
 * @param asked As it was to be created.
 * @param made As BigQuery says that it created it.
 * @throws {TailraceError} `destination-conflict`; it is dropped then, and was empty.
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
  throw new TailraceError(
    'destination-conflict',
    `Dataset ${dataset.name} gives ${tableId} a collation of its own: ${collated.join(', ')}`,
    { remedy: `Run the statement ALTER SCHEMA \`${dataset.name}\` SET DEFAULT COLLATE '', and then the same again.` },
  );
}

/** The columns whose texts aren't compared character by character, as a person reads it; keys would be equal that aren't. */
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

/** What lifts the expiry, which a project without billing can't. */
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
