/** An item's state as seen on one side: its digest, or `null` where there is no item. */
export type State = string | null;

/** One observation of a key on both sides: first the item, strongly consistent, then the latest view. */
export type Observation = {
  /** When the item had been read, in milliseconds. */
  readonly at: number;
  readonly item: State;
  readonly view: State;
};

/**
 * Observations at which both sides stood still before they count as different. An item that alternates between two states
 * may be met twice in the same one; each observation halves the chance, on either side.
 */
export const MIN_STILL_OBSERVATIONS = 6;

/** A key that moves all the time on both sides is observed for this many lags. */
const CHANGING_LAGS = 2;

/**
 * Decides whether view and item of one key agree, while writes continue and the view is behind.
 *
 * The key agrees when the view shows the item's state, or has just *arrived* at a state that the item had at an earlier
 * observation: a key under constant change is never met in the same state on both sides, yet its view keeps arriving. It
 * differs when neither side has moved for as long as the stream may take, and they still aren't the same. It is changing
 * when neither the item nor its view ever stands still: the stream brings its changes, and each of them makes good what the
 * one before may have lost.
 */
export class KeyVerdict {
  readonly #lagMs: number;
  readonly #seen = new Set<State>();
  #firstAt: number | undefined;
  #last: Observation | undefined;
  #still = { since: 0, observations: 0 };
  /** When each side was last seen to have moved. */
  readonly #moved = { item: Number.NEGATIVE_INFINITY, view: Number.NEGATIVE_INFINITY };

  /** @param lagMs How long a change may take from the table to the view. */
  constructor(lagMs: number) {
    this.#lagMs = lagMs;
  }

  /** Takes the next observation. `open` means that another one is needed. */
  observe(next: Observation): 'agrees' | 'differs' | 'changing' | 'open' {
    const last = this.#last;
    this.#last = next;
    this.#firstAt ??= next.at;
    this.#seen.add(next.item);
    // Equal now, or to an earlier item: then the view has moved there since, or the verdict would have been reached then.
    if (this.#seen.has(next.view)) return 'agrees';

    if (last && next.item !== last.item) this.#moved.item = next.at;
    if (last && next.view !== last.view) this.#moved.view = next.at;
    const moved = !last || next.view !== last.view || next.item !== last.item;
    this.#still = moved
      ? { since: next.at, observations: 1 }
      : { since: this.#still.since, observations: this.#still.observations + 1 };
    const { since, observations } = this.#still;
    if (next.at - since >= this.#lagMs && observations >= MIN_STILL_OBSERVATIONS) return 'differs';
    return next.at - this.#firstAt >= CHANGING_LAGS * this.#lagMs && this.#isMoving(next.at) ? 'changing' : 'open';
  }

  #isMoving(now: number): boolean {
    return now - Math.min(this.#moved.item, this.#moved.view) <= this.#lagMs;
  }
}
