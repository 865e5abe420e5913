/** One JSON value out of many. */
export type Piece = {
  /** What was parsed. Of an object whose lists were given piece by piece, the rest: these lists are empty in it. */
  readonly value: unknown;
  /** The list that it is an element of, by the list's name in its object; `''` for a list without; `null` for none. */
  readonly list: string | null;
  /** Its index in that list. */
  readonly index: number;
  /** Names of its own lists that were given piece by piece, before it. */
  readonly lists: readonly string[];
  /** Tells the values of one list from those of another; every value that is in none has a number of its own. */
  readonly group: number;
  /** The line that it begins in, from 1. */
  readonly line: number;
  /** Bytes of its text. */
  readonly bytes: number;
};

/** Names a line, except for the first: most files are one value. */
export function where(line: number): string {
  return line === 1 ? '' : ` (line ${line})`;
}
