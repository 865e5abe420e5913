import { createLogUpdate } from 'log-update';
import { layOut } from '../cli/terminal/table.ts';
import type { DashboardAnswer } from './dashboards.ts';
import type { Percentiles } from './freshness.ts';

/** What the demo shows while changes flow. */
export type Scene = {
  readonly elapsedMs: number;
  /** Writes to DynamoDB, and changes in the changelog, since the demo began. */
  readonly written: number;
  readonly followed: number;
  /** Changes that came through the stream a second, lately. */
  readonly perSecond: number;
  readonly freshness: Percentiles | null;
  /** What the typed views answer at this moment. */
  readonly answers: readonly DashboardAnswer[];
};

/** Where the demo shows its progress. */
export interface Panel {
  /** Prints a step of the story, which stays. */
  print(line: string): void;
  /** Shows the scene as it is now. */
  show(scene: Scene): void;
  /** Leaves the last scene standing. */
  close(): void;
}

/** Without a terminal to redraw, time between two lines of progress. */
const LINE_EVERY_MS = 2_000;

/** Shows scenes in place on a terminal; elsewhere as a line every two seconds, and the last one whole. */
export function createPanel(stream: NodeJS.WriteStream): Panel {
  const print = (line: string) => stream.write(`${line}\n`);
  if (!stream.isTTY) {
    let shownAt = Number.NEGATIVE_INFINITY;
    let last: Scene | undefined;
    return {
      print,
      show(scene) {
        last = scene;
        if (scene.elapsedMs - shownAt < LINE_EVERY_MS) return;
        shownAt = scene.elapsedMs;
        print(`  ${summaryOf(scene)}`);
      },
      close() {
        if (last !== undefined) print(answersOf(last));
        last = undefined;
      },
    };
  }
  // The cursor is left alone: a demo that is stopped by Ctrl-Z or killed would take it along.
  const update = createLogUpdate(stream, { showCursor: true });
  return {
    print(line) {
      update.done();
      print(line);
    },
    show: (scene) => update(`\n  ${summaryOf(scene)}\n${answersOf(scene)}`),
    close: () => update.done(),
  };
}

function answersOf({ answers }: Scene): string {
  const blocks = answers.map(({ title, result }) => `\n${title}\n${layOut(result, null).blocks.join('\n')}\n`);
  return blocks.join('').replace(/^(?=.)/gm, '  ');
}

function summaryOf({ elapsedMs, written, followed, perSecond, freshness }: Scene): string {
  const fresh = freshness
    ? `fresh within ${freshness.p50} ms (p50), ${freshness.p99} ms (p99)`
    : 'freshness: not yet known';
  return `${Math.round(elapsedMs / 1000)} s  ${written} writes, ${followed} changes followed, ${perSecond.toFixed(1)} a second; ${fresh}`;
}
