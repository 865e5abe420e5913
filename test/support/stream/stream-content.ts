import { createAwsClients } from '../../../src/source/aws-clients.ts';
import { AwsStreamClient } from '../../../src/stream/aws-stream-client.ts';
import { withStreamArn } from '../../../src/stream/page-records.ts';
import type { Dynoxide, TestTable } from './dynoxide.ts';

/** All records of a stream with one shard, as Lambda would deliver them. */
export type StreamContent = { readonly shardId: string; readonly records: readonly unknown[] };

/** Reads the stream of a table on the embedded server, which has one shard. */
export async function streamContent({ endpointUrl }: Dynoxide, { streamArn }: TestTable): Promise<StreamContent> {
  if (streamArn === null) throw new Error('The table has no stream');
  using clients = await createAwsClients({ endpointUrl });
  const client = new AwsStreamClient(clients.streams);
  const [shard, ...others] = (await client.describe(streamArn)).shards;
  if (!shard || others.length > 0) throw new Error('One shard was expected');
  const records: unknown[] = [];
  let iterator: string | null = await client.iterator(streamArn, shard.id, { at: 'TRIM_HORIZON' });
  for (let count = -1; iterator !== null && count !== records.length; ) {
    count = records.length;
    const page = await client.records(iterator);
    for (const record of page.records) records.push(withStreamArn(record, streamArn));
    iterator = page.nextIterator;
  }
  return { shardId: shard.id, records };
}
