import { availableParallelism } from 'node:os';
import { TROUBLES } from '../history/troubles.ts';
import type { Breakage } from './breakage.ts';
import { startWorker } from './start-worker.ts';
import type { HistoryResult } from './worker.ts';

/** A worker is replaced after this many: what the dead processes of its histories hold piles up. */
const HISTORIES_PER_WORKER = 1_000;

export type SimulateOptions = {
  readonly histories: number;
  /** The first history's; each further one's is one more. */
  readonly seed: number;
  /** @default as many as there are processors, four at most */
  readonly workers?: number;
  readonly breakage?: Breakage;
  /** Whether to stop at the first divergence. */
  readonly untilFirst?: boolean;
  /** Ends it early: histories that have begun are played to their end. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
  /** Called as soon as a history has gone wrong. */
  readonly onDivergence?: (divergence: HistoryResult) => void;
};

export type Simulation = {
  /** How many were played. */
  readonly histories: number;
  /** Histories that went wrong, in order of their seeds. */
  readonly divergences: readonly HistoryResult[];
  readonly seed: number;
  /** How many histories met each trouble. */
  readonly coverage: Readonly<Record<string, number>>;
  /** The fewest changes that a history made to its table. */
  readonly fewestWrites: number;
};

/** Plays histories, several at once. The outcome of each depends on its seed alone. */
export async function simulate(options: SimulateOptions): Promise<Simulation> {
  const { histories, seed, untilFirst = false, signal, onProgress, onDivergence } = options;
  const { workers: workerCount = Math.min(4, availableParallelism()) } = options;
  const coverage = new Map<string, number>(TROUBLES.map((kind) => [kind, 0]));
  const divergences: HistoryResult[] = [];
  let next = seed;
  let done = 0;
  let fewestWrites = Number.POSITIVE_INFINITY;

  const isOver = () => signal?.aborted || next >= seed + histories || (untilFirst && divergences.length > 0);
  const playSome = async () => {
    await using worker = await startWorker(options.breakage);
    for (let played = 0; played < HISTORIES_PER_WORKER && !isOver(); played++) {
      const answer = await worker.ask({ play: next++ });
      done++;
      fewestWrites = Math.min(fewestWrites, answer.writes);
      for (const kind of answer.kinds) coverage.set(kind, (coverage.get(kind) ?? 0) + 1);
      if (answer.violations.length > 0) {
        divergences.push(answer);
        onDivergence?.(answer);
      }
      onProgress?.(done);
    }
  };
  await Promise.all(
    Array.from({ length: Math.min(workerCount, histories) }, async () => {
      while (!isOver()) await playSome();
    }),
  );
  divergences.sort((a, b) => a.seed - b.seed);
  return { histories: done, divergences, seed, coverage: Object.fromEntries(coverage), fewestWrites };
}

/** The smallest history that goes wrong as the one of `seed` does, with its story. */
export async function shrinkHistory(seed: number, breakage?: Breakage): Promise<HistoryResult> {
  await using worker = await startWorker(breakage);
  return await worker.ask({ shrink: seed });
}

/** The troubles that fewer than one history in a hundred met. */
export function rareTroubles({ histories, coverage }: Simulation): readonly string[] {
  return Object.entries(coverage).flatMap(([kind, count]) => (count < histories / 100 ? [kind] : []));
}

/** From this many histories on, one of a hundred must meet each trouble. */
const JUDGED_FROM = 500;

/** The number of reasons why a run fails: histories that went wrong, and troubles that too few met. */
export function failures(simulation: Simulation): number {
  const { histories, divergences } = simulation;
  return divergences.length + (histories >= JUDGED_FROM ? rareTroubles(simulation).length : 0);
}
