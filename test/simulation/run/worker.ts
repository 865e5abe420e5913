import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Played } from '../history/play.ts';
import { type Breakage, breakModules } from './breakage.ts';

/** An order to a worker. The first one begins it, with the product broken or not. */
export type WorkerOrder =
  | { readonly begin: Breakage | null }
  | { readonly play: number }
  /** The smallest history that goes wrong like the one of this seed. */
  | { readonly shrink: number };

/** The outcome of a history. */
export type HistoryResult = { readonly seed: number } & Omit<Played, 'story'> & { readonly story: string | null };

/** A worker's reply to an order; a failure is one line. */
export type WorkerReply = { readonly ready: true } | { readonly answer: HistoryResult } | { readonly failed: string };

// Its parent process ends it; on Ctrl-C, only after the last history's result has arrived there.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));
process.env['TMPDIR'] = memoryFolder();

/** Every history has errors. Their stacks are read only in the story of a failed one. */
const STACK_LINES = { play: 0, shrink: 20 };

const begun = Promise.withResolvers<Awaited<ReturnType<typeof begin>>>();
begun.promise.catch(() => {});

process.on('message', async (order: WorkerOrder) => {
  let reply: WorkerReply;
  try {
    if ('begin' in order) {
      begun.resolve(await begin(order.begin));
      reply = { ready: true };
    } else {
      const { play, shrink } = await begun.promise;
      reply = { answer: await ('play' in order ? play(order.play) : shrink(order.shrink)) };
    }
  } catch (error) {
    reply = { failed: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(reply);
});

async function begin(breakage: Breakage | null) {
  const checkBroken = breakage ? breakModules(breakage) : () => {};
  // Loaded after the breakage is in effect.
  const [{ Engine }, { generate }, { play }, { shrink, sameWrong }] = await Promise.all([
    import('../world/memory-database.ts'),
    import('../history/generate.ts'),
    import('../history/play.ts'),
    import('../history/shrink.ts'),
  ]);
  checkBroken();
  const engine = await Engine.start();
  return {
    async play(seed: number): Promise<HistoryResult> {
      Error.stackTraceLimit = STACK_LINES.play;
      return { seed, ...(await play(generate(seed), engine)), story: null };
    },
    async shrink(seed: number): Promise<HistoryResult> {
      Error.stackTraceLimit = STACK_LINES.shrink;
      const plan = generate(seed);
      const [first = ''] = (await play(plan, engine)).violations;
      const smallest = await shrink(plan, async (candidate) => {
        const { violations } = await play(candidate, engine);
        return violations.some((violation) => sameWrong(violation) === sameWrong(first));
      });
      return { seed, ...(await play(smallest, engine)) };
    },
  };
}

/** A folder for temporary files, in memory where the machine has such. It is removed at the end. */
function memoryFolder(): string {
  const folder = ['/dev/shm', tmpdir()].reduce<string | undefined>((found, root) => {
    if (found) return found;
    try {
      return mkdtempSync(join(root, 'tailrace-simulation-'));
    } catch {
      // Not every machine has it, or allows writing there.
      return undefined;
    }
  }, undefined);
  if (!folder) throw new Error(`No folder for temporary files can be made in ${tmpdir()}`);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
