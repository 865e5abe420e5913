import { symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pty from '@lydell/node-pty';
import { expect } from 'vitest';
import { createScreen } from './screen.ts';
import { commandEnvironment } from './tailrace-process.ts';

/** A shell on a pseudo-terminal, as a user has it: with job control. Disposing of it ends it and its jobs. */
export interface ShellSession extends AsyncDisposable {
  /** Types a line, waits for the next prompt, and returns the exit code that it shows. */
  run(line: string): Promise<number>;
  /** Types a line, or keys such as `\x03`, and waits for nothing. */
  type(keys: string): void;
  /** Waits until the shell wrote this after the last keys. */
  waitFor(text: RegExp): Promise<void>;
  /** Waits for the next prompt after the last keys, and returns the exit code that it shows. */
  prompt(): Promise<number>;
  /** What stands on the screen, and above it. */
  screen(): Promise<string>;
}

export const CTRL_C = '\x03';
export const CTRL_Z = '\x1a';
export const ENTER = '\r';

const COLUMNS = 160;
const ROWS = 50;

/** A busy machine takes long to start a command. */
const PATIENCE_MS = 60_000;

/** A shell that shows no prompt by then never does: its process can hang between the fork and the start of the shell. */
const START_MS = 15_000;

/** Shows the exit code of the line before. */
const PROMPT = '<$?>$ ';
const SHOWN_PROMPT = /<(\d+)>\$ /;

/**
 * Starts a shell in a directory.
 *
 * @param shell `bash` or `sh`.
 */
export async function startShell(
  shell: 'bash' | 'sh',
  directory: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ShellSession> {
  const { terminal, shown } = await startTerminal(() =>
    pty.spawn(shell, shell === 'bash' ? ['--norc', '-i'] : ['-i'], {
      cols: COLUMNS,
      rows: ROWS,
      cwd: directory,
      env: { ...userEnvironment(directory), PS1: PROMPT, ...env },
    }),
  );
  const screen = createScreen({ columns: COLUMNS, rows: ROWS });
  let written = shown;
  screen.write(shown);
  const ended = new Promise<void>((resolve) => void terminal.onExit(() => resolve()));
  terminal.onData((text) => {
    written += text;
    screen.write(text);
  });
  const waitFor = (text: RegExp) => expect.poll(() => written, { timeout: PATIENCE_MS, interval: 10 }).toMatch(text);
  const type = (keys: string) => {
    written = '';
    terminal.write(keys);
  };
  const prompt = async () => {
    await waitFor(SHOWN_PROMPT);
    return Number(SHOWN_PROMPT.exec(written)?.[1]);
  };
  return {
    type,
    waitFor,
    prompt,
    run(line) {
      type(`${line}${ENTER}`);
      return prompt();
    },
    screen: () => screen.text(),
    async [Symbol.asyncDispose]() {
      // As a closed window does: the shell passes it on to its jobs.
      terminal.kill('SIGHUP');
      await ended;
      await screen[Symbol.asyncDispose]();
    },
  };
}

/** Starts a shell up to its first prompt, again if its process hangs; and what it has shown. */
async function startTerminal(spawn: () => pty.IPty): Promise<{ readonly terminal: pty.IPty; readonly shown: string }> {
  for (let tries = 1; ; tries++) {
    const terminal = spawn();
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    let shown = '';
    const listener = terminal.onData((text) => {
      shown += text;
      if (SHOWN_PROMPT.test(shown)) resolve(shown);
    });
    const timer = setTimeout(() => resolve(undefined), START_MS);
    const prompted = await promise;
    clearTimeout(timer);
    listener.dispose();
    if (prompted !== undefined) return { terminal, shown: prompted };
    terminal.kill('SIGKILL');
    if (tries === 3) throw new Error(`The shell showed no prompt ${tries} times`);
  }
}

/** Makes a directory look like a checkout to npx: it runs the checkout's own command. */
export async function lookLikeCheckout(directory: string): Promise<void> {
  const bin = fileURLToPath(new URL('../../../bin', import.meta.url));
  const manifest = { name: 'tailrace', version: '0.0.0', type: 'module', bin: { tailrace: 'bin/tailrace.js' } };
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
  await symlink(bin, join(directory, 'bin'), 'junction');
}

/** As outside of `npm test`, which puts the checkout's own Node first. npm asks nothing of a registry. */
function userEnvironment(directory: string): Record<string, string> {
  const env = commandEnvironment(directory);
  const path = (env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.endsWith('.bin'));
  return {
    ...env,
    PATH: path.join(delimiter),
    TERM: 'xterm',
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
}
