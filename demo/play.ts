import { runBackfill } from '../backfill/backfill.ts';
import { type CollectedVerify, collectFindings } from '../backfill/verify/verify.ts';
import { count, counted, duration } from '../cli/terminal/format.ts';
import { createRate } from '../cli/terminal/rate.ts';
import type { Clock } from '../src/clock.ts';
import { DeadLetterDirectory } from '../src/delivery/dead-letter-directory.ts';
import { createStreamHandler } from '../src/delivery/stream-handler.ts';
import type { Destination } from '../src/destination/destination.ts';
import { silentLog } from '../src/log.ts';
import { objectNames } from '../src/names/object-names.ts';
import { identity } from '../src/privacy/transform.ts';
import type { Random } from '../src/random.ts';
import type { SourceTable } from '../src/source/source-table.ts';
import type { TableDescription, TableReader } from '../src/source/table-reader.ts';
import { requireStream } from '../src/source/usable-stream.ts';
import { newCheckpoint } from '../src/stream/checkpoint.ts';
import { followStream } from '../src/stream/follow.ts';
import type { StreamClient } from '../src/stream/stream-client.ts';
import { duckdb } from '../src/views/duckdb.ts';
import { Freshness, type Percentiles } from './freshness.ts';
import type { Panel } from './panel.ts';
import { dashboardSql } from './shop.ts';
import type { ShopWriter, Write } from './shop-writer.ts';

export type PlayOptions = {
  readonly changesPerSecond: number;
  /** How long changes are followed once the backfill is done; without it until `signal` aborts. */
  readonly followMs?: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly panel: Panel;
  readonly signal: AbortSignal;
  /** Called when all writes are visible and before the verdict: a test spoils the destination here. */
  readonly beforeVerdict?: (destination: Destination, table: SourceTable) => Promise<void>;
};

/** Both ends, and the writer to one of them. */
export type Act = {
  readonly reader: TableReader;
  readonly streams: StreamClient;
  readonly writer: ShopWriter;
  readonly destination: Destination;
  /** Directory of the dead letters. */
  readonly deadLetters: string;
  /** Directory of the rows that the backfill has read and not loaded yet. */
  readonly spool: string;
};

export type Verdict = {
  /** Distinct changes that came through the stream. */
  readonly changes: number;
  readonly freshness: Percentiles | null;
  readonly verify: CollectedVerify;
};

/** An embedded server's stream has a change at once, and it is read within a second. */
const STREAM_LAG_MS = 1_500;
/** A change that isn't visible by then never will be, and verify reports it. */
const REST_MS = 5_000;
const SEGMENTS = 4;
const SCENE_EVERY_MS = 250;

/** The play's scenes, in order. While it lasts the shop writes, the stream is followed and freshness is measured. */
export class Play implements AsyncDisposable {
  readonly #options: PlayOptions;
  readonly #act: Act;
  readonly #described: TableDescription;
  readonly #freshness: Freshness;
  readonly #writing = new AbortController();
  readonly #following = new AbortController();
  /** Aborts when something in the background fails, so that the scene in front ends. */
  readonly #failed = new AbortController();
  readonly #background: Promise<unknown>[] = [];
  #written = 0;

  constructor(options: PlayOptions, act: Act, described: TableDescription) {
    this.#options = options;
    this.#act = act;
    this.#described = described;
    this.#freshness = new Freshness(act.destination, described.table, options.clock);
  }

  /** Starts the background work: the shop's writes, the tail, the measuring. */
  start(): void {
    const { changesPerSecond } = this.#options;
    const onWrite = (write: Write) => {
      this.#written++;
      this.#freshness.expect(write);
    };
    this.#spawn(this.#act.writer.write(changesPerSecond, this.#writing.signal, onWrite));
    this.#spawn(this.#tail());
  }

  async backfill(): Promise<void> {
    const { clock, random, panel } = this.#options;
    const writtenBefore = this.#written;
    const { items, durationMs } = await runBackfill({
      ...this.#act,
      table: this.#described.table.name,
      deadLetters: new DeadLetterDirectory(this.#act.deadLetters),
      transform: identity,
      clock,
      random,
      log: silentLog,
      segments: SEGMENTS,
      minStreamAgeMs: 0,
      actor: 'demo',
      signal: this.#signal(),
    });
    const meanwhile = counted(this.#written - writtenBefore, 'write');
    panel.print(`backfill  ${counted(items, 'item')} in ${duration(durationMs)}, with ${meanwhile} meanwhile`);
  }

  /** Shows the scene for as long as changes are followed, or until the signal aborts. */
  async follow(): Promise<void> {
    const { clock, panel, changesPerSecond, followMs } = this.#options;
    const signal = this.#signal();
    const began = clock.now();
    const followedBefore = await this.#followed();
    const rate = createRate(clock);
    panel.print(`tail      following ${changesPerSecond} changes a second`);
    this.#spawn(this.#freshness.watch(this.#following.signal));
    while (!signal.aborted) {
      const elapsedMs = clock.now() - began;
      if (followMs !== undefined && elapsedMs >= followMs) break;
      const dashboard = await this.#act.destination.execute(dashboardSql(this.#described.table.name));
      const followed = await this.#followed();
      const perSecond = rate.perSecond(followed - followedBefore);
      panel.show({
        elapsedMs,
        written: this.#written,
        followed,
        perSecond,
        freshness: this.#freshness.percentiles,
        dashboard,
      });
      await clock.sleep(SCENE_EVERY_MS, signal);
    }
    this.#failed.signal.throwIfAborted();
  }

  /** Stops the writes, waits until they are visible, and compares both ends. */
  async verdict(): Promise<Verdict> {
    const { clock, random, panel, beforeVerdict } = this.#options;
    this.#writing.abort();
    panel.close();
    const giveUpAt = clock.now() + REST_MS;
    while (this.#freshness.waiting > 0 && clock.now() < giveUpAt) await clock.sleep(SCENE_EVERY_MS);
    await beforeVerdict?.(this.#act.destination, this.#described.table);

    const verify = await collectFindings({
      ...this.#act,
      table: this.#described.table.name,
      transform: identity,
      clock,
      random,
      segments: SEGMENTS,
      lagMs: STREAM_LAG_MS,
      signal: this.#failed.signal,
    });
    const changes = await this.#followed();
    panel.print(`verify    ${verdictOf(verify)}`);
    return { changes, freshness: this.#freshness.percentiles, verify };
  }

  /** Ends the background work, and throws its failure. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#writing.abort();
    this.#following.abort();
    this.#options.panel.close();
    await Promise.all(this.#background);
  }

  /** Follows the stream as `tailrace tail` does. The checkpoint stays in memory: it is of no use after the demo. */
  async #tail(): Promise<void> {
    const { clock, random } = this.#options;
    const { destination, deadLetters, streams } = this.#act;
    await followStream({
      client: streams,
      checkpoint: newCheckpoint(requireStream(this.#described).arn, destination.name),
      save: async () => {},
      handler: createStreamHandler({
        source: this.#described.table,
        destination,
        deadLetters: new DeadLetterDirectory(deadLetters),
        transform: identity,
        origin: 'tail',
        clock,
      }),
      clock,
      random,
      log: silentLog,
      signal: this.#following.signal,
    });
  }

  async #followed(): Promise<number> {
    const { changelog } = objectNames(this.#described.table.name);
    const sql = `SELECT count(DISTINCT (position, key)) FROM ${duckdb.table(changelog)}`;
    const { rows } = await this.#act.destination.execute(sql);
    return Number(rows[0]?.[0]);
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
