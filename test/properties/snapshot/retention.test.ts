import fc from 'fast-check';
import { expect, test } from 'vitest';
import { snapshotBefore, snapshotHistory } from '../../../src/snapshot/history.ts';
import {
  type LedgerEvent,
  type LedgerEventName,
  publishedOver,
  type SnapshotFacts,
} from '../../../src/snapshot/ledger.ts';
import { publicationProblem } from '../../../src/snapshot/publication-rule.ts';
import { type Published, unpublished } from '../../../src/snapshot/published.ts';
import { retentionPlan } from '../../../src/snapshot/retention-rule.ts';
import { newSnapshotId } from '../../../src/snapshot/snapshot-id.ts';
import { LABEL } from '../../support/values/rows.ts';
import { SHOP } from '../../support/values/shop.ts';
import { factsOf } from '../../support/values/snapshot-facts.ts';
import { MANY_RUNS } from '../../support/vitest/budget.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const MARGIN = 2 * HOUR;
const BORN = Date.UTC(2026, 0, 1);

type Row = { readonly key: string; readonly position: number; readonly changedAt: number; readonly ingestedAt: number };
/** Each key's item, which is the position of its change, and the position that counts: 0 if only a scan saw it. */
type State = ReadonlyMap<string, { readonly position: number; readonly item: number }>;
type Snapshot = {
  facts: SnapshotFacts;
  readonly base: Published;
  readonly rows: State;
  readonly isFolded: boolean;
  isWhole: boolean;
};

/** One table with its changelog and its snapshots, in memory. */
class Model {
  now = BORN;
  keptSince = BORN - MARGIN;
  published = unpublished(1);
  /** Every row that was ever appended. */
  readonly log: Row[] = [];
  rows: Row[] = [];
  readonly source = new Map<string, number>();
  /** Changes that aren't delivered yet. */
  readonly pending: Omit<Row, 'ingestedAt'>[] = [];
  readonly snapshots = new Map<string, Snapshot>();
  readonly ledger: LedgerEvent[] = [];
  #position = 0;

  change(key: string): void {
    this.source.set(key, ++this.#position);
    this.pending.push({ key, position: this.#position, changedAt: this.now });
  }

  deliver(count: number): void {
    for (const change of this.pending.splice(0, count)) this.append(change);
  }

  append(change: Omit<Row, 'ingestedAt'>): void {
    const row = { ...change, ingestedAt: this.now };
    this.log.push(row);
    this.rows.push(row);
  }

  beginScan(): Snapshot {
    const floor = this.now - 5 * 60_000;
    const id = newSnapshotId(this.now, { next: () => 0, hex: () => String(this.snapshots.size).padStart(4, '0') });
    const from = Math.max(floor - MARGIN, this.keptSince);
    const facts = factsOf({ snapshotId: id, startedAt: this.now, floor, from });
    return this.#begin({ facts, base: this.published, rows: this.#scanned(), isFolded: false, isWhole: false });
  }

  beginFold(): Snapshot {
    const { published } = this;
    const id = newSnapshotId(this.now, { next: () => 0, hex: () => String(this.snapshots.size).padStart(4, '0') });
    const facts = factsOf({
      snapshotId: id,
      kind: 'compaction',
      startedAt: this.now,
      floor: published.floor,
      from: this.now - MARGIN,
      reading: published.reading,
      ...(published.reading === null && { streamArn: null }),
      baseSnapshotId: published.snapshotId,
    });
    return this.#begin({
      facts,
      base: published,
      rows: this.state(published, this.rows),
      isFolded: true,
      isWhole: false,
    });
  }

  finish(snapshot: Snapshot): void {
    const folded = snapshot.isFolded ? `${LABEL}/${'9'.repeat(40)}` : null;
    snapshot.facts = { ...snapshot.facts, folded, itemCount: snapshot.rows.size };
    snapshot.isWhole = true;
    this.record(snapshot, 'finished');
  }

  publish(snapshot: Snapshot, by: 'reading' | 'compaction' | 'choice'): void {
    const next = publishedOver(snapshot.facts);
    const startedFrom = by === 'choice' ? this.published : snapshot.base;
    if (publicationProblem(this.published, { next, startedFrom, by }, this.keptSince) !== null) return;
    const baseSnapshotId = this.published.snapshotId;
    this.published = next;
    this.record({ ...snapshot, facts: { ...snapshot.facts, baseSnapshotId } }, 'published');
  }

  /** @returns The snapshots that were dropped. */
  retain(keep: number, historyDays: number): readonly string[] {
    const { ledger, published, keptSince, now } = this;
    const promisedFrom = now - historyDays * DAY - MARGIN;
    const facts = { ledger, table: SHOP, published, keep, promisedFrom, keptSince, partition: 'hour', now } as const;
    const { dropped, before } = retentionPlan(facts);
    for (const { snapshot } of dropped) {
      const found = this.snapshots.get(snapshot.id);
      if (found === undefined) throw new Error('What is dropped was not there');
      this.snapshots.delete(snapshot.id);
      this.record(found, 'dropped');
    }
    this.rows = this.rows.filter(({ ingestedAt }) => ingestedAt >= before);
    this.keptSince = before;
    return dropped.map(({ snapshot }) => snapshot.id);
  }

  /** What is shown over a snapshot, by some rows of the changelog. */
  state({ snapshotId, from, floor }: Published, rows: readonly Row[]): State {
    const state = new Map(snapshotId === null ? [] : this.snapshots.get(snapshotId)?.rows);
    for (const { key, position, changedAt, ingestedAt } of rows) {
      if ((from !== null && ingestedAt < from) || (floor !== null && changedAt < floor)) continue;
      if (position > (state.get(key)?.position ?? -1)) state.set(key, { position, item: position });
    }
    return state;
  }

  get before() {
    const history = snapshotHistory(this.ledger, this.published, SHOP);
    return snapshotBefore(this.ledger, history, this.published);
  }

  record({ facts }: Pick<Snapshot, 'facts'>, event: LedgerEventName): void {
    this.ledger.push({ ...facts, at: this.now, event, actor: 'somebody' });
  }

  #scanned(): State {
    return new Map([...this.source].map(([key, item]) => [key, { position: 0, item }]));
  }

