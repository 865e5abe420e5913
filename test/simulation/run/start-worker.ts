import { type ChildProcess, fork } from 'node:child_process';
import type { Breakage } from './breakage.ts';
import type { HistoryResult, WorkerOrder, WorkerReply } from './worker.ts';

/** A process that plays histories, one at a time. It ends when it is disposed of, or with its parent process. */
export type RunningWorker = AsyncDisposable & {
  ask(order: Exclude<WorkerOrder, { begin: unknown }>): Promise<HistoryResult>;
};

/**
 * These settings make a worker quicker. The engine plans tiny statements all the time, in thousands of small pieces of
 * memory, and most of what a history makes is soon garbage, above all errors with their stacks.
 */
const ENVIRONMENT = { GLIBC_TUNABLES: 'glibc.malloc.tcache_count=2000' };
const OPTIONS = ['--max-semi-space-size=64', '--disable-warning=ExperimentalWarning'];

/** Starts a worker, with the product broken in one place if a breakage is given. */
export async function startWorker(breakage: Breakage | undefined): Promise<RunningWorker> {
  const child = fork(new URL('./worker.ts', import.meta.url), {
    env: { ...process.env, ...ENVIRONMENT },
    execArgv: OPTIONS,
    serialization: 'advanced',
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async () => {
    if (child.connected) child.disconnect();
    await exited;
  };
  try {
    await asked(child, { begin: breakage ?? null });
  } catch (error) {
    await end();
    throw error;
  }
  return {
    async ask(order) {
      const reply = await asked(child, order);
      if ('answer' in reply) return reply.answer;
      throw new Error('A worker gave an unexpected reply');
    },
    [Symbol.asyncDispose]: end,
  };
}

/** @throws {Error} if the order failed, or the process has ended. */
function asked(child: ChildProcess, order: WorkerOrder): Promise<WorkerReply> {
  return new Promise((resolve, reject) => {
    const onMessage = (reply: WorkerReply) => {
      child.off('exit', onExit);
      if ('failed' in reply) reject(new Error(reply.failed));
      else resolve(reply);
    };
    const onExit = (code: number | null, signal: string | null) => {
      child.off('message', onMessage);
      reject(new Error(`A worker ended by itself, with ${code ?? signal}`));
    };
    child.once('message', onMessage);
    child.once('exit', onExit);
    child.send(order);
  });
}
