/**
 * How long a stream keeps its records, and a shard that is closed.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html>
 */
export const RETENTION_MS = 24 * 60 * 60_000;

/** What was described a moment ago takes a moment to be asked for, and a day is taken for over a moment before it is. */
export const MARGIN_MS = 5 * 60_000;

/** Times of records and streams are DynamoDB's; this machine's clock may differ from it by so much. */
export const SKEW_MS = 10 * 60_000;

/** A description lags behind its stream by this much at most: a closed shard may have children that it doesn't show yet. */
export const DESCRIPTION_LAG_MS = 5_000;
