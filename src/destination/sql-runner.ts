/** A value of a query's result: JSON columns are parsed, integers beyond 2^53 - 1 and decimals are text. */
export type SqlValue = string | number | boolean | null | readonly SqlValue[] | { readonly [name: string]: SqlValue };

export type SqlResult = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  /** What the statement has billed. @default it bills nothing, or that isn't known */
  readonly bill?: SqlBill;
};

/** What a statement has billed. */
export type SqlBill = {
  /** Bytes that it read. */
  readonly bytesProcessed: number;
  /** Bytes that it is billed for. */
  readonly bytesBilled: number;
  /** Whether the result came from a cache, which is free. */
  readonly isCached: boolean;
  /** US dollars for the billed bytes, at the list price. */
  readonly dollars: number;
};

/** What a statement would read and bill. */
export type SqlEstimate =
  | {
      readonly isFree: true;
      /** Rows that it would read, about; `null` if that isn't known. */
      readonly rows: number | null;
    }
  | {
      readonly isFree: false;
      readonly bytesProcessed: number;
      /** How near that is to what it would read. */
      readonly accuracy: 'exact' | 'at most' | 'at least' | 'unknown';
      /** Bytes that it would be billed for, by `bytesProcessed`. */
      readonly bytesBilled: number;
      /** US dollars for these, at the list price. */
      readonly dollars: number;
      readonly price: BytePrice;
      /** Where the data is. */
      readonly location: string;
      /** What a statement may bill, in bytes. */
      readonly maxBytesBilled: number;
    };

/** The list price of what a statement reads. */
export type BytePrice = {
  /** US dollars for 2^40 bytes. */
  readonly tib: number;
  /** Where it is charged; elsewhere the price may be another. */
  readonly locations: readonly string[];
  /** Where it can be looked up, and the day on which it was. */
  readonly source: string;
  readonly asOf: string;
};

export interface SqlRunner {
  /**
   * Runs a user's statement that reads, and returns its rows. Nothing is written, in the destination or elsewhere.
   *
   * @param signal Cancels the statement when it aborts, where the destination can.
   * @throws {TailraceError} `query-writes`, before anything is written, if the statement does more than read;
   *   `query-invalid` if the destination can't run it, `interrupted` if it was cancelled.
   */
  query(sql: string, signal?: AbortSignal): Promise<SqlResult>;

  /** As {@link query}, for any statement: it may write, and then returns what the destination reports of that. */
  execute(sql: string, signal?: AbortSignal): Promise<SqlResult>;

  /**
   * What {@link query} would read and bill. Nothing is run.
   *
   * @param options.write Whether the statement may write, as in {@link execute}. @default false
   * @throws {TailraceError} `query-writes` or `query-invalid`, as `query` does.
   */
  estimate(sql: string, options?: { readonly write?: boolean }): Promise<SqlEstimate>;
}
