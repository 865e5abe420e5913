/** A condition that holds for some keys and not for others, as SQL over a key's expression. */
export type KeyCondition = (key: string) => string;

/** A part of all keys, by their hash: those of `index` below `of` cover every key once. */
export type KeySlice = { readonly index: number; readonly of: number };

/** A part of a state. */
export type StatePart = {
  /** Of these keys. */
  readonly among?: KeyCondition | undefined;
  /** Without changes that were ingested later than this, a timestamp as SQL. */
  readonly until?: string | undefined;
};
