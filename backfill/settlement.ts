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
export const MIN_STILL_LOOKS = 6;

/**
 * Decides of one key whether view and item agree, while writes may go on and the view is behind.
 *
 * It agrees when the view shows what the item is, or when it has just *arrived* at what the item was at an earlier look:
 * a key under constant change is never met in the same state on both sides, yet its view keeps arriving. It differs when
 * neither side has moved for as long as the stream may take, and they still aren't the same.
 */
export class Settlement {
  readonly #lagMs: number;
  readonly #seen = new Set<State>();
  #last: Observation | undefined;
  #still = { since: 0, looks: 0 };

  /** @param lagMs How long a change may take from the table to the view. */
  constructor(lagMs: number) {
    this.#lagMs = lagMs;
  }

  /** Takes the next look. `open` means that it must be looked at again. */
  observe(look: Observation): 'agrees' | 'differs' | 'open' {
    const last = this.#last;
    this.#last = look;
    this.#seen.add(look.item);
    // Equal now; or of an earlier look, and then the view has moved there since, or that look would have been the last.
    if (this.#seen.has(look.view)) return 'agrees';

    const moved = !last || look.view !== last.view || look.item !== last.item;
    this.#still = moved ? { since: look.at, looks: 1 } : { ...this.#still, looks: this.#still.looks + 1 };
    const { since, looks } = this.#still;
    return look.at - since >= this.#lagMs && looks >= MIN_STILL_LOOKS ? 'differs' : 'open';
  }
}
