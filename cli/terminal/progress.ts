import cliProgress from 'cli-progress';
import type { Clock } from '../../src/clock.ts';
import type { OutputStream } from './output.ts';

/** Where a log is written instead of a terminal, a line this often says that something still happens. */
const LINE_EVERY_MS = 5_000;

export type ProgressState = {
  /** The line, as a person reads it. */
  readonly text: string;
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
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    format: (options, { progress }, { text, barred }: { text: string; barred: boolean }) =>
      barred ? `${cliProgress.Format.BarFormat(progress, options)} ${Math.floor(progress * 100)}%  ${text}` : text,
  });
  let started = false;
  return {
    update({ text, fraction }) {
      const payload = { text, barred: fraction !== undefined };
      if (!started) bar.start(1, 0, payload);
      started = true;
      bar.update(Math.min(1, Math.max(0, fraction ?? 0)), payload);
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
    update({ text, fraction }) {
      const now = clock.now();
      if (now - lastAt < LINE_EVERY_MS) return;
      lastAt = now;
      stream.write(`${fraction === undefined ? '' : `${Math.floor(fraction * 100)}%  `}${text}\n`);
    },
    clear() {},
    stop() {},
  };
}
