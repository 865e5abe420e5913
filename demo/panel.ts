import { createLogUpdate } from 'log-update';
import { layOut } from '../cli/terminal/table.ts';
import type { SqlResult } from '../src/destination/destination.ts';
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
  readonly dashboard: SqlResult;
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

/** Shows scenes in place on a terminal, and as a line every two seconds elsewhere. */
export function createPanel(stream: NodeJS.WriteStream): Panel {
  const print = (line: string) => stream.write(`${line}\n`);
  if (!stream.isTTY) {
    let shownAt = Number.NEGATIVE_INFINITY;
    return {
      print,
      show(scene) {
        if (scene.elapsedMs - shownAt < LINE_EVERY_MS) return;
        shownAt = scene.elapsedMs;
        print(`  ${summaryOf(scene)}`);
      },
      close() {},
    };
  }
  // The cursor is left alone: a demo that is stopped by Ctrl-Z or killed would take it along.
  const update = createLogUpdate(stream, { showCursor: true });
  return {
    print(line) {
      update.done();
      print(line);
    },
    show: (scene) =>
      update(`\n  ${summaryOf(scene)}\n\n${layOut(scene.dashboard, null).blocks.join('\n').replace(/^/gm, '  ')}\n`),
    close: () => update.done(),
  };
}

function summaryOf({ elapsedMs, written, followed, perSecond, freshness }: Scene): string {
  const fresh = freshness
    ? `fresh within ${freshness.p50} ms (p50), ${freshness.p99} ms (p99)`
    : 'freshness: not yet known';
  return `${Math.round(elapsedMs / 1000)} s  ${written} writes, ${followed} changes followed, ${perSecond.toFixed(1)} a second; ${fresh}`;
}
