/** An item's state as seen on one side: its digest, or `null` where there is no item. */
export type State = string | null;

/** One look at a key on both sides: first the item, strongly consistent, then the latest view. */
export type Observation = {
  /** When the item had been read, in milliseconds. */
  readonly at: number;
  readonly item: State;
  readonly view: State;
};

/**
 * Looks at which both sides stood still before they are called different. An item that goes back and forth between two
 * states might be met in the same one twice; each look halves that for either side.
 */
export const MIN_STILL_OBSERVATIONS = 6;

/** A key that moves all the time on both sides is looked at for so many times the lag. */
const CHANGING_LAGS = 2;

/**
 * Decides of one key whether view and item agree, while writes may go on and the view is behind.
 *
 * It agrees when the view shows what the item is, or when it has just *arrived* at what the item was at an earlier look:
 * a key under constant change is never met in the same state on both sides, yet its view keeps arriving. It differs when
 * neither side has moved for as long as the stream may take, and they still aren't the same. And it is changing when the
 * item never stands still and its view never does either: then the stream brings its changes, and each of them makes
 * good what the one before may have lost.
 */
export class KeyVerdict {
  readonly #lagMs: number;
  readonly #seen = new Set<State>();
  #firstAt: number | undefined;
  #last: Observation | undefined;
  #still = { since: 0, looks: 0 };
  /** When each side was last seen to have moved. */
  readonly #moved = { item: Number.NEGATIVE_INFINITY, view: Number.NEGATIVE_INFINITY };

  /** @param lagMs How long a change may take from the table to the view. */
  constructor(lagMs: number) {
    this.#lagMs = lagMs;
  }

  /** Takes the next look. `open` means that it must be looked at again. */
  observe(look: Observation): 'agrees' | 'differs' | 'changing' | 'open' {
    const last = this.#last;
    this.#last = look;
    this.#firstAt ??= look.at;
    this.#seen.add(look.item);
    // Equal now; or of an earlier look, and then the view has moved there since, or that look would have been the last.
    if (this.#seen.has(look.view)) return 'agrees';

    if (last && look.item !== last.item) this.#moved.item = look.at;
    if (last && look.view !== last.view) this.#moved.view = look.at;
    const moved = !last || look.view !== last.view || look.item !== last.item;
    this.#still = moved ? { since: look.at, looks: 1 } : { ...this.#still, looks: this.#still.looks + 1 };
    const { since, looks } = this.#still;
    if (look.at - since >= this.#lagMs && looks >= MIN_STILL_OBSERVATIONS) return 'differs';
    return look.at - this.#firstAt >= CHANGING_LAGS * this.#lagMs && this.#isMoving(look.at) ? 'changing' : 'open';
  }

  #isMoving(now: number): boolean {
    return now - Math.min(this.#moved.item, this.#moved.view) <= this.#lagMs;
  }
}
