import {
  BatchGetItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ScanCommand,
  type TableDescription as SdkTable,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { type Clock, systemClock } from '../clock.ts';
import { type ErrorKind, TailraceError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Random, systemRandom } from '../random.ts';
import { isObject } from '../value/is-object.ts';
import { awsError } from './aws-error.ts';
import { type Middleware, RECEIVING, REPORTING, SENDING, WARNING } from './middleware.ts';
import { isPageItems, readPage } from './page-items.ts';
import { type RawAnswer, rawCall } from './raw-call.ts';
import { readAttributeMap, readAttributeMaps } from './raw-item.ts';
import { reportRetries } from './report-retries.ts';
import { type RequestRetry, retryRequest } from './request-retry.ts';
import { switchStreamOn } from './stream-switch.ts';
import { toTableDescription } from './table-description.ts';
import type { GetPage, GetRequest, ScanPage, ScanRequest, TableDescription, TableReader } from './table-reader.ts';
import { noStreams } from './usable-stream.ts';

export type AwsTableReaderOptions = {
  readonly clock?: Clock;
  readonly random?: Random;
  /** How long throttling and passing failures are waited out. */
  readonly retry?: RequestRetry;
  /** Warned while a request fails and is tried again. */
  readonly log?: Log;
  /** The region and key that a server on this machine gets, for people: some servers have separate tables for each. */
  readonly askedWith?: string | undefined;
  /** Whether the server has streams at all. Called if a table has none. @default it has */
  readonly knowsStreams?: ((table: string) => Promise<boolean>) | undefined;
  /** The error of every call for a stream, if none can be made. */
  readonly streamsRefused?: TailraceError | undefined;
};

/** Segments fail together, and an outage lasts: one log line in this time is enough. */
const WARN_EVERY_MS = 10_000;

/** The names that DynamoDB takes. */
const TABLE_NAME = /^[A-Za-z0-9_.-]{1,255}$/;

/** Reads tables of DynamoDB, or of a server with its API, through the AWS SDK. */
export class AwsTableReader implements TableReader {
  readonly #client: DynamoDBClient;
  readonly #endpoint: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #options: AwsTableReaderOptions;
  #warnedAt = Number.NEGATIVE_INFINITY;

  /** @param endpoint Where `client` reaches, for messages. */
  constructor(client: DynamoDBClient, endpoint: string, options: AwsTableReaderOptions = {}) {
    this.#client = client;
    this.#endpoint = endpoint;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
    this.#options = options;
    client.middlewareStack.add(this.#warnOfSilence, WARNING);
  }

  /** The SDK tries again by itself, and waits half a minute each time for a server that takes a request and doesn't answer. */
  readonly #warnOfSilence: Middleware<object, object> = (next) => async (args) => {
    try {
      return await next(args);
    } catch (error) {
      const { message, kind } = awsError(error, { action: '', subject: '', endpoint: this.#endpoint });
      if (kind === 'source-unavailable' && message.includes('ETIMEDOUT')) this.#warn(message);
      throw error;
    }
  };

  async describe(name: string): Promise<TableDescription> {
    const description = toTableDescription(await this.#describe(name), this.#endpoint);
    const { streamsRefused, knowsStreams } = this.#options;
    if (streamsRefused) return { ...description, lacksStreams: streamsRefused };
    if (description.stream !== null || (await knowsStreams?.(name)) !== false) return description;
    return { ...description, lacksStreams: noStreams(name, this.#endpoint) };
  }

  async enableStream(name: string): Promise<void> {
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } as const;
    const command = new UpdateTableCommand({ TableName: name, StreamSpecification });
    await switchStreamOn({
      table: name,
      endpoint: this.#endpoint,
      clock: this.#clock,
      describe: () => this.#describe(name),
      switchOn: () => this.#client.send(command),
      // The server refuses it while it changes something else of the table.
      retry: (attempt) => this.#call('dynamodb:UpdateTable', name, attempt, PASSING),
    });
  }

  async scan({ table, segment, totalSegments, startKey, limit, signal, onRetry }: ScanRequest): Promise<ScanPage> {
    const input = {
      TableName: table,
      // One segment of one is the whole table, which more servers understand without these.
      ...(totalSegments > 1 && { Segment: segment, TotalSegments: totalSegments }),
      ReturnConsumedCapacity: 'TOTAL',
      ...(limit !== undefined && { Limit: limit }),
    } as const;
    const retries = onRetry && reportRetries(onRetry);
    const { body } = await this.#call(
      'dynamodb:Scan',
      table,
      async () => {
        const command = new ScanCommand(input);
        const raw = rawCall({ ...input, ...(startKey && { ExclusiveStartKey: startKey }) }, (bytes) =>
          readPage(bytes, this.#endpoint),
        );
        command.middlewareStack.add(raw.send, SENDING);
        command.middlewareStack.add(raw.receive, RECEIVING);
        if (retries) command.middlewareStack.add(retries, REPORTING);
        await this.#client.send(command, { ...(signal && { abortSignal: signal }) });
        return raw.answer();
      },
      PASSING,
      signal,
    );
    return {
      items: isPageItems(body['Items']) ? body['Items'] : readAttributeMaps(body['Items'], this.#endpoint),
      lastKey:
        body['LastEvaluatedKey'] === undefined ? null : readAttributeMap(body['LastEvaluatedKey'], this.#endpoint),
      consumedUnits: unitsOf(body['ConsumedCapacity']),
    };
  }

  async get({ table, keys, signal, onRetry }: GetRequest): Promise<GetPage> {
    const retries = onRetry && reportRetries(onRetry);
    const attempt = async () => {
      const command = new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [] } } });
      const raw = rawCall({
        RequestItems: { [table]: { Keys: keys, ConsistentRead: true } },
        ReturnConsumedCapacity: 'TOTAL',
      });
      command.middlewareStack.add(raw.send, SENDING);
      command.middlewareStack.add(raw.receive, RECEIVING);
      if (retries) command.middlewareStack.add(retries, REPORTING);
      await this.#client.send(command, { ...(signal && { abortSignal: signal }) });
      const page = getPage(raw.answer(), table, this.#endpoint);
      if (page.unprocessed.length < keys.length) return page;
      // For the SDK this is an answer: it reports no failure.
      await onRetry?.('throttled');
      throw new TailraceError('source-throttled', `dynamodb:BatchGetItem on table ${table} is throttled`);
    };
    return this.#call('dynamodb:BatchGetItem', table, attempt, PASSING, signal);
  }

  async serverTime(name: string): Promise<number> {
    const input = { TableName: name };
    const { date } = await this.#call(
      'dynamodb:DescribeTable',
      name,
      async () => {
        const command = new DescribeTableCommand(input);
        const raw = rawCall(input);
        command.middlewareStack.add(raw.receive, RECEIVING);
        await this.#client.send(command);
        return raw.answer();
      },
      THROTTLING,
    );
    if (Number.isFinite(date)) return date;
    throw new TailraceError('source-invalid', `${this.#endpoint} answers without a Date`, { context: { table: name } });
  }

  async #describe(name: string): Promise<SdkTable> {
    if (!TABLE_NAME.test(name)) {
      throw new TailraceError('usage-invalid', `"${name}" can't be the name of a DynamoDB table`, {
        remedy: "Names hold letters, digits, '_', '-' and '.' only.",
      });
    }
    const command = new DescribeTableCommand({ TableName: name });
    const { Table } = await this.#call('dynamodb:DescribeTable', name, () => this.#client.send(command), THROTTLING);
    if (Table) return Table;
    throw new TailraceError('source-invalid', `${this.#endpoint} describes no table ${name}`, {
      context: { table: name },
    });
  }

  /** Sends a request; throttling is waited out, and in a long reading an absence as well. */
  #call<T>(action: string, table: string, send: () => Promise<T>, kinds: readonly ErrorKind[], signal?: AbortSignal) {
    return retryRequest(
      async () => {
        try {
          return await send();
        } catch (error) {
          throw this.#named(error, action, table);
        }
      },
      {
        clock: this.#clock,
        random: this.#random,
        kinds,
        limits: this.#options.retry,
        signal,
        onRetry: ({ message }) => this.#warn(message),
      },
    );
  }

  #named(error: unknown, action: string, table: string): TailraceError {
    const named = awsError(error, { action, subject: `table ${table}`, endpoint: this.#endpoint });
    const { askedWith } = this.#options;
    if (named.kind !== 'source-table-missing' || askedWith === undefined) return named;
    return new TailraceError(named.kind, `There is no table ${table} (${this.#endpoint}, asked with ${askedWith})`, {
      context: named.context,
      remedy:
        'Check the name. Servers on this machine may keep the tables of each region and access key apart: give those that ' +
        'it was made with (--region, and AWS_ACCESS_KEY_ID or --profile).',
      cause: error,
    });
  }

  #warn(why: string): void {
    const { log } = this.#options;
    const now = this.#clock.now();
    if (!log || now - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = now;
    log.warn('DynamoDB request failed, retrying', { why });
  }
}

const THROTTLING = ['source-throttled'] as const;
const PASSING = ['source-throttled', 'source-unavailable'] as const;

function getPage({ body }: RawAnswer, table: string, endpoint: string): GetPage {
  const responses = isObject(body['Responses']) ? body['Responses'] : {};
  const unprocessed = isObject(body['UnprocessedKeys']) ? body['UnprocessedKeys'][table] : undefined;
  const [consumed] = Array.isArray(body['ConsumedCapacity']) ? body['ConsumedCapacity'] : [];
  return {
    items: readAttributeMaps(responses[table] ?? [], endpoint),
    unprocessed: isObject(unprocessed) ? readAttributeMaps(unprocessed['Keys'], endpoint) : [],
    consumedUnits: unitsOf(consumed),
  };
}

function unitsOf(consumed: unknown): number {
  const units = isObject(consumed) ? consumed['CapacityUnits'] : undefined;
  return typeof units === 'number' ? units : 0;
}
