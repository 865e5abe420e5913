import type { MadeSnapshot, StateDifference } from '../../../src/destination/snapshot-store.ts';
import { lowestPosition } from '../../../src/order/position.ts';
import { publishedOver } from '../../../src/snapshot/ledger.ts';
import { type Published, unpublished } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import type { SnapshotId } from '../../../src/snapshot/snapshot-id.ts';
import { type Fold, type LogRow, type Reference, referenceDigests } from './reference.ts';

/** A row of a snapshot's table; the digest of a tombstone is `null`. */
export type SnapshotEntry = { readonly digest: string | null; readonly position: string | null };

/** A snapshot as it was made, and what the state over it must equal. */
type ModelSnapshot = {
  readonly facts: MadeSnapshot;
  readonly rows: ReadonlyMap<string, SnapshotEntry>;
  readonly reference: Reference;
};

/** Digests of the items of a state, by key. */
type State = ReadonlyMap<string, string>;

const NOTHING: Reference = { reading: null, folds: [] };

/**
 * A model of the state of the table, written from the rule and not from the views' SQL.
 *
 * After every step, the state over what is published and the rows that are visible must be the one over the last reading
 * and all changes that ever came: compactions and retention change nothing.
 */
export class StateModel {
  readonly #violate: (what: string) => void;
  /** The rows of the changelog that ever became visible, by key, in the order in which they did. */
  readonly #log = new Map<string, LogRow[]>();
  #count = 0;
  readonly #loaded = new Map<SnapshotId, SnapshotRow[]>();
  readonly #snapshots = new Map<SnapshotId, ModelSnapshot>();
  #published: Published = unpublished(1);
  readonly #publications: Published[] = [];
  /** The changelog has the rows that were ingested since then. */
  #keptSince = 0;

  constructor(violate: (what: string) => void) {
    this.#violate = violate;
  }

  /** How many rows were ever visible. */
  get rowCount(): number {
    return this.#count;
  }

  /** What the state stands on. */
  get published(): Published {
    return this.#published;
  }

  /** How often something was published. */
  get publications(): number {
    return this.#publications.length;
  }

