/**
 * How long a stream stores its records, and a closed shard.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html>
 */
export const RETENTION_MS = 24 * 60 * 60_000;

/** A shard takes a moment to be read once it was described; and a day counts as over this much before it is. */
export const MARGIN_MS = 5 * 60_000;

/** Times of records and streams are DynamoDB's: this machine's clock may differ from its clock by this much. */
export const SKEW_MS = 10 * 60_000;

/** A description lags behind its stream by this much at most: it may not show yet the children of a closed shard. */
export const DESCRIPTION_LAG_MS = 5_000;
