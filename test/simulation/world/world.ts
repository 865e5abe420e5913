import type { ChangelogRow } from '../../../src/changelog/row.ts';
import type { NewChangelogMode } from '../../../src/destination/bigquery/changelog-writer.ts';
import { STAMP_MARGIN_MS } from '../../../src/destination/bigquery/stamp-margin.ts';
import type { Random } from '../../../src/random.ts';
import { KEPT_MS } from '../../model/stream.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';
import type { Plan } from '../history/plan.ts';
import { Story } from '../history/story.ts';
import { type Change, changeIdOf, isReadable } from './change.ts';
import { Coverage } from './coverage.ts';
import type { Disk } from './disk.ts';
import { EventSourceMapping } from './event-source-mapping.ts';
import { FailureBucket } from './failure-bucket.ts';
import { FailureQueue } from './failure-queue.ts';
import { Faults } from './faults.ts';
import { Folds } from './folds.ts';
import { latestDigests } from './latest-digests.ts';
import { LetterBox } from './letter-box.ts';
import { MachineClocks } from './machine-clocks.ts';
import type { MemoryDatabase } from './memory-database.ts';
import type { Process } from './process.ts';
import type { Scheduler } from './scheduler.ts';
import { StateModel } from './state-model.ts';
import { SimulatedTable } from './table.ts';
import { Warehouse } from './warehouse.ts';
import { type WarehouseClient, warehouseClient } from './warehouse-client.ts';

/** The world of a history: all that is around the product. */
export class World {
  readonly seed: number;
  readonly scheduler: Scheduler;
  readonly disk: Disk;
  readonly story: Story;
  readonly random: Random;
  readonly faults: Faults;
  readonly table: SimulatedTable;
  readonly warehouse: Warehouse;
  readonly letterBox: LetterBox;
  readonly bucket: FailureBucket;
  readonly queue: FailureQueue;
  readonly mapping: EventSourceMapping;
  readonly coverage: Coverage;
  readonly states: StateModel;
  readonly folds: Folds;
  readonly clocks: MachineClocks;
  /** What the product did and never may do. */
  readonly violations: string[] = [];
  /** The items of which a record was replayed under other privacy rules: their rows are others. */
  readonly underOtherRules = new Set<string>();
  readonly #healed = new AbortController();
  readonly #asksView: boolean;

  constructor(plan: Plan, scheduler: Scheduler, database: MemoryDatabase, disk: Disk) {
    const { seed, setting } = plan;
    this.disk = disk;
    this.seed = seed;
    this.#asksView = setting.asksView;
    this.scheduler = scheduler;
    this.faults = new Faults(scheduler);
    this.story = new Story(this.scheduler);
    this.random = seededRandom(seed ^ 0x5eed);
    // BigQuery's changelog begins with the oldest stamp that its rows may have.
    const file = setting.destination === 'duckdb' ? setting.fileSkewMs : -STAMP_MARGIN_MS;
    this.clocks = new MachineClocks(scheduler, { operator: setting.skewMs, file });
    this.states = new StateModel((what) => this.violate(what));
    this.table = new SimulatedTable({ ...this, ...setting, firstNumber: BigInt(setting.firstNumber) });
    const { changes } = this.table;
    this.letterBox = new LetterBox({ ...this, changes, violate: (what) => this.violate(what) });
    this.bucket = new FailureBucket(this.random);
    this.queue = new FailureQueue(this.random);
    this.warehouse = new Warehouse({
      ...this,
      healed: this.healed,
      changes,
      database,
      kind: setting.destination,
      comparesStates: setting.comparesStates,
      fileClock: this.clocks.of('file'),
      birth: {
        at: scheduler.now() - setting.changelogAgeMs,
        forgetsUntil: scheduler.now() - setting.changelogAgeMs + setting.forgetsMs,
      },
      onInsert: (rows, who) => this.#checkOrder(rows, who),
      onShow: async (rows) => {
        this.states.show(rows);
        await this.#checkView();
      },
    });
    this.coverage = new Coverage(this.warehouse.ledger, (what) => this.violate(what));
    this.folds = new Folds(this.warehouse, this.states);
    this.mapping = new EventSourceMapping(this, setting.mapping);
  }

  /** Aborts when all faults have ended. */
  get healed(): AbortSignal {
    return this.#healed.signal;
  }

  heal(): void {
    this.story.tell('watcher', 'ends all faults');
    this.faults.heal();
    this.clocks.heal();
    this.#healed.abort();
    this.table.ring();
  }

  /** @param newChangelogs `refuse` for a function, `load` for a command. */
  destinationOf(process: Process, newChangelogs: NewChangelogMode = 'load'): WarehouseClient {
    const violate = (what: string) => this.violate(what);
    const onStep = () => this.#checkView();
    return warehouseClient(this.warehouse, process, { ...this, healed: this.healed, newChangelogs, violate, onStep });
  }

  violate(what: string): void {
    this.story.tell('WRONG', what);
    this.violations.push(what);
  }

  /** Checks records that are acknowledged: each must be durable or set aside by then. */
  acknowledge(changes: readonly Change[], who: string): void {
    for (const { id, visibleAt, isDeadLettered } of changes) {
      if (visibleAt === null && !isDeadLettered) this.violate(`${who} acknowledges change ${id}, which is nowhere`);
    }
  }

  /** Whether the stream has dropped a change's record by now. */
  isTrimmed({ at }: Change): boolean {
    return this.scheduler.now() - at > KEPT_MS;
  }

  async #checkView(): Promise<void> {
    if (this.#asksView) await this.checkView();
  }

  /** The latest view must show what the model computes. */
  async checkView(): Promise<void> {
    let wrong = '';
    // A row may have become visible, or a snapshot published, of which the model doesn't know yet.
    for (let tries = 0; tries < 3; tries++) {
      const shown = await latestDigests(this.warehouse.database);
      const modelled = this.states.stateOf(this.states.published);
      const keys = new Set([...shown.keys(), ...modelled.keys()]);
      wrong = [...keys].filter((key) => shown.get(key) !== modelled.get(key)).join(', ');
      if (wrong === '') return;
    }
    this.violate(`the latest view is wrong at ${wrong}`);
  }

  /** A tail must write an item's changes in their order. */
  #checkOrder(rows: readonly ChangelogRow[], who: string): void {
    if (!who.startsWith('tail')) return;
    const ids = new Set(rows.map(({ eventId }) => changeIdOf(eventId)));
    for (const id of ids) {
      const change = this.table.changes[id];
      if (!change || change.visibleAt !== null) continue;
      const skipped = this.table.changes.find(
        (earlier) =>
          earlier.id < id &&
          earlier.name === change.name &&
          earlier.label === change.label &&
          earlier.number !== null &&
          earlier.visibleAt === null &&
          !earlier.isDeadLettered &&
          // An unreadable one can only be set aside, after its neighbours were written.
          isReadable(earlier.before) &&
          isReadable(earlier.after) &&
          !this.isTrimmed(earlier) &&
          !ids.has(earlier.id),
      );
      if (skipped) this.violate(`${who} writes change ${id} before change ${skipped.id} of the same item`);
    }
  }
}
