import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A running `worker.ts`. */
export type DuckDbWorker = {
  readonly pid: number;
  /** What it has printed so far, a word a line. */
  readonly words: readonly string[];
  /** Resolves once it has printed this many words. */
  printed(count: number): Promise<void>;
  /** Kills it by SIGKILL, and resolves when it has ended. */
  kill(): Promise<void>;
};

/** Starts a worker on a file; it is killed at the end of the test at the latest. */
export function startDuckDbWorker(task: 'hold' | 'write', file: string): DuckDbWorker {
  const script = fileURLToPath(new URL('worker.ts', import.meta.url));
  const child = spawn(process.execPath, [script, task, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const words: string[] = [];
  lines.on('line', (line) => words.push(line));
  const gone = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return {
    pid: child.pid ?? 0,
    words,
    async printed(count) {
      while (words.length < count) {
        const ended = await Promise.race([once(lines, 'line').then(() => false), gone.then(() => true)]);
        if (ended && words.length < count) throw new Error(`The worker ended after ${words.length} of ${count} words`);
      }
    },
    kill,
  };
}
