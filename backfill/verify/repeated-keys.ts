/** The most characters of keys that are held: a few megabytes. */
const MOST_CHARACTERS = 4_000_000;
/** The most repeated keys that are named. */
const MOST_NAMED = 100;

/**
 * Names keys that a scan gave more than once, among the first it gave: as many as a bounded memory holds. How many there
 * are in all, the destination counts.
 *
 * DynamoDB gives each key once. Some servers keep two items whose number keys are written differently (1 and 1.0) and
 * give both as one key.
 */
export class RepeatedKeys {
  readonly #seen = new Set<string>();
  readonly #named = new Set<string>();
  #room = MOST_CHARACTERS;

  /** The keys' texts, in the order in which they came again. */
  get named(): readonly string[] {
    return [...this.#named];
  }

  /** Takes the next key that the scan gave. */
  add(key: string): void {
    if (this.#seen.has(key)) {
      if (this.#named.size < MOST_NAMED) this.#named.add(key);
    } else if (this.#room >= key.length) {
      this.#room -= key.length;
      this.#seen.add(key);
    }
  }
}
