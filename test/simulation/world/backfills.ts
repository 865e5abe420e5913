import { type BackfillResult, runBackfill } from '../../../backfill/backfill.ts';
import { DEFAULT_SEGMENTS } from '../../../backfill/backfill-options.ts';
import { type RepairOptions, type RepairResult, runRepair } from '../../../backfill/verify/repair.ts';
import { foundIn, type VerifyFinding } from '../../../backfill/verify/verify-options.ts';
import { nameOf, TailraceError } from '../../../src/errors.ts';
import { identity } from '../../../src/privacy/transform.ts';
import type { EarlyEnd } from '../history/plan.ts';
import type { Trouble } from '../history/troubles.ts';
import { BackfillState } from './backfill-state.ts';
import type { Commands } from './commands.ts';
import type { Process } from './process.ts';
import { streamsClient } from './streams-client.ts';
import { TABLE } from './table.ts';
import { type ScanManner, type TableClientOptions, tableClient } from './table-client.ts';
import type { World } from './world.ts';

const FLOOR_MARGIN_MS = 5 * 60_000;

/** The failures of a backfill that its design expects. */
const FAILURES: ReadonlyMap<string, Trouble> = new Map([
  ['interrupted', 'backfill interrupted'],
  ['snapshot-superseded', 'backfill superseded'],
  ['stream-changed', 'backfill discarded'],
]);

/** After these failures the next backfill must restart. */
const SPENT: ReadonlySet<string> = new Set(['snapshot-superseded', 'state-invalid']);

export type BackfillManner = EarlyEnd & {
  readonly segments: number;
  readonly manner: ScanManner;
  readonly restart?: boolean;
  /** The cap, in read capacity units. */
  readonly maxUnits?: number;
  /** Whether the snapshot is published; otherwise a person may do so. @default true */
  readonly publish?: boolean;
  /** Whether it compares before it publishes, and reports differences, as `verify --repair` does. */
  readonly repair?: boolean;
};

/** The options of a backfill or repair. */
type Options = RepairOptions & { readonly publish: boolean };

/** The result of a backfill or repair. */
type Ended = Pick<BackfillResult, 'snapshotId' | 'items' | 'isResumed' | 'isPublished' | 'isCapped'>;

/** Receives what a repair reports. */
export type RepairEvents = {
  /** A difference, before the publication or after it. */
  readonly onFinding: (finding: VerifyFinding) => void;
  readonly onResult: (result: RepairResult) => void;
};

const IGNORED: RepairEvents = { onFinding: () => {}, onResult: () => {} };

/** Backfills that operators run, each in a directory where none runs. One that was stopped there is resumed. */
export class Backfills {
  readonly #world: World;
  readonly #commands: Commands;
  readonly #states: BackfillState[] = [];

  constructor(world: World, commands: Commands) {
    this.#world = world;
    this.#commands = commands;
  }

