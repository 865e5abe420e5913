import type { CollectedVerify } from '../backfill/verify/verify.ts';
import { count, counted, duration } from '../cli/terminal/format.ts';
import { createRate } from '../cli/terminal/rate.ts';
import type { Clock } from '../src/clock.ts';
import type { SqlRunner } from '../src/destination/destination.ts';
import { ask, type Dashboard } from './dashboards.ts';
import { type Percentiles, percentilesOf, watch } from './freshness.ts';
import type { Panel } from './panel.ts';
import type { Player } from './player.ts';

export type PlayOptions = {
  /** How long changes are followed once the backfills are done; without it until `signal` aborts. */
  readonly followMs?: number | undefined;
  readonly clock: Clock;
  readonly panel: Panel;
  readonly signal: AbortSignal;
};

/** A player, and how often it is written to. */
export type Part = { readonly player: Player; readonly changesPerSecond: number };

/** What came out for a table. */
export type Verdict = { readonly table: string; readonly verify: CollectedVerify };

/** What came out of the play. */
export type Outcome = {
  /** Distinct changes that came through the streams. */
  readonly changes: number;
  readonly freshness: Percentiles | null;
  /** One for each table. */
  readonly verdicts: readonly Verdict[];
};

/** A change that isn't visible by then never will be, and verify reports it. */
const REST_MS = 5_000;
const SCENE_EVERY_MS = 500;

/** The play's scenes, in order. While it lasts the shop writes, the streams are followed and freshness is measured. */
export class Play implements AsyncDisposable {
  readonly #options: PlayOptions;
  readonly #parts: readonly Part[];
  readonly #players: readonly Player[];
  readonly #writing = new AbortController();
  readonly #following = new AbortController();
  /** Aborts when something in the background fails, so that the scene in front ends. */
  readonly #failed = new AbortController();
  readonly #background: Promise<unknown>[] = [];

  constructor(options: PlayOptions, parts: readonly Part[]) {
    this.#options = options;
    this.#parts = parts;
    this.#players = parts.map(({ player }) => player);
  }

  /** Starts the background work: the shop's writes, the tails, the measuring. */
  start(): void {
    for (const { player, changesPerSecond } of this.#parts) {
      this.#spawn(player.write(changesPerSecond, this.#writing.signal));
      this.#spawn(player.tail(this.#following.signal));
    }
    this.#spawn(watch(this.#players, this.#options.clock, this.#following.signal));
  }

  /** Backfills one table after the other, while all are written to. */
  async backfill(): Promise<void> {
    for (const player of this.#players) {
      const before = player.written;
      const { items, durationMs } = await player.backfill(this.#signal());
      const meanwhile = counted(player.written - before, 'write');
      this.#options.panel.print(
        `backfill  ${player.table}: ${counted(items, 'item')} in ${duration(durationMs)}, with ${meanwhile} meanwhile`,
      );
    }
  }

  /** Shows the scene for as long as changes are followed, or until the signal aborts. */
  async follow(dashboards: readonly Dashboard[], destination: SqlRunner): Promise<void> {
    const { clock, panel, followMs } = this.#options;
    const signal = this.#signal();
    const began = clock.now();
    const followedBefore = await this.#followed();
    const rate = createRate(clock);
    const pace = this.#parts.reduce((sum, { changesPerSecond }) => sum + changesPerSecond, 0);
    panel.print(`tail      following ${count(pace)} changes a second`);
    while (!signal.aborted) {
      const elapsedMs = clock.now() - began;
      if (followMs !== undefined && elapsedMs >= followMs) break;
      const answers = await ask(dashboards, destination);
      const followed = await this.#followed();
      const perSecond = rate.perSecond(followed - followedBefore);
      const written = this.#sum((player) => player.written);
      panel.show({ elapsedMs, written, followed, perSecond, freshness: this.#freshness(), answers });
      await clock.sleep(SCENE_EVERY_MS, signal);
    }
    this.#failed.signal.throwIfAborted();
  }

  /** Stops the writes, and waits until they are visible. */
  async rest(): Promise<void> {
    const { clock, panel } = this.#options;
    this.#writing.abort();
    panel.close();
    const giveUpAt = clock.now() + REST_MS;
    while (this.#sum((player) => player.waiting) > 0 && clock.now() < giveUpAt) await clock.sleep(SCENE_EVERY_MS);
  }

  /** Compares both ends of each table. */
  async verify(): Promise<Outcome> {
    const verdicts: Verdict[] = [];
    for (const player of this.#players) {
      const verify = await player.verify(this.#failed.signal);
      this.#options.panel.print(`verify    ${player.table}: ${verdictOf(verify)}`);
      verdicts.push({ table: player.table, verify });
    }
    return { changes: await this.#followed(), freshness: this.#freshness(), verdicts };
  }

  /** Ends the background work, and throws its failure. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#writing.abort();
    this.#following.abort();
    this.#options.panel.close();
    await Promise.all(this.#background);
  }

  async #followed(): Promise<number> {
    const followed = await Promise.all(this.#players.map((player) => player.followed()));
    return followed.reduce((sum, changes) => sum + changes, 0);
  }

  #freshness(): Percentiles | null {
    return percentilesOf(this.#players.flatMap(({ measured }) => measured));
  }

  #sum(number: (player: Player) => number): number {
    return this.#players.reduce((sum, player) => sum + number(player), 0);
  }

  #spawn(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#failed.abort(error));
    this.#background.push(work);
  }

  #signal(): AbortSignal {
    return AbortSignal.any([this.#options.signal, this.#failed.signal]);
  }
}

function verdictOf({ verdict, sourceItems, whole, findings, unsettled, unexamined }: CollectedVerify): string {
  if (verdict === 'agree') {
    return `both sides agree: ${counted(sourceItems, 'item')} by digest, ${count(whole)} of them whole`;
  }
  if (verdict !== 'differ') return `no verdict: ${counted(unsettled + unexamined, 'key')} unsettled`;
  return `both sides differ: ${counted(findings.length, 'finding')} in ${counted(sourceItems, 'item')}`;
}
