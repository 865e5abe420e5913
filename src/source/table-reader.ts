import type { TailraceError } from '../errors.ts';
import type { AttributeMap } from '../value/attribute-value.ts';
import type { KeyAttribute } from '../value/key-attribute.ts';
import type { PageItems } from './page-items.ts';
import type { SourceTable } from './source-table.ts';

/** Stream view types, as DynamoDB names them. */
export type StreamViewType = 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'KEYS_ONLY';

/** A table by DescribeTable. */
export type TableDescription = {
  readonly table: SourceTable;
  /** When it was created, in milliseconds since the epoch; `null` if the server doesn't say. */
  readonly createdAt: number | null;
  readonly keys: readonly KeyAttribute[];
  /** Hours old on AWS, and 0 on some servers: only for estimates. */
  readonly itemCount: number;
  /** As {@link itemCount}. */
  readonly sizeBytes: number;
  /** Read capacity units a second that are provisioned and paid for; `null` in on-demand mode. */
  readonly readCapacity: number | null;
  /** Whether its table class is Standard-Infrequent Access, whose reads cost more. */
  readonly isInfrequentAccess: boolean;
  /** Whether it has replicas in other regions: their replication reads the stream, too. */
  readonly isGlobal: boolean;
  /** The stream that is on; `null` if none is. */
  readonly stream: { readonly arn: string; readonly viewType: StreamViewType } | null;
  /** The error of every call for its stream: the server has no streams, or no endpoint of them is set. */
  readonly lacksStreams?: TailraceError;
};

/** One page of one segment of a parallel scan, eventually consistent as by DynamoDB's default. */
export type ScanRequest = {
  readonly table: string;
  readonly segment: number;
  readonly totalSegments: number;
  /** The last key of the page before; `null` for the first page. */
  readonly startKey: AttributeMap | null;
  /** The most items of the page. @default as many as 1 MB holds */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal;
  /**
   * Called before each further attempt with the outcome of the one before, and awaited. If it rejects, there is no attempt.
   */
  readonly onRetry?: (failed: FailedAttempt) => Promise<void>;
};

/**
 * The outcome of an attempt that gave no page: the server refused it, which costs nothing, or didn't answer, and its cost is
 * unknown.
 */
export type FailedAttempt = 'throttled' | 'refused' | 'unanswered';

export type ScanPage = {
  /** May be empty before the segment's end. */
  readonly items: PageItems;
  /** `null` at the segment's end. */
  readonly lastKey: AttributeMap | null;
  /** Read capacity units used. */
  readonly consumedUnits: number;
};

/** Items to be read by key, strongly consistent. */
export type GetRequest = {
  readonly table: string;
  /** A hundred at most, each once. */
  readonly keys: readonly AttributeMap[];
  readonly signal?: AbortSignal;
  /** As of a {@link ScanRequest}. */
  readonly onRetry?: (failed: FailedAttempt) => Promise<void>;
};

export type GetPage = {
  /** The items that exist, in any order. */
  readonly items: readonly AttributeMap[];
  /** Keys left to read, because the answer was too large or throttled half-way. Fewer than were asked for. */
  readonly unprocessed: readonly AttributeMap[];
  /** Read capacity units used. */
  readonly consumedUnits: number;
};

/**
 * Reads a DynamoDB table.
 *
 * All methods reject with a `TailraceError` of a `source-…` kind, after they have retried throttling and passing failures.
 */
export interface TableReader {
  /** @throws {TailraceError} `source-table-missing` if there is no such table. */
  describe(name: string): Promise<TableDescription>;
  /** Switches on the table's stream with NEW_AND_OLD_IMAGES, and waits for it. A stream that is on stays as it is. */
  enableStream(name: string): Promise<void>;
  scan(request: ScanRequest): Promise<ScanPage>;
  get(request: GetRequest): Promise<GetPage>;
  /** DynamoDB's own clock, from the `Date` header of an answer, in milliseconds since the epoch. */
  serverTime(name: string): Promise<number>;
}
