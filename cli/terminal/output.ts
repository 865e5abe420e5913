import { stripVTControlCharacters, styleText } from 'node:util';
import type { Clock } from '../../src/clock.ts';
import { oneLine } from './format.ts';
import { createProgress, type OutputStream, type Progress } from './progress.ts';

/** What a script reads: plain data. */
export type JsonObject = { readonly [name: string]: unknown };

/**
 * Where a command speaks. The result goes to stdout and nothing else does; everything else goes to stderr, and never
 * holds an attribute value.
 */
export interface Output {
  /** Whether the result is for a script: then a command emits objects, and prints nothing. */
  readonly json: boolean;
  /** Aborts when nobody reads stdout any more; what is still written there is dropped. */
  readonly closed: AbortSignal;
  /** Writes a part of the result, to stdout. */
  print(text: string): void;
  /** Writes an object of the result as a line of JSON, to stdout. */
  emit(object: JsonObject): void;
  /** Tells what is going on, in a line on stderr. */
  note(text: string): void;
  /** As {@link note}, for what a person should act on. */
  warn(text: string): void;
  /** Starts to show how far something is, on stderr. One at a time. */
  progress(): Progress;
}

export type Terminal = {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
};

/**
 * Creates the output of one command.
 *
 * @param closed Aborts when nobody reads stdout any more.
 */
export function createOutput({ stdout, stderr, env, clock }: Terminal, closed: AbortSignal, json: boolean): Output {
  let progress: Progress | undefined;
  const coloured = stderr.isTTY === true && !env['NO_COLOR'];
  const write = (text: string) => {
    if (!closed.aborted) stdout.write(`${text}\n`);
  };
  const tell = (line: string) => {
    progress?.clear();
    stderr.write(`${coloured ? line : stripVTControlCharacters(line)}\n`);
  };
  return {
    json,
    closed,
    print: write,
    emit: (object) => write(JSON.stringify(object)),
    note: (text) => tell(oneLine(text)),
    warn: (text) => tell(`${styleText('yellow', 'warning:', { validateStream: false })} ${oneLine(text)}`),
    progress() {
      progress?.stop();
      progress = createProgress(stderr, clock);
      return progress;
    },
  };
}
