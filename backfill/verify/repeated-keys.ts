/** The most characters of keys in memory: a few megabytes. */
const MAX_CHARACTERS = 4_000_000;
/** The most repeated keys that are named. */
const MAX_NAMED = 100;

/**
 * Names keys that a scan gave more than once, among its first keys, as many as a bounded memory holds. The destination
 * counts all of them.
 *
 * DynamoDB gives each key once. Some servers store two items whose number keys are written differently (1 and 1.0) and
 * give both as one key.
 */
export class RepeatedKeys {
  readonly #seen = new Set<string>();
  readonly #named = new Set<string>();
  #room = MAX_CHARACTERS;

  /** The keys' texts, in the order in which they came again. */
  get named(): readonly string[] {
    return [...this.#named];
  }

  /** Takes the next key that the scan gave. */
  add(key: string): void {
    if (this.#seen.has(key)) {
      if (this.#named.size < MAX_NAMED) this.#named.add(key);
    } else if (this.#room >= key.length) {
      this.#room -= key.length;
      this.#seen.add(key);
    }
  }
}
