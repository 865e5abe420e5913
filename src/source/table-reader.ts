import type { TailraceError } from '../errors.ts';
import type { AttributeMap } from '../value/attribute-value.ts';
import type { PageItems } from './page-items.ts';
import type { SourceTable } from './source-table.ts';

/** Stream view types, as DynamoDB names them. */
export type StreamViewType = 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'KEYS_ONLY';

/** What DescribeTable says of a table, as far as it matters here. */
export type TableDescription = {
  readonly table: SourceTable;
  /** When it was created, in milliseconds since the epoch; `null` if the server doesn't say. */
  readonly createdAt: number | null;
  readonly keys: readonly KeyAttribute[];
  /** Hours old on AWS, and 0 on some servers: only ever for an "about". */
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
  /** Why no stream of its can ever be asked for: the server has none at all, or nothing says where they are. */
  readonly lacksStreams?: TailraceError;
};

export type KeyAttribute = { readonly name: string; readonly type: 'S' | 'N' | 'B' };

/** One page of one segment of a parallel scan, strongly consistent or not as DynamoDB's default has it. */
export type ScanRequest = {
  readonly table: string;
  readonly segment: number;
  readonly totalSegments: number;
  /** Where the page before ended; `null` for the first. */
  readonly startKey: AttributeMap | null;
  /** The most items that it may have; without, as many as 1 MB holds. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal;
  /**
   * Told before each further attempt what became of the one before, and waited for. If it rejects, there is none.
   */
  readonly onRetry?: (failed: FailedAttempt) => Promise<void>;
};

/**
 * What became of an attempt to read a page that gave none: it was refused, which costs nothing, or there was no answer,
 * and nobody knows what it cost.
 */
export type FailedAttempt = 'throttled' | 'refused' | 'unanswered';

export type ScanPage = {
  /** May be empty though the segment goes on. */
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
  /** Keys that it didn't get to: the answer was too large, or it was throttled half-way. Fewer than were asked for. */
  readonly unprocessed: readonly AttributeMap[];
  /** Read capacity units used. */
  readonly consumedUnits: number;
};

/**
 * Reads a DynamoDB table.
 *
 * All methods reject with a `TailraceError` of a `source-…` kind. Throttling and passing failures were retried by then.
 */
export interface TableReader {
  /** @throws {TailraceError} `source-table-missing` if there is no such table. */
  describe(name: string): Promise<TableDescription>;
  /** Switches the table's stream on with NEW_AND_OLD_IMAGES, and waits for it. One that is on is left as it is. */
  enableStream(name: string): Promise<void>;
  scan(request: ScanRequest): Promise<ScanPage>;
  get(request: GetRequest): Promise<GetPage>;
  /** DynamoDB's own clock, from the `Date` header of an answer, in milliseconds since the epoch. */
  serverTime(name: string): Promise<number>;
}
