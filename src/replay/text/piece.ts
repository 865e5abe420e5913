/** One JSON value out of many. */
export type Piece = {
  /** The parsed value. Lists of it that were given piece by piece before it are empty in it. */
  readonly value: unknown;
  /** The list that it is an element of, by the list's name in its object; `''` for a list without one; `null` for none. */
  readonly list: string | null;
  /** Its index in that list. */
  readonly index: number;
  /** Names of its own lists that were given piece by piece, before it. */
  readonly lists: readonly string[];
  /** The same number for all elements of one list; a value that is in none has a number of its own. */
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

/** Bytes are no text, or text is no JSON. Thrown while one failed batch is read; the caller adds its name. */
export class UnreadableText extends Error {
  override readonly name = 'UnreadableText';
  /** The end of a sentence that begins with the batch's name. Quotes nothing of the text. */
  readonly problem: string;

  constructor(problem: string) {
    super(problem);
    this.problem = problem;
  }
}
