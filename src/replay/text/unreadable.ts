/**
 * Why bytes are no text, or text is no JSON. Thrown within the reading of one thing, and named by whoever knows its name.
 */
export class UnreadableText extends Error {
  override readonly name = 'Unreadable';
  /** The end of a sentence that begins with the thing's name. Holds nothing of what was read. */
  readonly problem: string;

  constructor(problem: string) {
    super(problem);
    this.problem = problem;
  }
}