  /** Whether all that was published since then was compactions of what it replaced, and so of one reading. */
  areCompactions(since: number): boolean {
    const { reading: before } = this.#publications[since - 1] ?? unpublished(1);
    return this.#publications.slice(since).every(({ snapshotId, reading }) => {
      return snapshotId !== null && reading === before && this.factsOf(snapshotId)?.kind === 'compaction';
    });
  }

  /** The facts of a snapshot that was made. */
  factsOf(id: SnapshotId): MadeSnapshot | undefined {
    return this.#snapshots.get(id)?.facts;
  }

  /** Records rows that were loaded for a snapshot. */
  load(id: SnapshotId, rows: readonly SnapshotRow[]): void {
    this.#loaded.set(id, [...(this.#loaded.get(id) ?? []), ...rows]);
  }

  /** Records a snapshot that was made of loaded rows. */
  makeOfLoaded(facts: MadeSnapshot): void {
    // Of two rows of one key, the one with the greater digest counts.
    const loaded = (this.#loaded.get(facts.snapshotId) ?? []).toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
    const rows = new Map(loaded.map(({ key, digest }) => [key, { digest, position: null }]));
    const { floor, streamLabel } = publishedOver(facts);
    const reading = { floor: floor ?? 0, streamLabel: streamLabel ?? '', rows };
    this.#snapshots.set(facts.snapshotId, { facts, rows, reference: { reading, folds: [] } });
  }

  /**
   * Records a compaction, which must have each key once.
   *
   * @param entries The rows that it has, by key.
   * @param visible How many rows were visible when its fold began, and when it ended.
   */
  makeOfState(
    facts: MadeSnapshot,
    base: Published,
    entries: readonly (readonly [string, SnapshotEntry])[],
    visible: Pick<Fold, 'before' | 'by'>,
  ): void {
    const rows = new Map(entries);
    const items = [...rows.values()].filter(({ digest }) => digest !== null).length;
    if (rows.size < entries.length || facts.itemCount !== items) {
      this.#violate(
        `${facts.snapshotId} counts ${facts.itemCount} items, and has ${items} of ${rows.size} keys in ${entries.length} rows`,
      );
    }
    const { reading, folds } = this.#referenceOf(base);
    const fold: Fold = { ...visible, floor: facts.floor ?? 0, positionOf: (key) => rows.get(key)?.position ?? null };
    this.#snapshots.set(facts.snapshotId, { facts, rows, reference: { reading, folds: [...folds, fold] } });
  }

  /** Records that the state stands on something else, and checks it. */
  publish(published: Published, who: string): void {
    this.#published = published;
    this.#publications.push(published);
    if (published.from !== null && published.from < this.#keptSince) {
      this.#violate(`${who} publishes ${published.snapshotId}, whose rows are no longer all there`);
    }
    for (const key of this.#keys(published)) this.#check(key, `when ${who} has published ${published.snapshotId}`);
  }

  /** Records rows that become visible, one after the other, and checks the state after each. */
  show(rows: readonly Omit<LogRow, 'order' | 'isGone'>[]): void {
    for (const { key, position, changedAt, ingestedAt, digest, isLate } of rows) {
      const row = { key, position, changedAt, ingestedAt, digest, isLate };
      const log = this.#log.get(row.key) ?? [];
      this.#log.set(row.key, [...log, { ...row, order: this.#count++, isGone: false }]);
      this.#check(row.key, 'when a row has become visible');
    }
  }

  /** Records that rows ingested before a time are no longer there, and checks the state. */
  drop(before: number): void {
    this.#keptSince = Math.max(this.#keptSince, before);
    for (const [key, rows] of this.#log) {
      this.#log.set(
        key,
        rows.map((row) => (row.ingestedAt < before ? { ...row, isGone: true } : row)),
      );
      this.#check(key, 'when old rows were dropped');
    }
  }

  /** The digests of the items that the state over `published` shows. */
  stateOf(published: Published): State {
    const state = new Map<string, string>();
    for (const key of this.#keys(published)) {
      const digest = this.#digestOf(key, published);
      if (digest !== null) state.set(key, digest);
    }
    return state;
  }

  /** How the state over one snapshot differs from the one over another. */
  difference(before: Published, after: Published): StateDifference {
    const [old, next] = [this.stateOf(before), this.stateOf(after)];
    const both = [...old].filter(([key]) => next.has(key));
    const different = both.filter(([key, digest]) => next.get(key) !== digest).length;
    return {
      added: [...next.keys()].filter((key) => !old.has(key)).length,
      removed: old.size - both.length,
      different,
      unchanged: both.length - different,
    };
  }

  #check(key: string, when: string): void {
    const shown = this.#digestOf(key, this.#published);
    const expected = referenceDigests(key, this.#log.get(key) ?? [], this.#referenceOf(this.#published));
    if (expected.has(shown)) return;
    const is = shown === null ? 'is missing' : expected.has(null) ? 'is extra' : 'is different';
    this.#violate(`${key} ${is} in the state ${when}`);
  }

  /** The digest of a key's item over a snapshot and the rows that are there; `null` if there is no item. */
  #digestOf(key: string, { snapshotId, from, floor, streamLabel }: Published): string | null {
    const entry = snapshotId === null ? undefined : this.#snapshots.get(snapshotId)?.rows.get(key);
    const lowest = streamLabel === null ? '' : lowestPosition(streamLabel);
    let newest: LogRow | undefined;
    for (const row of this.#log.get(key) ?? []) {
      if (row.isGone || row.ingestedAt < (from ?? 0) || row.changedAt < (floor ?? 0) || row.position < lowest) continue;
      if (newest === undefined || isNewer(row, newest)) newest = row;
    }
    if (newest === undefined || (entry?.position ?? '') > newest.position) return entry?.digest ?? null;
    return newest.digest;
  }

  #referenceOf({ snapshotId }: Published): Reference {
    if (snapshotId === null) return NOTHING;
    const snapshot = this.#snapshots.get(snapshotId);
    if (snapshot === undefined) throw new Error(`${snapshotId} was never made`);
    return snapshot.reference;
  }

  #keys({ snapshotId }: Published): ReadonlySet<string> {
    const rows = snapshotId === null ? undefined : this.#snapshots.get(snapshotId)?.rows;
    return new Set([...this.#log.keys(), ...(rows?.keys() ?? [])]);
  }
}

/** By position, then by stamp, then by digest, REMOVE last. */
function isNewer(a: LogRow, b: LogRow): boolean {
  if (a.position !== b.position) return a.position > b.position;
  if (a.ingestedAt !== b.ingestedAt) return a.ingestedAt > b.ingestedAt;
  return (a.digest ?? '') > (b.digest ?? '');
}
