import type { LedgerEvent } from '../../../src/snapshot/ledger.ts';
import type { Change } from './change.ts';

/** What a snapshot makes up for once the latest view stands on it. */
export type Basis = {
  /** Five minutes before its reading began by DynamoDB's clock. */
  readonly floor: number;
  /** The stream that was on. */
  readonly label: string;
};

/** What whoever publishes is called if a person chose the snapshot. */
const BY_HAND = /^(?:publish|rollback) /;

/**
 * Which losses the snapshots make up for that the latest view stands on, or should.
 *
 * A backfill that says that it succeeded promises the state of all that its snapshot covers, for good, until a person
 * goes back to another one: from then on only that one's promise counts.
 */
export class Coverage {
  readonly #bases = new Map<string, Basis>();
  readonly #ledger: readonly LedgerEvent[];
  readonly #violate: (what: string) => void;
  #promises: Basis[] = [];
  /** Snapshots that the view has stood on since a person chose one last. */
  #standing: string[] = [];
  /** Every snapshot that the view ever stood on, in order, as often as it did. */
  readonly #stood: string[] = [];

  constructor(ledger: readonly LedgerEvent[], violate: (what: string) => void) {
    this.#ledger = ledger;
    this.#violate = violate;
  }

  /** Ids of all snapshots that were begun, in order. */
  get ids(): readonly string[] {
    return [...this.#bases.keys()];
  }

  /** What the view stands on; `null` for no snapshot. */
  get published(): string | null {
    return this.#standing.at(-1) ?? null;
  }

  /** What a snapshot makes up for; `undefined` if nobody began it. */
  basisOf(id: string): Basis | undefined {
    return this.#bases.get(id);
  }

  begin(id: string, basis: Basis): void {
    this.#bases.set(id, basis);
  }

  /** The view stands on a snapshot from now on. */
  publish(id: string, who: string): void {
    const basis = this.#bases.get(id);
    if (!basis) throw new Error(`${who} published ${id}, which nobody began`);
    if (who.startsWith('rollback ') && id !== this.#before()) {
      this.#violate(`${who} goes back to ${id}, and the one before was ${this.#before()}`);
    }
    if (!this.#isInLedger(id, 'finished')) this.#violate(`${who} publishes ${id}, which is only half read`);
    if (BY_HAND.test(who)) {
      this.#promises = [basis];
      this.#standing = [];
    }
    this.#standing.push(id);
    this.#stood.push(id);
  }

  /** A backfill says that its snapshot is published. Gives whether it is the first that counts. */
  claim(id: string): boolean {
    const basis = this.#bases.get(id);
    // Somebody may have gone back before its word was heard.
    if (!basis || !this.#standing.includes(id)) return false;
    this.#promises.push(basis);
    return this.#promises.length === 1;
  }

  drop(id: string): void {
    if (id === this.published) this.#violate(`snapshot ${id} is dropped, and the latest view stands on it`);
  }

  covers({ at, label }: Change): boolean {
    return this.#promises.some((basis) => Math.floor(at / 1000) * 1000 < basis.floor || label < basis.label);
  }

  /** The last other one that the view stood on and that the ledger doesn't say was dropped. */
  #before(): string | undefined {
    return this.#stood.findLast((id) => id !== this.published && !this.#isDropped(id));
  }

  #isDropped(id: string): boolean {
    return this.#ledger.findLast(({ snapshotId }) => snapshotId === id)?.event === 'dropped';
  }

  #isInLedger(id: string, event: LedgerEvent['event']): boolean {
    return this.#ledger.some((entry) => entry.snapshotId === id && entry.event === event);
  }
}
