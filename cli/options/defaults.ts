/** Seconds after which a stream surely records every change. Servers on this machine do so at once. */
export const DEFAULT_STREAM_AGE = 60;

/** Seconds that a change may take from the table to the view: through Lambda, and through a tail on the same machine. */
export const VERIFY_LAG = { remote: 30, local: 5 };

/** Seconds that a change may take to the changelog: a Lambda's ordinary lag and five minutes; a tail on the same machine. */
export const GAPS_LAG = { remote: 330, local: 5 };

export const DAY_MS = 86_400_000;

/** Days after which a compaction leaves out removals: far longer than any failed batch is kept before it is replayed. */
export const DEFAULT_HORIZON_DAYS = 90;

/** Readings that a retention keeps: the one that the state shows, and one to go back to. */
export const DEFAULT_KEPT_READINGS = 2;

/** Items of a table, or of its latest view, that a schema is inferred from. A file is read whole. */
export const DEFAULT_INFER_ITEMS = 10_000;

/** Read units that this may use: about 8 MB of items, for an eighth of a thousandth of a dollar. */
export const DEFAULT_INFER_UNITS = 1_000;
