import type { ItemState } from './item-states.ts';

/** The characters that the rows of one look-up should have together. DuckDB holds a copy of them. */
const LOOKUP_CHARACTERS = 16 * 1024 * 1024;

/** Roughly the most that a row may have: DynamoDB's items have 400 KB. */
const MAX_ROW_CHARACTERS = 400 * 1024;

/** How large rows of the latest view are, by those that were read. */
export class RowSize {
  #rows = 0;
  #characters = 0;

  add(characters: number): void {
    this.#rows++;
    this.#characters += characters;
  }

  /** The mean; the largest possible, before any row was read. */
  get mean(): number {
    return this.#rows === 0 ? MAX_ROW_CHARACTERS : this.#characters / this.#rows;
  }
}

/**
 * Cuts keys into batches whose rows are looked up at once. A row is expected to be as large as its item; without an item,
 * as large as the mean.
 */
export function* lookupBatches<State extends Pick<ItemState, 'characters'>>(
  states: readonly State[],
  rowSize: Pick<RowSize, 'mean'>,
): Generator<readonly State[]> {
  let batch: State[] = [];
  let characters = 0;
  for (const state of states) {
    const size = state.characters ?? rowSize.mean;
    if (batch.length > 0 && characters + size > LOOKUP_CHARACTERS) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(state);
    characters += size;
  }
  if (batch.length > 0) yield batch;
}
