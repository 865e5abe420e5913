import { stripVTControlCharacters, styleText } from 'node:util';
import type { Clock } from '../../src/clock.ts';
import type { CompleteCommands } from '../next-step/complete-commands.ts';
import { oneLine } from './format.ts';
import { createProgress, type OutputStream, type Progress, plainLine, USUAL_COLUMNS } from './progress.ts';

/** What a script reads: plain data. */
export type JsonObject = { readonly [name: string]: unknown };

/**
 * A command's output. Its result goes to stdout, and everything else to stderr, which never shows an attribute value.
 */
export interface Output {
  /** Whether the result is for a script: then a command emits objects, and prints nothing. */
  readonly json: boolean;
  /** Columns of the terminal that shows the result; `null` where it goes elsewhere: then nothing is cut. */
  readonly width: number | null;
  /** Aborts once stdout's reader is gone; further output to it is dropped. */
  readonly closed: AbortSignal;
  /** Writes a part of the result, to stdout, unchanged: it may be data. */
  print(text: string): void;
  /** As {@link print}, for bytes, without a line end. Resolves once they are written, or the reader is gone. */
  send(bytes: Uint8Array): Promise<void>;
  /** As {@link print}, for a sentence of Tailrace's own, whose commands are completed. */
  report(text: string): void;
  /** Clears a terminal, so that what follows stands alone on it; elsewhere what follows begins after an empty line. */
  startOver(): void;
  /** Writes an object of the result as a line of JSON, to stdout. */
  emit(object: JsonObject): void;
  /** Completes the commands that a text of Tailrace's own names, for an object that is emitted. */
  readonly complete: CompleteCommands;
  /** Writes a line of information to stderr. Commands that it names are completed. */
  note(text: string): void;
  /** As {@link note}, for something that a person should act on. */
  warn(text: string): void;
  /** Whether the terminal's last line is this command's now: then Ctrl-C stops it. */
  isLive(): boolean;
  /** Starts a progress line on stderr. There is one at a time: it ends the one before. */
  progress(): Progress;
}

export type Terminal = {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Whether this process is in the foreground of its terminal now. */
  readonly isForeground: () => boolean;
  /** The words that start Tailrace the way it was started, such as `npx tailrace`. */
  readonly launcher: string;
  /** Decides how words are quoted for the user's shell. */
  readonly platform: NodeJS.Platform;
};

/** Moves to the first column of the first line, and clears from there. */
const CLEAR_SCREEN = '\u001b[H\u001b[J';

/**
 * Creates the output of one command.
 *
 * @param closed Aborts once stdout's reader is gone.
 * @param complete Completes the commands that a text names.
 */
export function createOutput(
  { stdout, stderr, env, clock, isForeground }: Terminal,
  closed: AbortSignal,
  json: boolean,
  complete: CompleteCommands,
): Output {
  let progress: Progress | undefined;
  const isTerminal = stderr.isTTY === true && env['TERM'] !== 'dumb';
  const coloured = isTerminal && !env['NO_COLOR'];
  let hasWritten = false;
  const write = (text: string) => {
    hasWritten = true;
    if (!closed.aborted) stdout.write(`${text}\n`);
  };
  const writeLine = (line: string) => {
    progress?.clear();
    stderr.write(plainLine(coloured ? line : stripVTControlCharacters(line), isTerminal && !isForeground()));
  };
  return {
    json,
    get width() {
      return stdout.isTTY ? stdout.columns || USUAL_COLUMNS : null;
    },
    closed,
    print: write,
    send: (bytes) =>
      new Promise((resolve) => {
        hasWritten = true;
        if (closed.aborted) resolve();
        else stdout.write(bytes, () => resolve());
      }),
    startOver() {
      if (stdout.isTTY) stdout.write(CLEAR_SCREEN);
      else if (hasWritten && !json) write('');
    },
    report: (text) => write(complete(text)),
    complete,
    emit: (object) => write(JSON.stringify(object)),
    note: (text) => writeLine(oneLine(complete(text))),
    warn: (text) =>
      writeLine(`${styleText('yellow', 'warning:', { validateStream: false })} ${oneLine(complete(text))}`),
    isLive: () => isTerminal && isForeground(),
    progress() {
      progress?.stop();
      progress = createProgress(stderr, clock, isTerminal ? isForeground : null);
      return progress;
    },
  };
}
