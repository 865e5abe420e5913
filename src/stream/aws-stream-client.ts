import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard as SdkShard,
  type StreamDescription as SdkStreamDescription,
} from '@aws-sdk/client-dynamodb-streams';
import { TailraceError } from '../errors.ts';
import { toStreamError } from './aws-stream-error.ts';
import {
  type IteratorStart,
  MAX_PAGE_RECORDS,
  type Shard,
  type StreamClient,
  type StreamDescription,
  type StreamPage,
} from './stream-client.ts';

/**
 * Reads a stream through the AWS SDK.
 *
 * The SDK's own retries come first; what still fails is named by kind.
 */
export class AwsStreamClient implements StreamClient {
  readonly #client: DynamoDBStreamsClient;

  constructor(client: DynamoDBStreamsClient) {
    this.#client = client;
  }

  async describe(streamArn: string, signal?: AbortSignal): Promise<StreamDescription> {
    const shards: Shard[] = [];
    const cursors = new Set<string>();
    for (let from: string | undefined; ; ) {
      const page = await this.#describePage(streamArn, from, signal);
      shards.push(...(page.Shards ?? []).map((shard) => toShard(shard, streamArn)));
      from = page.LastEvaluatedShardId;
      if (from === undefined) return toDescription(page, shards, streamArn);
      if (cursors.has(from)) throw invalidAnswer('DescribeStream gives the same page for ever', streamArn);
      cursors.add(from);
    }
  }

  async iterator(streamArn: string, shardId: string, start: IteratorStart, signal?: AbortSignal): Promise<string> {
    const { ShardIterator } = await this.#call('GetShardIterator', { stream_arn: streamArn, shard_id: shardId }, () =>
      this.#client.send(
        new GetShardIteratorCommand({
          StreamArn: streamArn,
          ShardId: shardId,
          ShardIteratorType: start.at,
          ...(start.at !== 'TRIM_HORIZON' && { SequenceNumber: start.sequenceNumber }),
        }),
        { ...(signal && { abortSignal: signal }) },
      ),
    );
    if (!ShardIterator) throw invalidAnswer('GetShardIterator gives no iterator', streamArn);
    return ShardIterator;
  }

  async records(iterator: string, signal?: AbortSignal): Promise<StreamPage> {
    const { Records, NextShardIterator } = await this.#call('GetRecords', {}, () =>
      this.#client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: MAX_PAGE_RECORDS }), {
        ...(signal && { abortSignal: signal }),
      }),
    );
    return { records: Records ?? [], nextIterator: NextShardIterator ?? null };
  }

  async #describePage(
    streamArn: string,
    from: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<SdkStreamDescription> {
    const { StreamDescription } = await this.#call('DescribeStream', { stream_arn: streamArn }, () =>
      this.#client.send(new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: from }), {
        ...(signal && { abortSignal: signal }),
      }),
    );
    if (!StreamDescription) throw invalidAnswer('DescribeStream gives no description', streamArn);
    return StreamDescription;
  }

  async #call<T>(action: string, context: Readonly<Record<string, string>>, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw toStreamError(error, action, context);
    }
  }
}

function toDescription(page: SdkStreamDescription, shards: readonly Shard[], streamArn: string): StreamDescription {
  const { StreamLabel: label, StreamStatus: status, StreamViewType: viewType, CreationRequestDateTime: created } = page;
  if (!label || !status || !viewType || !created) {
    throw invalidAnswer('DescribeStream gives no label, status, view type or time', streamArn);
  }
  return { arn: streamArn, label, status, viewType, createdAt: created.getTime(), shards };
}

function toShard({ ShardId, ParentShardId, SequenceNumberRange: range }: SdkShard, streamArn: string): Shard {
  if (!ShardId) throw invalidAnswer('DescribeStream gives a shard without an id', streamArn);
  return {
    id: ShardId,
    parentId: ParentShardId || null,
    startingSequenceNumber: range?.StartingSequenceNumber ?? null,
    endingSequenceNumber: range?.EndingSequenceNumber ?? null,
  };
}

function invalidAnswer(message: string, streamArn: string): TailraceError {
  return new TailraceError('source-invalid', message, { context: { stream_arn: streamArn } });
}
