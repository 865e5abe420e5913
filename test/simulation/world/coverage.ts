import type { LedgerEvent } from '../../../src/snapshot/ledger.ts';
import type { Change } from './change.ts';

/** Which changes a snapshot covers once it is published. */
export type Basis = {
  /** Five minutes before its reading began by DynamoDB's clock. */
  readonly floor: number;
  /** The stream that was on. */
  readonly label: string;
};

/** What a compaction of changes alone covers. */
const NOTHING: Basis = { floor: Number.NEGATIVE_INFINITY, label: '' };

/** Names of the processes by which a person chooses a snapshot. */
const BY_HAND = /^(?:publish|rollback) /;

/**
 * Which losses the published snapshots cover, or should.
 *
 * A backfill that reports success promises all that its snapshot covers, until a person chooses another snapshot: from
 * then on only that snapshot's promise counts.
 */
export class Coverage {
  readonly #bases = new Map<string, Basis>();
  /** The reading that each snapshot goes back to; `null` for none. */
  readonly #readings = new Map<string, string | null>();
  readonly #ledger: readonly LedgerEvent[];
  readonly #violate: (what: string) => void;
  #promises: Basis[] = [];
  /** The snapshots that were published since a person last chose one. */
  #published: string[] = [];
  /** Every snapshot that was ever published. */
  readonly #history = new Set<string>();

  constructor(ledger: readonly LedgerEvent[], violate: (what: string) => void) {
    this.#ledger = ledger;
    this.#violate = violate;
  }

  /** Ids of all snapshots that were begun, in order. */
  get ids(): readonly string[] {
    return [...this.#bases.keys()];
  }

  /** The published snapshot's id; `null` for none. */
  get published(): string | null {
    return this.#published.at(-1) ?? null;
  }

  /** What a snapshot covers; `undefined` if it was never begun. */
  basisOf(id: string): Basis | undefined {
    return this.#bases.get(id);
  }

  begin(id: string, basis: Basis): void {
    this.#bases.set(id, basis);
    this.#readings.set(id, id);
  }

  /** Begins a compaction of a snapshot, or of changes alone. */
  beginCompaction(id: string, base: string | null): void {
    const basis = base === null ? undefined : this.#bases.get(base);
    this.#bases.set(id, basis ?? NOTHING);
    this.#readings.set(id, base === null ? null : (this.#readings.get(base) ?? null));
  }

  /** Records that a snapshot is published. */
  publish(id: string, who: string): void {
    const basis = this.#bases.get(id);
    if (!basis) throw new Error(`${who} published ${id}, which was never begun`);
    if (who.startsWith('rollback ') && id !== this.#before()) {
      this.#violate(`${who} rolls back to ${id}, and the one before was ${this.#before()}`);
    }
    if (!this.#isInLedger(id, 'finished')) this.#violate(`${who} publishes ${id}, which is only half read`);
    if (BY_HAND.test(who)) {
      this.#promises = [basis];
      this.#published = [];
    }
    this.#published.push(id);
    this.#history.add(id);
  }

  /** Records that a backfill reports its snapshot as published. Gives whether it is the first that counts. */
  claim(id: string): boolean {
    const basis = this.#bases.get(id);
    // A person may have rolled back before its report arrived.
    if (!basis || !this.#published.includes(id)) return false;
    this.#promises.push(basis);
    return this.#promises.length === 1;
  }

  drop(id: string): void {
    if (id === this.published) this.#violate(`snapshot ${id} is dropped while it is published`);
  }

  covers({ at, label }: Change): boolean {
    return this.#promises.some((basis) => Math.floor(at / 1000) * 1000 < basis.floor || label < basis.label);
  }

  /**
   * The newest snapshot of the youngest other reading, if it goes back to one, of those that were ever published and, by the ledger, aren't
   * dropped.
   */
  #before(): string | undefined {
    const readingOf = (id: string | null) => (id === null ? null : (this.#readings.get(id) ?? null));
    return [...this.#history]
      .filter((id) => readingOf(id) !== null && readingOf(id) !== readingOf(this.published) && !this.#isDropped(id))
      .map((id) => ({ id, order: `${readingOf(id) ?? ''} ${id}` }))
      .toSorted((a, b) => (a.order < b.order ? -1 : 1))
      .at(-1)?.id;
  }

  #isDropped(id: string): boolean {
    return this.#ledger.findLast(({ snapshotId }) => snapshotId === id)?.event === 'dropped';
  }

  #isInLedger(id: string, event: LedgerEvent['event']): boolean {
    return this.#ledger.some((entry) => entry.snapshotId === id && entry.event === event);
  }
}
