import cliProgress from 'cli-progress';
import type { Clock } from '../../src/clock.ts';

/** The part of `process.stdout` and `process.stderr` that commands use. */
export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  /** Current width of a terminal. */
  readonly columns?: number;
};

/** Away from a terminal, where a log may be written, a line appears this often at most. */
const LINE_EVERY_MS = 5_000;

/** Columns of the bar where there is room, and the fewest that still show something. */
const BAR_SIZE = 24;
const LEAST_BAR_SIZE = 8;

/** Assumed of a terminal that doesn't report its width. */
const USUAL_COLUMNS = 80;

export type ProgressState = {
  /** The line's beginning, as a person reads it. */
  readonly text: string;
  /** Further parts, the most important first: a terminal shows those that fit in the line. */
  readonly more?: readonly string[];
  /** Share that is done, in [0, 1], shown as a bar; without it there is no bar. */
  readonly fraction?: number;
};

/** A line that changes while work goes on. */
export interface Progress {
  update(state: ProgressState): void;
  /** Clears the line, so that another can be written; the next update brings it back. */
  clear(): void;
  /** Ends it, and removes it from a terminal. */
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
      // A line as wide as the terminal would move the cursor to the next one.
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

/** The line without its bar: always its text, and the further parts that fit. */
function lineOf({ text, more = [], fraction }: ProgressState, columns: number): string {
  let line = `${fraction === undefined ? '' : `${Math.floor(fraction * 100)}%  `}${text}`;
  for (const part of more) if (line.length + 2 + part.length <= columns) line += `, ${part}`;
  return line;
}
