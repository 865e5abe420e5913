import type { SourceTable } from '../source/source-table.ts';
import type { KeySample } from '../views/sample.ts';

/** An item's key and JSON, as the latest view has them. */
export type SampledItem = { readonly key: string; readonly item: string };

export interface ItemSampler {
  /**
   * The items of a random part of the latest view, page by page in order of the keys' text, at most `limit` in all. A page
   * is read when the one before is done with.
   *
   * @param limit At least 1.
   */
  sampleItems(table: SourceTable, sample: KeySample, limit: number): AsyncIterable<readonly SampledItem[]>;
}
