import { TailraceError } from '../errors.ts';

/** What one partition of a changelog holds: the changes that were ingested in one day or one hour (UTC). */
export const PARTITION_UNITS = ['day', 'hour'] as const;

export type PartitionUnit = (typeof PARTITION_UNITS)[number];

/** How a changelog is stored, as `setup` was asked to. */
export type ChangelogSettings = {
  /** Fixed when the changelog is created: a warehouse can't partition a table otherwise later. */
  readonly partition: PartitionUnit;
  /** How many days of changes are promised to be there, at least. */
  readonly historyDays: number;
};

/** How a changelog is stored, as its annotation has it. */
export type ChangelogStorage = ChangelogSettings & {
  /**
   * Rows that were ingested before this time may be gone, in milliseconds since the epoch: the changelog's birth, until
   * rows are dropped.
   */
  readonly keptSince: number;
};

/**
 * Partitions that a history may take. A table may have 10,000; the rest is for the days on which nothing drops old rows.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#partitioned_tables>
 */
const MAX_PARTITIONS = 9_000;

const PARTITIONS_A_DAY: Readonly<Record<PartitionUnit, number>> = { day: 1, hour: 24 };

const DEFAULT_PARTITION: PartitionUnit = 'day';

/** A year and a month: a month can be compared with the same one of the year before. */
const DEFAULT_HISTORY_DAYS = 400;

/** The longest history that a changelog of this unit may promise, in days. */
export function maxHistoryDays(partition: PartitionUnit): number {
  return Math.floor(MAX_PARTITIONS / PARTITIONS_A_DAY[partition]);
}

/** The history of a changelog for which `setup` was given none, in days. */
export function defaultHistoryDays(partition: PartitionUnit): number {
  return Math.min(DEFAULT_HISTORY_DAYS, maxHistoryDays(partition));
}

/**
 * Chooses the settings of a table's changelog: what is wished, else what it has, else the defaults.
 *
 * @param existing Those of the changelog that is there; `undefined` if none is.
 * @throws {TailraceError} `destination-conflict` if the changelog has another unit, `usage-invalid` if the history takes
 *   more partitions than a table may have.
 */
export function chosenSettings(
  tableName: string,
  existing: ChangelogSettings | undefined,
  wished: Partial<ChangelogSettings>,
): ChangelogSettings {
  const partition = wished.partition ?? existing?.partition ?? DEFAULT_PARTITION;
  if (existing !== undefined && partition !== existing.partition) {
    throw new TailraceError(
      'destination-conflict',
      `The changelog of ${tableName} is partitioned by ${existing.partition}, which can't be changed to ${partition}`,
      {
        context: { table: tableName, partition: existing.partition, asked: partition },
        remedy:
          `Leave out --partition. For another unit the changelog must be created again, which loses its history: run \`tailrace remove ${tableName}\`, ` +
          `then \`tailrace setup ${tableName} --partition ${partition}\` and \`tailrace backfill ${tableName}\`.`,
      },
    );
  }
  const historyDays = wished.historyDays ?? existing?.historyDays ?? defaultHistoryDays(partition);
  if (historyDays > maxHistoryDays(partition)) throw tooManyPartitions(tableName, { partition, historyDays }, existing);
  return { partition, historyDays };
}

function tooManyPartitions(
  tableName: string,
  { partition, historyDays }: ChangelogSettings,
  existing: ChangelogSettings | undefined,
): TailraceError {
  const partitions = (historyDays * PARTITIONS_A_DAY[partition]).toLocaleString('en-US');
  const byDay = partition === 'hour' && existing === undefined && historyDays <= maxHistoryDays('day');
  return new TailraceError(
    'usage-invalid',
    `${historyDays} days of history are ${partitions} partitions of ${partition === 'hour' ? 'an hour' : 'a day'}: ` +
      `more than the ${MAX_PARTITIONS.toLocaleString('en-US')} of 10,000 that a history may take`,
    {
      context: { table: tableName, partition, history_days: historyDays },
      remedy: `Give --history ${maxHistoryDays(partition)} or less${byDay ? ', or --partition day' : ''}.`,
    },
  );
}
