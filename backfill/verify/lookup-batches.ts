import type { ItemState } from './item-states.ts';

/** What the rows of one look-up should have together, of which DuckDB holds a copy of its own. */
const LOOKUP_CHARACTERS = 16 * 1024 * 1024;

/** What a row may have at most, more or less: DynamoDB's items have 400 KB. */
const MAX_ROW_CHARACTERS = 400 * 1024;

/** How large rows of the latest view are, by those that were seen. */
export class RowSize {
  #rows = 0;
  #characters = 0;

  add(characters: number): void {
    this.#rows++;
    this.#characters += characters;
  }

  /** The mean; as large as they come, where none was seen. */
  get mean(): number {
    return this.#rows === 0 ? MAX_ROW_CHARACTERS : this.#characters / this.#rows;
  }
}

/**
 * Cuts keys that are looked at into parts whose rows are looked up at once. A row is taken to be as large as its item; and
 * where there is none, as others are.
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
