import cliProgress from 'cli-progress';
import type { Clock } from '../../src/clock.ts';

/** The part of `process.stdout` and `process.stderr` that is used here. */
export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  /** How wide a terminal is now. */
  readonly columns?: number;
};

/** Where a log is written instead of a terminal, a line this often says that something still happens. */
const LINE_EVERY_MS = 5_000;

/** The bar of a terminal with room for it, and the least that can be told from none. */
const BAR_SIZE = 24;
const LEAST_BAR_SIZE = 8;

/** Of a terminal that doesn't say how wide it is. */
const USUAL_COLUMNS = 80;

export type ProgressState = {
  /** The line's beginning, as a person reads it. */
  readonly text: string;
  /** What else there is to tell, the most important first: on a terminal as much of it as fits in the line. */
  readonly more?: readonly string[];
  /** How much is done, in [0, 1]: shown as a bar. Without it there is none. */
  readonly fraction?: number;
};

/** One line that changes while something goes on. */
export interface Progress {
  update(state: ProgressState): void;
  /** Takes the line away, so that another can be written; the next update brings it back. */
  clear(): void;
  /** Ends it. Nothing of it stays on a terminal. */
  stop(): void;
}

/** Shows progress on `stream`: a line that is redrawn on a terminal, a plain line every few seconds elsewhere. */
export function createProgress(stream: OutputStream, clock: Clock): Progress {
  return stream.isTTY ? onTerminal(stream) : inLog(stream, clock);
}

function onTerminal(stream: OutputStream): Progress {
  const bar = new cliProgress.SingleBar({
    stream,
    hideCursor: true,
    clearOnComplete: true,
    forceRedraw: true,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    format(options, { progress }, { state }: { state: ProgressState }) {
      // A line as wide as the terminal would move the cursor on.
      const columns = (stream.columns || USUAL_COLUMNS) - 1;
      const line = lineOf(state, columns);
      const barsize = Math.min(BAR_SIZE, columns - line.length - 1);
      if (state.fraction === undefined || barsize < LEAST_BAR_SIZE) return line;
      return `${cliProgress.Format.BarFormat(progress, { ...options, barsize })} ${line}`;
    },
  });
  let started = false;
  return {
    update(state) {
      if (!started) bar.start(1, 0, { state });
      started = true;
      bar.update(Math.min(1, Math.max(0, state.fraction ?? 0)), { state });
    },
    clear() {
      if (started) stream.write('\r\u001b[K');
    },
    stop() {
      if (started) bar.stop();
      started = false;
    },
  };
}

function inLog(stream: OutputStream, clock: Clock): Progress {
  let lastAt = clock.now();
  return {
    update(state) {
      const now = clock.now();
      if (now - lastAt < LINE_EVERY_MS) return;
      lastAt = now;
      stream.write(`${lineOf(state, Number.POSITIVE_INFINITY)}\n`);
    },
    clear() {},
    stop() {},
  };
}

/** The line without its bar. Its beginning is there however narrow it is, and of the rest what fits. */
function lineOf({ text, more = [], fraction }: ProgressState, columns: number): string {
  let line = `${fraction === undefined ? '' : `${Math.floor(fraction * 100)}%  `}${text}`;
  for (const part of more) if (line.length + 2 + part.length <= columns) line += `, ${part}`;
  return line;
}
