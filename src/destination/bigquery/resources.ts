/**
 * The parts of BigQuery's resources that are read or written here. In an answer any field may be absent.
 *
 * Source: <https://docs.cloud.google.com/bigquery/docs/reference/rest>
 */
export type FieldSchema = {
  readonly name?: string;
  readonly type?: string;
  readonly mode?: string;
  /** How texts are compared; empty or absent for character by character. */
  readonly collation?: string;
  readonly description?: string;
  readonly fields?: readonly FieldSchema[];
  /** Resource names of the policy tags that decide who may read it. */
  readonly policyTags?: { readonly names?: readonly string[] };
};

export type TableResource = {
  readonly type?: string;
  readonly etag?: string;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The collation of new columns; without it, the dataset's. */
  readonly defaultCollation?: string;
  readonly schema?: { readonly fields?: readonly FieldSchema[] };
  readonly view?: { readonly query?: string; readonly useLegacySql?: boolean };
  readonly timePartitioning?: {
    readonly type?: string;
    readonly field?: string;
    readonly expirationMs?: string;
    /** The older place of the table's own. */
    readonly requirePartitionFilter?: boolean;
  };
  /** Whether every query must filter by partition. */
  readonly requirePartitionFilter?: boolean;
  readonly clustering?: { readonly fields?: readonly string[] };
  readonly encryptionConfiguration?: { readonly kmsKeyName?: string };
  /** Milliseconds since the epoch, as text. */
  readonly creationTime?: string;
  /** Bytes that are billed as storage, as text. */
  readonly numBytes?: string;
  /** Rows, as text, without those of the streaming buffer. */
  readonly numRows?: string;
  readonly streamingBuffer?: { readonly estimatedRows?: string };
  /** Milliseconds since the epoch, as text. */
  readonly expirationTime?: string;
};

export type TableList = {
  readonly tables?: readonly {
    readonly tableReference?: { readonly tableId?: string };
    readonly labels?: Readonly<Record<string, string>>;
  }[];
  readonly nextPageToken?: string;
};

export type DatasetResource = {
  readonly location?: string;
  /** Milliseconds, as text. */
  readonly defaultTableExpirationMs?: string;
  readonly defaultPartitionExpirationMs?: string;
  /** The collation of new tables' columns; empty or absent for character by character. */
  readonly defaultCollation?: string;
};

/** Why something failed. The message may quote values. */
type ErrorProto = { readonly reason?: string; readonly location?: string; readonly message?: string };

export type InsertAllResponse = {
  readonly kind?: string;
  readonly insertErrors?: readonly { readonly index?: number; readonly errors?: readonly ErrorProto[] }[];
};

export type JobConfiguration = {
  readonly labels?: Readonly<Record<string, string>>;
  readonly dryRun?: boolean;
  readonly load?: object;
  readonly query?: QueryConfiguration;
};

/** No query goes without a cap on what it may bill. */
type QueryConfiguration = {
  readonly query: string;
  readonly useLegacySql: false;
  readonly defaultDataset: { readonly projectId: string; readonly datasetId: string };
  /** Bytes, as text. */
  readonly maximumBytesBilled: string;
  readonly parameterMode?: 'NAMED';
  readonly queryParameters?: readonly object[];
  readonly destinationEncryptionConfiguration?: { readonly kmsKeyName: string };
};

export type Job = {
  readonly jobReference?: { readonly jobId?: string };
  readonly status?: { readonly state?: string; readonly errorResult?: ErrorProto };
  readonly statistics?: {
    /** Bytes, as text. */
    readonly totalBytesProcessed?: string;
    /** Milliseconds since the epoch, as text. */
    readonly endTime?: string;
    readonly query?: {
      readonly statementType?: string;
      /** Bytes, as text; of a check, an estimate. */
      readonly totalBytesProcessed?: string;
      readonly totalBytesProcessedAccuracy?: string;
      readonly totalBytesBilled?: string;
      readonly cacheHit?: boolean;
      readonly referencedTables?: readonly object[];
    };
  };
};

export type QueryResults = {
  readonly jobComplete?: boolean;
  /** Rows of the whole result, as text. */
  readonly totalRows?: string;
  readonly schema?: { readonly fields?: readonly FieldSchema[] };
  readonly rows?: readonly { readonly f?: readonly unknown[] }[];
  readonly pageToken?: string;
};
