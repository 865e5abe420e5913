import { systemClock } from '../clock.ts';
import { DeadLetterBucket } from '../delivery/dead-letter-bucket.ts';
import type { StreamHandlerOptions } from '../delivery/stream-handler.ts';
import { Caller } from '../destination/bigquery/caller.ts';
import { ChangelogWriter } from '../destination/bigquery/changelog-writer.ts';
import { createApi } from '../destination/bigquery/client.ts';
import { Dataset } from '../destination/bigquery/dataset.ts';
import { readKnown } from '../destination/bigquery/setup.ts';
import type { ChangelogAppender } from '../destination/destination.ts';
import { jsonLog } from '../log.ts';
import { systemRandom } from '../random.ts';
import type { LambdaConfig } from './config.ts';
import { ownTableOnly } from './own-table.ts';

/** Builds the options of a function's handler: BigQuery, the bucket for dead letters, the log. Nothing is sent yet. */
export function connect(config: LambdaConfig): StreamHandlerOptions {
  const { stream, dataset, bigQuery, deadLetterBucket: bucket, deadLetterBucketOwner: owner } = config;
  const caller = new Caller(createApi(dataset.project, bigQuery.endpoint), systemClock, systemRandom);
  // Not a whole `BigQueryDestination`, whose snapshots and views would be in the function's bundle.
  const bigQueryDataset = new Dataset(caller, dataset, bigQuery);
  // Lambda holds the records and calls again: a load job would take longer than a call should.
  const changelogs = new ChangelogWriter(bigQueryDataset, 'refuse');
  const appender: ChangelogAppender = {
    append: (table, rows, { deadline } = {}) => changelogs.append(table, rows, deadline),
  };
  const look = (until?: number) => readKnown(bigQueryDataset, stream.tableName, until);
  return {
    source: { name: stream.tableName, arn: stream.tableArn, tableId: null },
    destination: ownTableOnly(appender, { stream, look, clock: systemClock }),
    deadLetters: new DeadLetterBucket({ bucket, owner }),
    log: jsonLog((line) => process.stdout.write(`${line}\n`)),
  };
}