  #begin(snapshot: Snapshot): Snapshot {
    this.snapshots.set(snapshot.facts.snapshotId, snapshot);
    this.record(snapshot, 'started');
    return snapshot;
  }
}

/** The state over a snapshot's reading and every row that was ever appended, of readings whose rows are remembered. */
function truthOf(model: Model, readings: ReadonlyMap<string, Snapshot>, { facts }: Snapshot): State {
  const reading = facts.reading === null ? undefined : readings.get(facts.reading);
  if (reading === undefined) return model.state(unpublished(1), model.log);
  const whole = new Model();
  whole.snapshots.set(reading.facts.snapshotId, reading);
  return whole.state(publishedOver(reading.facts), model.log);
}

function itemsOf(state: State) {
  return Object.fromEntries([...state].map(([key, { item }]) => [key, item]));
}

const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('change' as const), key: fc.constantFrom('a', 'b', 'c') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replay' as const), nth: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('scan', 'fold') }) },
  // From its beginning to its publication, with nothing in between.
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('backfill', 'compact') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('finish', 'publish', 'go back'), nth: fc.nat(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('retain' as const),
      keep: fc.integer({ min: 1, max: 3 }),
      days: fc.integer({ min: 1, max: 4 }),
    }),
  },
);

test('after a retention every snapshot that is there gives, over the rows that are left, the state over its reading and all rows', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 10, maxLength: 60 }), (steps) => {
      const model = new Model();
      const readings = new Map<string, Snapshot>();
      for (const step of steps) {
        const nth = <T>(items: Iterable<T>): T | undefined => {
          const all = [...items];
          return 'nth' in step ? all[step.nth % Math.max(1, all.length)] : undefined;
        };
        // Time never stands still: no two snapshots have one id.
        model.now += 1_000;
        switch (step.do) {
          case 'change':
            model.change(step.key);
            break;
          case 'deliver':
            model.deliver(step.count);
            break;
          case 'replay': {
            const row = nth(model.log);
            if (row !== undefined) model.append(row);
            break;
          }
          case 'wait':
            // What the stream holds for a day is delivered meanwhile.
            model.deliver(step.hours > 20 ? model.pending.length : 0);
            model.now += step.hours * HOUR;
            break;
          case 'scan':
            model.beginScan();
            break;
          case 'fold':
            model.beginFold();
            break;
          case 'backfill':
          case 'compact': {
            const made = step.do === 'backfill' ? model.beginScan() : model.beginFold();
            model.finish(made);
            model.publish(made, made.isFolded ? 'compaction' : 'reading');
            break;
          }
          case 'finish': {
            const found = nth([...model.snapshots.values()].filter(({ isWhole }) => !isWhole));
            if (found !== undefined) model.finish(found);
            break;
          }
          case 'publish': {
            const found = nth([...model.snapshots.values()].filter(({ isWhole }) => isWhole));
            if (found !== undefined) model.publish(found, found.isFolded ? 'compaction' : 'reading');
            break;
          }
          case 'go back': {
            const found = model.before && model.snapshots.get(model.before.id);
            if (found) model.publish(found, 'choice');
            break;
          }
          case 'retain': {
            const { before, keptSince } = model;
            const isPromised = ({ changedAt }: Row) => changedAt >= model.now - step.days * DAY;
            const promised = model.rows.filter(isPromised);
            const dropped = model.retain(step.keep, step.days);
            expect(dropped).not.toContain(model.published.snapshotId);
            expect(model.rows.filter(isPromised)).toEqual(promised);
            expect(model.keptSince).toBeGreaterThanOrEqual(keptSince);
            // A reading that could be gone back to still can.
            if (step.keep > 1) expect(model.before?.facts?.reading).toEqual(before?.facts?.reading);
            break;
          }
        }
        for (const [id, snapshot] of model.snapshots) {
          if (!snapshot.isFolded) readings.set(id, { ...snapshot });
          if (snapshot.facts.from < model.keptSince) throw new Error(`Rows that ${id} needs were dropped`);
          const state = model.state(publishedOver(snapshot.facts), model.rows);
          expect(itemsOf(state)).toEqual(itemsOf(truthOf(model, readings, snapshot)));
        }
      }
    }),
    MANY_RUNS,
  );
});
