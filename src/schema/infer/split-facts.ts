/** What separates the parts of a composite text: `DEVICE#001`. */
const SEPARATORS = ['#', '|', '~'] as const;

/** A colon separates only behind a word: times and addresses have colons, too. */
const BEHIND_WORD = /^[A-Za-z][A-Za-z_-]*:[^/:]/;

/** More parts than these are text of another sort. */
const MAX_PARTS = 6;

/**
 * The shape of composite texts, as long as all of them have the same: the separator, how many parts there are, and which of
 * them is the same in every text.
 */
export class SplitFacts<Part extends PartFacts<Part>> {
  readonly separator: string;
  /** The text of a part that is the same in all; `null` once it was not. */
  readonly constants: (string | null)[];
  readonly parts: readonly Part[];

  private constructor(separator: string, constants: (string | null)[], parts: readonly Part[]) {
    this.separator = separator;
    this.constants = constants;
    this.parts = parts;
  }

  /** The shape of a first text; `null` if it is not composite. */
  static of<Part extends PartFacts<Part>>(text: string, newPart: () => Part): SplitFacts<Part> | null {
    const separator = SEPARATORS.find((one) => text.includes(one)) ?? (BEHIND_WORD.test(text) ? ':' : undefined);
    const texts = separator === undefined ? [] : text.split(separator);
    if (separator === undefined || texts.length > MAX_PARTS || texts.includes('')) return null;
    const facts = new SplitFacts(
      separator,
      [...texts],
      texts.map(() => newPart()),
    );
    for (const [index, part] of texts.entries()) facts.parts[index]?.addText(part);
    return facts;
  }

  /** Whether a further text has the shape, too. Once one hasn't, nothing is known any more. */
  add(text: string): boolean {
    const texts = text.split(this.separator);
    if (texts.length !== this.parts.length || texts.includes('')) return false;
    for (let index = 0; index < texts.length; index++) {
      const part = texts[index] as string;
      if (this.constants[index] !== part) this.constants[index] = null;
      this.parts[index]?.addText(part);
    }
    return true;
  }

  /** The same shape, of no text yet. */
  emptied(newPart: () => Part): SplitFacts<Part> {
    return new SplitFacts(
      this.separator,
      [...this.constants],
      this.parts.map(() => newPart()),
    );
  }

  /** Whether texts of another shape have this one, too: then it knows of them. */
  merge(other: SplitFacts<Part>): boolean {
    if (other.separator !== this.separator || other.parts.length !== this.parts.length) return false;
    for (const [index, part] of other.parts.entries()) {
      if (this.constants[index] !== other.constants[index]) this.constants[index] = null;
      this.parts[index]?.merge(part);
    }
    return true;
  }
}

/** What is known of the texts in one part. */
type PartFacts<Part> = {
  addText(text: string): void;
  merge(other: Part): void;
};
