import type { ChangelogRow } from '../../../src/changelog/row.ts';
import type { StateDifference } from '../../../src/destination/snapshot-store.ts';
import { compareSequenceNumbers } from '../../../src/order/position.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import type { SnapshotId } from '../../../src/snapshot/snapshot-id.ts';
import { canonicalJson } from '../../../src/value/canonical-json.ts';
import { type Change, changeIdOf, keyOf } from './change.ts';
import type { Coverage } from './coverage.ts';

/** The item of a key, as canonical text. */
type State = ReadonlyMap<string, string>;

/** A model of the latest view over any snapshot, written from the rule and not from the views' SQL. */
export class StateModel {
  readonly #changes: readonly Change[];
  readonly #coverage: Pick<Coverage, 'basisOf'>;
  readonly #loaded = new Map<SnapshotId, SnapshotRow[]>();

  constructor(changes: readonly Change[], coverage: Pick<Coverage, 'basisOf'>) {
    this.#changes = changes;
    this.#coverage = coverage;
  }

  /** Records rows that were loaded into a snapshot. */
  load(id: SnapshotId, rows: readonly SnapshotRow[]): void {
    this.#loaded.set(id, [...(this.#loaded.get(id) ?? []), ...rows]);
  }

  /** How the state over one snapshot differs from the one over another, with these rows of the changelog. */
  difference(before: SnapshotId | null, after: SnapshotId | null, rows: readonly ChangelogRow[]): StateDifference {
    const [old, next] = [this.#state(before, rows), this.#state(after, rows)];
    const both = [...old].filter(([key]) => next.has(key));
    const different = both.filter(([key, item]) => next.get(key) !== item).length;
    return {
      added: [...next.keys()].filter((key) => !old.has(key)).length,
      removed: old.size - both.length,
      different,
      unchanged: both.length - different,
    };
  }

  #state(id: SnapshotId | null, rows: readonly ChangelogRow[]): State {
    const state = new Map<string, string>();
    const basis = id === null ? undefined : this.#coverage.basisOf(id);
    // Of two rows of one key, the one with the greater digest counts.
    const loaded = (id === null ? [] : (this.#loaded.get(id) ?? [])).toSorted((a, b) =>
      (a.digest ?? '') < (b.digest ?? '') ? -1 : 1,
    );
    for (const { key, item } of loaded) state.set(key, item ?? '');
    for (const change of this.#inOrder(rows)) {
      const { name, at, label, after } = change;
      if (basis && (Math.floor(at / 1000) * 1000 < basis.floor || label < basis.label)) continue;
      if (after) state.set(keyOf(name), canonicalJson(after, 'Item'));
      else state.delete(keyOf(name));
    }
    return state;
  }

  /** The changes of rows, in their true order: the last change of an item counts. */
  #inOrder(rows: readonly ChangelogRow[]): readonly Change[] {
    const changes = [...new Set(rows.map(({ eventId }) => changeIdOf(eventId)))].flatMap(
      (id) => this.#changes[id] ?? [],
    );
    return changes.sort((a, b) =>
      a.label < b.label ? -1 : a.label > b.label ? 1 : compareSequenceNumbers(a.number ?? '', b.number ?? ''),
    );
  }
}
