import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type Shard as SdkShard,
  type StreamDescription as SdkStreamDescription,
} from '@aws-sdk/client-dynamodb-streams';
import { type ErrorKind, TailraceError } from '../errors.ts';
import { awsError } from '../source/aws-error.ts';
import { RECEIVING } from '../source/middleware.ts';
import { rawCall } from '../source/raw-call.ts';
import { NO_STREAMS_REMEDY } from '../source/usable-stream.ts';
import {
  type IteratorStart,
  MAX_PAGE_RECORDS,
  type Shard,
  type StreamClient,
  type StreamDescription,
  type StreamPage,
} from './stream-client.ts';

/**
 * Errors that only streams answer with, by the SDK's names.
 *
 * Some servers answer ResourceNotFoundException also for a shard that they still list.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html>
 */
const STREAM_ERRORS: ReadonlyMap<string, { readonly kind: ErrorKind; readonly message: string }> = new Map([
  ['TrimmedDataAccessException', { kind: 'stream-trimmed', message: 'no longer holds what comes next' }],
  ['ExpiredIteratorException', { kind: 'iterator-expired', message: 'was read by an iterator that has expired' }],
  ['ResourceNotFoundException', { kind: 'stream-missing', message: "isn't there, or a shard of it is gone" }],
]);

/** Errors by which servers refuse an operation that they don't have. */
const UNKNOWN_OPERATION = new Set(['UnknownOperationException', 'UnknownOperation', 'InvalidAction', 'NotImplemented']);

/**
 * Reads a stream through the AWS SDK.
 *
 * The SDK's own retries come first; a request that still fails is named by kind. Records come as they are on the wire, past
 * the SDK's deserializer: it loses an attribute named `__proto__`, and takes several times as long as `JSON.parse`.
 */
export class AwsStreamClient implements StreamClient {
  readonly #client: DynamoDBStreamsClient;
  readonly #endpoint: string;

  /** @param endpoint Of `client`, for messages. */
  constructor(client: DynamoDBStreamsClient, endpoint = 'DynamoDB streams') {
    this.#client = client;
    this.#endpoint = endpoint;
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
    const command = new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: shardId,
      ShardIteratorType: start.at,
      ...(start.at !== 'TRIM_HORIZON' && { SequenceNumber: start.sequenceNumber }),
    });
    const { ShardIterator } = await this.#call('GetShardIterator', `shard ${shardId}`, streamArn, () =>
      this.#client.send(command, abortedBy(signal)),
    );
    if (!ShardIterator) throw invalidAnswer('GetShardIterator gives no iterator', streamArn);
    return ShardIterator;
  }

  async records(iterator: string, signal?: AbortSignal): Promise<StreamPage> {
    const input = { ShardIterator: iterator, Limit: MAX_PAGE_RECORDS };
    const { body } = await this.#call('GetRecords', 'a shard', streamOf(iterator), async () => {
      const command = new GetRecordsCommand(input);
      const raw = rawCall(input);
      command.middlewareStack.add(raw.receive, RECEIVING);
      await this.#client.send(command, abortedBy(signal));
      return raw.answer();
    });
    const records = body['Records'];
    const nextIterator = body['NextShardIterator'] ?? null;
    if (Array.isArray(records) && (nextIterator === null || typeof nextIterator === 'string')) {
      return { records, nextIterator };
    }
    // Read as the end of a shard, this would skip the rest of it for ever.
    throw new TailraceError(
      'source-invalid',
      `${this.#endpoint} answers dynamodb:GetRecords without a list of records`,
    );
  }

  /** Whether the server has streams at all: so it seems unless it refuses the operation as unknown. */
  async knowsStreams(table: string): Promise<boolean> {
    return this.#client.send(new ListStreamsCommand({ TableName: table, Limit: 1 })).then(
      () => true,
      (error: unknown) => !isUnknownOperation(error),
    );
  }

  async #describePage(
    streamArn: string,
    from: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<SdkStreamDescription> {
    const command = new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: from });
    const { StreamDescription } = await this.#call('DescribeStream', `stream ${streamArn}`, streamArn, () =>
      this.#client.send(command, abortedBy(signal)),
    );
    if (!StreamDescription) throw invalidAnswer('DescribeStream gives no description', streamArn);
    return StreamDescription;
  }

  /** @param stream The ARN on which IAM allows the action; `undefined` if it isn't known. */
  async #call<T>(action: string, subject: string, stream: string | undefined, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      if (isUnknownOperation(error)) throw withoutStreams(`dynamodb:${action}`, this.#endpoint, error);
      const own = STREAM_ERRORS.get(error instanceof Error ? error.name : '');
      const call = { action: `dynamodb:${action}`, subject, endpoint: this.#endpoint };
      if (!own) throw awsError(error, { ...call, ...(stream !== undefined && { resource: stream }) });
      const message = `${subject.charAt(0).toUpperCase()}${subject.slice(1)} ${own.message}`;
      throw new TailraceError(own.kind, message, { context: { action: `dynamodb:${action}`, subject }, cause: error });
    }
  }
}

function isUnknownOperation(error: unknown): boolean {
  return error instanceof Error && UNKNOWN_OPERATION.has(error.name);
}

function withoutStreams(action: string, endpoint: string, cause: unknown): TailraceError {
  return new TailraceError('source-invalid', `${endpoint} has no streams: it does not know ${action}`, {
    context: { action },
    remedy: NO_STREAMS_REMEDY,
    cause,
  });
}

/** The stream of an iterator: DynamoDB's iterators begin with its ARN. */
function streamOf(iterator: string): string | undefined {
  return /^arn:[^|]+(?=\|)/.exec(iterator)?.[0];
}

function abortedBy(signal: AbortSignal | undefined) {
  return { ...(signal && { abortSignal: signal }) };
}

function toDescription(page: SdkStreamDescription, shards: readonly Shard[], streamArn: string): StreamDescription {
  const { StreamLabel: label, StreamStatus: status, StreamViewType: viewType, CreationRequestDateTime: created } = page;
  if (!label || !status || !viewType || !created) {
    throw invalidAnswer('DescribeStream gives no label, status, view type or time', streamArn);
  }
  // A server that looks up streams by their table answers for the table's next stream, which has other changes.
  if (!streamArn.endsWith(`/${label}`)) {
    throw new TailraceError('stream-changed', `Stream ${streamArn} is gone: another one, ${label}, is in its place`, {
      context: { stream_arn: streamArn },
    });
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