  /** Gives whether it succeeded. */
  async run(how: BackfillManner, events: RepairEvents = IGNORED): Promise<boolean> {
    const { segments, crashAfter, stopAfterMs, restart = false } = how;
    const { scheduler, story } = this.#world;
    const killed = Promise.withResolvers<boolean>();
    const process = this.#commands.process(how.repair ? 'repair' : 'backfill', crashAfter, () => {
      story.trouble('backfill killed', process.name, 'crashes');
      killed.resolve(false);
    });
    if (stopAfterMs !== undefined) void scheduler.sleep(stopAfterMs).then(() => process.stop());
    const state = this.#freeState();
    const isRescanned = restart || state.isSpent || !state.isResumable;
    if (isRescanned) {
      state.begun = null;
      state.units = 0;
    }
    if (this.#states.some(({ isLocked }) => isLocked)) {
      story.trouble('two backfills at once', process.name, 'is not the only one');
    }
    state.isLocked = true;
    state.run = process;
    state.isSpent = false;
    story.tell(process.name, isRescanned ? `starts, over ${segments} segments` : 'resumes the one before');
    const options = this.#options(process, state, {
      ...how,
      segments: isRescanned ? segments : undefined,
      restart: isRescanned,
    });
    const work = how.repair ? this.#repair(process, options, events) : runBackfill(options);
    const done = work.then(
      (result) => this.#succeed(process, result),
      (error: unknown) => this.#fail(process, state, error),
    );
    const isDone = await Promise.race([done, killed.promise]);
    state.isLocked = false;
    return isDone;
  }

  #freeState(): BackfillState {
    const free =
      this.#states.find(({ isLocked }) => !isLocked) ?? new BackfillState(`.tailrace-${this.#states.length}`);
    if (!this.#states.includes(free)) this.#states.push(free);
    return free;
  }

  async #repair(
    { name }: Process,
    { publish: _, ...options }: Options,
    { onFinding, onResult }: RepairEvents,
  ): Promise<Ended> {
    // Without whole items: there are so few here that it would compare each of them.
    const result = await runRepair({ ...options, whole: 0, onFinding, onRemaining: onFinding });
    onResult(result);
    const { snapshotId, sourceItems: items, isRepaired, isCapped, verdict } = result;
    const { story } = this.#world;
    story.trouble(isRepaired ? 'repaired by verify' : 'nothing to repair', name, `reports ${verdict}`);
    if (foundIn(result) > 0 && !isRepaired) this.#world.violate(`${name} finds differences, and repairs nothing`);
    return { snapshotId, items, isResumed: false, isPublished: isRepaired, isCapped };
  }

  #options(
    process: Process,
    state: BackfillState,
    how: Pick<BackfillManner, 'manner' | 'maxUnits' | 'publish'> & {
      readonly segments: number | undefined;
      readonly restart: boolean;
    },
  ): Options {
    const { table, letterBox, story, coverage, states } = this.#world;
    const { maxUnits = Number.POSITIVE_INFINITY } = how;
    const cost = (units: number) => {
      state.units += units;
      // Pages of a run that is over count against its own cap; the next run knows of them and has its own.
      if (state.run === process && state.units > maxUnits)
        this.#world.violate(`${process.name} has consumed ${state.units} units, over its cap`);
    };
    const onPage: TableClientOptions['onPage'] = ({ segment, units, isEnd }) => {
      if (isEnd) {
        state.ended.add(segment);
        state.askedUnder = null;
      }
      cost(units);
    };
    const reader = tableClient(table, process, { ...this.#world, manner: how.manner, onPage, onGet: cost });
    const destination = this.#world.destinationOf(process);
    let streamArn = '';
    let publicationsSeen = 0;
    return {
      table: TABLE.name,
      reader: {
        ...reader,
        describe: async (name) => {
          state.askedUnder = table.stream?.arn ?? null;
          const description = await reader.describe(name);
          streamArn = description.stream?.arn ?? '';
          return description;
        },
        serverTime: async (name) => {
          const at = await reader.serverTime(name);
          // A reading begins when the time was last asked for; a resumed one doesn't ask.
          state.publicationsBefore = publicationsSeen;
          state.begun = { at: Math.floor(this.#world.scheduler.now() / 1000) * 1000, streamArn };
          state.segments = how.segments ?? DEFAULT_SEGMENTS;
          state.ended.clear();
          return at;
        },
      },
      streams: streamsClient(table, process, this.#world),
      destination: {
        ...destination,
        published: async (source) => {
          const published = await destination.published(source);
          publicationsSeen = states.publications;
          return published;
        },
        createLoad: (source, id) => {
          if (!state.begun) throw new Error(`${process.name} makes a snapshot before it has begun`);
          coverage.begin(id, {
            floor: state.begun.at - FLOOR_MARGIN_MS,
            label: state.begun.streamArn.split('/').at(-1) ?? '',
          });
          state.snapshotId = id;
          return destination.createLoad(source, id);
        },
        publish: (source, publication) => {
          // The stream can be switched off after the last look: such a loss can't be avoided.
          if (state.askedUnder !== state.begun?.streamArn) {
            this.#world.violate(`${process.name} publishes, though the stream was switched off meanwhile`);
          }
          if (state.ended.size < state.segments) {
            this.#world.violate(
              `${process.name} publishes, and has read ${state.ended.size} of ${state.segments} segments`,
            );
          }
          return destination.publish(source, publication);
        },
      },
      deadLetters: letterBox.reachedBy(process),
      transform: identity,
      clock: process,
      random: process.random,
      log: story.logOf(process.name),
      segments: how.segments,
      minStreamAgeMs: 60_000,
      actor: 'simulation',
      signal: process.signal,
      checkpoints: state.reachedBy(process),
      spool: this.#world.disk.folder(state.directory),
      restart: how.restart,
      publish: how.publish ?? true,
      maxUnits: how.maxUnits,
      maxChunkRows: 2,
      onProgress: ({ phase }) => {
        if (phase === 'waiting') story.trouble('young stream', process.name, 'waits for the stream to grow older');
      },
    };
  }

  #succeed({ name }: Process, { snapshotId, items, isResumed, isPublished, isCapped }: Ended): boolean {
    const { story, coverage } = this.#world;
    if (isResumed) story.trouble('backfill resumed', name, 'has resumed where it was stopped');
    if (isCapped) {
      story.trouble(
        name.startsWith('repair') ? 'repair capped' : 'backfill capped',
        name,
        `stops at its cap, with ${items} items of ${snapshotId}`,
      );
      return false;
    }
    if (!isPublished) {
      if (name.startsWith('backfill'))
        story.trouble('backfill not published', name, `leaves ${snapshotId} to be published`);
      return true;
    }
    story.trouble('backfill', name, `publishes ${snapshotId} with ${items} items`);
    if (!coverage.claim(snapshotId)) story.trouble('backfill again', name, 'after another one');
    return true;
  }

  #fail({ name }: Process, state: BackfillState, error: unknown): boolean {
    const { story } = this.#world;
    const kind = nameOf(error);
    story.tell(name, `fails: ${kind}`);
    if (!(error instanceof TailraceError)) this.#world.violate(`${name} fails without an error kind: ${String(error)}`);
    const trouble = FAILURES.get(kind);
    if (trouble) story.trouble(trouble, name, 'leaves what was published as it was');
    state.isSpent = SPENT.has(kind);
    const { states } = this.#world;
    if (kind === 'snapshot-superseded' && states.areCompactions(state.publicationsBefore)) {
      this.#world.violate(`${name} is refused as superseded, though only compactions were published`);
    }
    const { ledger, eventsAtDrop } = this.#world.warehouse;
    // One that was begun only in its checkpoint has read nothing yet.
    const isKnown = ledger.slice(0, eventsAtDrop).some(({ snapshotId }) => snapshotId === state.snapshotId);
    if (kind === 'snapshot-outdated' && isKnown)
      this.#world.violate(`${name} is refused: the rows that it needs were dropped`);
    return false;
  }
}
