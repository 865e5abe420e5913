import type { AttributeMap } from '../value/attribute-value.ts';

/**
 * What happens to attributes between decoding and encoding: the only step that may change them.
 *
 * The stream handler, the scan of a backfill and verify all encode through the same transform, so that both sides of
 * every comparison have seen the same rules. Methods are pure, and total over whatever a record may hold.
 */
export interface Transform {
  /** Names the rules in force, or `null` if there are none. Written into dead letters. */
  readonly rules: string | null;
  /** Numbers the rules for *keys*: rows of another generation name the same items by other keys, and don't count. */
  readonly generation: number;
  keys(keys: AttributeMap): AttributeMap;
  item(item: AttributeMap): AttributeMap;
}

/** No rules: everything is carried as it is. */
export const identity: Transform = {
  rules: null,
  generation: 1,
  keys: (keys) => keys,
  item: (item) => item,
};
