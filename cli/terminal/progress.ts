import type { Clock } from '../../src/clock.ts';

/** The part of `process.stdout` and `process.stderr` that commands use. */
export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  /** Current width of a terminal. */
  readonly columns?: number;
};

/** Plain lines appear this often at most. */
const LINE_EVERY_MS = 5_000;

/** Plain lines without news appear this often at most. */
const SAME_LINE_EVERY_MS = 10 * 60_000;

/** A live line is drawn this often at most. */
const DRAW_EVERY_MS = 100;

/** Columns of the bar where there is room, and the fewest that still show something. */
const BAR_SIZE = 24;
const LEAST_BAR_SIZE = 8;

/** Clears from the cursor to the end of its line. */
const CLEAR_TO_END = '\u001b[K';

/** Assumed of a terminal that doesn't report its width. */
export const USUAL_COLUMNS = 80;

export type ProgressState = {
  /** The line's beginning, as a person reads it. */
  readonly text: string;
  /** Further parts, the most important first: a terminal shows those that fit in the line. */
  readonly more?: readonly string[];
  /** Share that is done, in [0, 1], shown as a bar; without it there is no bar. */
  readonly fraction?: number;
  /** Changes whenever there is something new to show in a plain line. @default something new each time */
  readonly news?: string;
};

/** A line that changes while work goes on. */
export interface Progress {
  update(state: ProgressState): void;
  /** Clears the line, so that another can be written; the next update brings it back. */
  clear(): void;
  /** Ends it, and removes it from a terminal. */
  stop(): void;
}

/**
 * Shows progress on `stream`: a line that is redrawn in the foreground of a terminal, a plain line every few seconds in the
 * background and elsewhere.
 *
 * The terminal stays as it is whenever the process is stopped or killed: the cursor is neither hidden nor moved away. It
 * stands at the beginning of the live line, so that a line of a command in the background takes its place.
 *
 * @param isForeground Asked before each line; `null` where nothing can be redrawn.
 */
export function createProgress(stream: OutputStream, clock: Clock, isForeground: (() => boolean) | null): Progress {
  const plain = plainLines(stream, clock, isForeground !== null);
  if (isForeground === null) return plain;
  let drawnAt: number | undefined;

  const clear = () => {
    // In the background the cursor is in another's line.
    if (drawnAt !== undefined && isForeground()) stream.write(`\r${CLEAR_TO_END}`);
    drawnAt = undefined;
  };
  return {
    update(state) {
      if (!isForeground()) {
        drawnAt = undefined;
        plain.update(state);
        return;
      }
      const now = clock.now();
      if (drawnAt !== undefined && now - drawnAt < DRAW_EVERY_MS) return;
      drawnAt = now;
      // A line as wide as the terminal would move the cursor to the next one.
      stream.write(`\r${liveLine(state, (stream.columns || USUAL_COLUMNS) - 1)}${CLEAR_TO_END}\r`);
    },
    clear,
    stop: clear,
  };
}

function plainLines(stream: OutputStream, clock: Clock, isTerminal: boolean): Progress {
  let lastAt = clock.now();
  let lastNews: string | undefined;
  return {
    update(state) {
      const now = clock.now();
      const isNews = state.news === undefined || state.news !== lastNews;
      if (now - lastAt < (isNews ? LINE_EVERY_MS : SAME_LINE_EVERY_MS)) return;
      lastAt = now;
      lastNews = state.news;
      stream.write(plainLine(lineOf(state, Number.POSITIVE_INFINITY), isTerminal));
    },
    clear() {},
    stop() {},
  };
}

/**
 * A line with its end.
 *
 * @param isAmongOthers Whether it may be written over the live line of another command, and clears its rest.
 */
export function plainLine(text: string, isAmongOthers: boolean): string {
  return `${text}${isAmongOthers ? CLEAR_TO_END : ''}\n`;
}

function liveLine(state: ProgressState, columns: number): string {
  const line = lineOf(state, columns);
  const size = Math.min(BAR_SIZE, columns - line.length - 1);
  if (state.fraction === undefined || size < LEAST_BAR_SIZE) return line.slice(0, columns);
  const done = Math.round(Math.min(1, Math.max(0, state.fraction)) * size);
  return `${'█'.repeat(done)}${'░'.repeat(size - done)} ${line}`;
}

/** The line without its bar: always its text, and the further parts that fit. */
function lineOf({ text, more = [], fraction }: ProgressState, columns: number): string {
  let line = `${fraction === undefined ? '' : `${Math.floor(fraction * 100)}%  `}${text}`;
  for (const part of more) if (line.length + 2 + part.length <= columns) line += `, ${part}`;
  return line;
}
