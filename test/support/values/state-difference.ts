import type { StateDifference } from '../../../src/destination/snapshot-store.ts';

/** How one state differs from another, computed key by key in memory. A state has each key's content. */
export function differenceOf(
  before: ReadonlyMap<string, string | null>,
  after: ReadonlyMap<string, string | null>,
): StateDifference {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const count = (is: (key: string) => boolean) => keys.filter(is).length;
  const both = (key: string) => before.has(key) && after.has(key);
  return {
    added: count((key) => !before.has(key)),
    removed: count((key) => !after.has(key)),
    different: count((key) => both(key) && before.get(key) !== after.get(key)),
    unchanged: count((key) => both(key) && before.get(key) === after.get(key)),
  };
}
