import { systemClock } from '../clock.ts';
import { DeadLetterBucket } from '../delivery/dead-letter-bucket.ts';
import type { StreamHandlerOptions } from '../delivery/stream-handler.ts';
import { BigQueryDestination } from '../destination/bigquery/bigquery-destination.ts';
import { createApi } from '../destination/bigquery/client.ts';
import { jsonLog } from '../log.ts';
import { systemRandom } from '../random.ts';
import type { LambdaConfig } from './config.ts';
import { ownTableOnly } from './own-table.ts';

/** Builds the options of a function's handler: BigQuery, the bucket for dead letters, the log. Nothing is sent yet. */
export function connect(config: LambdaConfig): StreamHandlerOptions {
  const { stream, dataset, bigQuery, deadLetterBucket: bucket, deadLetterBucketOwner: owner } = config;
  const api = createApi(dataset.project, bigQuery.endpoint);
  const destination = new BigQueryDestination(dataset, bigQuery, {
    api,
    clock: systemClock,
    random: systemRandom,
    // Lambda holds the records and calls again: a load job would take longer than a call should.
    newChangelogs: 'refuse',
  });
  const look = (until?: number) => destination.known(stream.tableName, until);
  return {
    source: { name: stream.tableName, arn: stream.tableArn, tableId: null },
    destination: ownTableOnly(destination, { stream, look, clock: systemClock }),
    deadLetters: new DeadLetterBucket({ bucket, owner }),
    log: jsonLog((line) => process.stdout.write(`${line}\n`)),
  };
}
